import Basics
import Core
import Database

/// How much of which invoice is to be settled.
public struct PlannedAllocation: Sendable, Hashable {
    public var invoice: Invoice.ID
    public var amount: Amount

    public init(_ invoice: Invoice.ID, _ amount: Amount) {
        self.invoice = invoice
        self.amount = amount
    }

    static let fieldPrefix = "settle_"
    /// The name of its field in forms.
    static func field(_ invoice: Invoice.ID) -> String { "\(fieldPrefix)\(invoice)" }

    /// The oldest first, as far as the money goes.
    public static func proposed(_ amount: Amount, over invoices: [OpenInvoice])
        -> [PlannedAllocation]
    {
        var left = amount
        return invoices.compactMap { invoice in
            let part = min(left, invoice.openAmount)
            guard part > .zero else { return nil }
            left -= part
            return PlannedAllocation(invoice.id, part)
        }
    }
}

/// An invoice that waits for money.
public struct OpenInvoice: Record, Sendable {
    public var id: Invoice.ID
    public var kind: Invoice.Kind
    public var number: String
    public var clientID: Client.ID
    public var clientName: String
    public var subject: String
    public var issuedOn: Day
    public var dueOn: Day
    public var totalGross: Amount
    public var openAmount: Amount

    public init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        number = try row["number"]
        clientID = try row["client_id"]
        clientName = try row["client_name"]
        subject = try row["subject"]
        issuedOn = try row["issued_on"]
        dueOn = try row["due_on"]
        totalGross = try row["total_gross"]
        openAmount = try row["open_amount"]
    }

    static let columns: SQL = """
        i.id, i.kind, i.number, i.client_id, c.name AS client_name, i.subject, i.issued_on,
        i.due_on, i.total_gross, i.open_amount
        """

    public var path: String { "/invoices/\(id)" }
    /// Nil on the due date and before.
    public func daysOverdue(on today: Day) -> Int? { dueOn < today ? today - dueOn : nil }
}

extension Transaction {
    /// What a client has to pay, the oldest due first.
    public func openInvoices(of client: Client.ID) throws -> [OpenInvoice] {
        try all(
            """
            SELECT \(OpenInvoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.client_id = \(client)
                AND i.open_amount > 0 AND i.kind <> 'credit_note'
            ORDER BY i.due_on, i.issued_on, i.number
            """)
    }

    /// Locks the invoices, in the order in which everybody locks them, and refuses by its field each
    /// part that is not this client's or more than what is open.
    func checkSettlements(_ settlements: [PlannedAllocation], of client: Client.ID) throws {
        let ids = settlements.map(\.invoice)
        guard !ids.isEmpty else { return }
        try run(
            """
            SELECT id FROM invoices WHERE organisation_id = \(organisation) AND id = ANY (\(ids))
            ORDER BY id FOR NO KEY UPDATE
            """)
        let open: [OpenInvoice] = try all(
            """
            SELECT \(OpenInvoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.id = ANY (\(ids))
                AND i.client_id = \(client) AND i.status = 'issued' AND i.origin = 'comptoir'
                AND i.kind <> 'credit_note'
            """)
        let known = Dictionary(uniqueKeysWithValues: open.map { ($0.id, $0) })
        let problems = settlements.compactMap { problem(with: $0, known[$0.invoice]) }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
        guard Set(ids).count == ids.count else {
            throw Problem.badRequest(
                Text("Une facture est citée deux fois.", "An invoice is named twice."))
        }
    }

    private func problem(with settlement: PlannedAllocation, _ invoice: OpenInvoice?)
        -> FieldProblem?
    {
        let field = PlannedAllocation.field(settlement.invoice)
        guard let invoice else {
            return FieldProblem(
                field,
                Text(
                    "Cette facture n’est pas à régler par ce client.",
                    "This invoice is not for this client to pay."))
        }
        guard settlement.amount > .zero else {
            return FieldProblem(
                field, Text("Le montant doit être positif.", "The amount must be above zero."))
        }
        guard settlement.amount <= invoice.openAmount else {
            let (french, english) = (Language.french, Language.english)
            return FieldProblem(
                field,
                Text(
                    "\(invoice.number) : il reste \(french.money(invoice.openAmount, currency)) à régler.",
                    "\(invoice.number): \(english.money(invoice.openAmount, currency)) is left to pay."
                ))
        }
        return nil
    }
}
