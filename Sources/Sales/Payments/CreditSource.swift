import Basics
import Core
import Database

/// Money of the client's that is still to be used: the rest of a payment, or of a credit note.
public struct CreditSource: Sendable {
    public enum ID: Sendable, Hashable {
        case payment(Payment.ID)
        case creditNote(Invoice.ID)

        var columns: (payment: Payment.ID?, creditNote: Invoice.ID?) {
            switch self {
            case .payment(let id): (id, nil)
            case .creditNote(let id): (nil, id)
            }
        }
        /// The page of the record.
        public var path: String {
            switch self {
            case .payment(let id): "/payments/\(id)"
            case .creditNote(let id): "/invoices/\(id)"
            }
        }
        /// Where it is used: followed by `/allocate` or `/refund`.
        var verbPath: String {
            switch self {
            case .payment(let id): "/payments/\(id)"
            case .creditNote(let id): "/credit-notes/\(id)"
            }
        }
    }

    public var id: ID
    public var number: String
    public var title: Text
    public var clientID: Client.ID
    public var clientName: String
    public var openAmount: Amount
    /// What a credit note takes back; nil of a payment.
    var correctedInvoiceID: Invoice.ID?

    init(_ payment: Payment) {
        id = .payment(payment.id)
        number = payment.number
        title = Text("Paiement \(payment.number)", "Payment \(payment.number)")
        clientID = payment.clientID
        clientName = payment.clientName
        openAmount = payment.openAmount
    }

    init(_ creditNote: Invoice) {
        id = .creditNote(creditNote.id)
        number = creditNote.number ?? ""
        title = Text("Avoir \(number)", "Credit note \(number)")
        clientID = creditNote.clientID
        clientName = creditNote.clientName
        openAmount = creditNote.openAmount
        correctedInvoiceID = creditNote.correctedInvoiceID
    }
}

extension Transaction {
    /// Refuses what is neither money received nor an issued credit note.
    func creditSource(_ id: CreditSource.ID) throws -> CreditSource {
        switch id {
        case .payment(let id): try checked(payment(id))
        case .creditNote(let id): try checked(invoice(id))
        }
    }

    func lockedCreditSource(_ id: CreditSource.ID) throws -> CreditSource {
        switch id {
        case .payment(let id): try checked(lockedPayment(id))
        case .creditNote(let id): try checked(lockedInvoice(id))
        }
    }

    private func checked(_ payment: Payment) throws -> CreditSource {
        guard payment.role == .receipt, !payment.isReversed else { throw Problem.nothingToUse }
        return CreditSource(payment)
    }

    private func checked(_ invoice: Invoice) throws -> CreditSource {
        guard invoice.kind == .creditNote, invoice.isLive else { throw Problem.nothingToUse }
        return CreditSource(invoice)
    }

    /// Everything that a client has to use, the oldest first.
    public func creditSources(of client: Client.ID) throws -> [CreditSource] {
        let payments: [Payment] = try all(
            """
            SELECT \(Payment.columns) FROM payments p
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = p.client_id
            LEFT JOIN users u ON u.id = p.created_by
            WHERE p.organisation_id = \(organisation) AND p.client_id = \(client)
                AND p.open_amount > 0
            ORDER BY p.paid_on, p.id
            """)
        let creditNotes: [Invoice] = try all(
            """
            SELECT \(Invoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.client_id = \(client)
                AND i.kind = 'credit_note' AND i.open_amount > 0
            ORDER BY i.issued_on, i.id
            """)
        return creditNotes.map { CreditSource($0) } + payments.map { CreditSource($0) }
    }
}

extension Problem {
    static let nothingToUse = Problem.conflict(
        Text(
            "Il n’y a là rien à utiliser : ni paiement reçu, ni avoir émis.",
            "There is nothing to use here: neither money received nor an issued credit note."))
}
