import Basics
@testable import Core
import Database
import TestSupport

@testable import Sales

// What tests of documents start from: a client, lines, an order, a draft.
extension TestApplication {
    @discardableResult
    func client(
        _ name: String = "Menuiserie Aubrac", kind: Client.Kind = .company,
        country: String = "FR", _ change: (inout ClientDraft) -> Void = { _ in }
    ) throws -> Client {
        var draft = ClientDraft(
            name: name, kind: kind,
            address: PostalAddress(
                street: "14 rue des Artisans", postalCode: "69100", city: "Villeurbanne",
                country: country),
            language: .french)
        draft.email = "compta@aubrac.example"
        if kind == .company { draft.siren = "552100554" }
        change(&draft)
        return try write { try $0.createClient(draft) }
    }

    func item(
        _ label: String = "Prise de vue aérienne", quantity: Int = 10_000, price: Int = 100,
        vat: VATRate = VATRate(.standard, Percentage(hundredths: 2000)),
        discount: Discount = .none
    ) -> DocumentLine {
        var line = DocumentLine(
            id: ID(UniqueID.make(at: clock.now)), kind: .item, label: label)
        line.quantity = Quantity(tenThousandths: quantity)
        line.unit = "unit"
        line.unitPrice = UnitPrice(millionths: price * 1_000_000)
        line.vat = vat
        line.discount = discount
        return line
    }

    /// On the whole document: hundredths of a percent, or minor units; at one rate or spread over all.
    func adjustment(
        _ kind: DocumentLine.Kind, percent: Int? = nil, amount: Int? = nil, _ rate: VATRate? = nil
    ) -> DocumentLine {
        var line = DocumentLine(
            id: ID(UniqueID.make(at: clock.now)), kind: kind,
            label: kind == .charge ? "Frais de port" : "Remise commerciale")
        line.unit = AdjustmentReason.usual(kind).code
        line.vatIsSpread = rate == nil
        if let rate { line.vat = rate }
        if let percent { line.discount = .percent(Percentage(hundredths: percent)) }
        if let amount {
            line.quantity = .one
            line.unitPrice = UnitPrice(Amount(amount), in: .euro)
        }
        return line
    }

    func text(_ kind: DocumentLine.Kind, _ label: String) -> DocumentLine {
        DocumentLine(id: ID(UniqueID.make(at: clock.now)), kind: kind, label: label)
    }

    func draft(for client: Client, _ lines: [DocumentLine]? = nil) throws -> Invoice {
        let draft = InvoiceDraft(for: client.id, lines: lines ?? [item()])
        return try write { try $0.draftInvoice(draft) }
    }

    func issued(_ lines: [DocumentLine]? = nil, for client: Client? = nil, on day: Day? = nil)
        throws
        -> Invoice
    {
        let draft = try draft(for: client ?? self.client(), lines)
        return try write { try $0.issueInvoice(draft.id, on: day) }
    }

    /// A confirmed order with these lines.
    func order(for client: Client, _ lines: [DocumentLine]) throws -> Order.ID {
        try write { transaction in
            let id: Order.ID = transaction.newID()
            let totals = DocumentTotals(lines, in: transaction.currency)
            try transaction.run(
                """
                INSERT INTO orders (organisation_id, id, number, client_id, status, ordered_on,
                    currency, total_net, total_vat, total_gross)
                VALUES (\(transaction.organisation), \(id),
                    \(try transaction.nextNumber(.order, on: transaction.today)), \(client.id),
                    'confirmed', \(transaction.today), \(transaction.currency), \(totals.net),
                    \(totals.vat), \(totals.gross))
                """)
            try transaction.replaceLines(
                of: .order, id.value, with: lines, in: transaction.currency)
            return id
        }
    }

    /// Changes the organisation; sessions read it anew.
    func change(_ statement: SQL) throws {
        try TestDatabase.pool.withConnection { _ = try $0.run(statement) }
    }

    func lines(of invoice: Invoice) throws -> [DocumentLine] {
        try read { try $0.lines(of: .invoice, invoice.id.value) }
    }

    func clientOpenAmount(_ id: Client.ID) throws -> Amount {
        try read { try $0.client(id).openAmount }
    }
}

/// What a body refuses with; nil when it refuses nothing.
func problem(_ body: () throws -> Void) -> Problem? {
    do {
        try body()
        return nil
    } catch let problem as Problem {
        return problem
    } catch let error as DatabaseError {
        return Problem(error)
    } catch {
        return nil
    }
}
