import Basics
import Core
import TestSupport
import Testing

@testable import Sales

// Quotes, orders and items that tests of documents start from, and forms as their editors send them.
extension TestApplication {
    static func forDocuments(
        currency: Currency = .euro, language: Language = .french
    ) throws -> TestApplication {
        try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, currency: currency,
            language: language)
    }

    func quoteDraft(for client: Client, _ lines: [DocumentLine]? = nil) throws -> QuoteDraft {
        let today = try read { $0.today }
        return QuoteDraft(
            head: DocumentHead(client: client.id, subject: "Vues de la villa"), quotedOn: today,
            validUntil: today.adding(days: 30), lines: lines ?? [item()])
    }

    func quote(_ lines: [DocumentLine]? = nil, for client: Client? = nil) throws -> Quote {
        let draft = try quoteDraft(for: client ?? self.client(), lines)
        return try write { try $0.createQuote(draft) }
    }

    func sentQuote(_ lines: [DocumentLine]? = nil) throws -> Quote {
        let quote = try quote(lines)
        return try write { try $0.markQuoteSent(quote.id) }
    }

    func newOrder(_ lines: [DocumentLine]? = nil, due: Day? = nil) throws -> Order {
        let client = try client()
        let today = try read { $0.today }
        let draft = OrderDraft(
            head: DocumentHead(client: client.id, subject: "Vues de la villa"), orderedOn: today,
            dueOn: due, lines: lines ?? [item()])
        return try write { try $0.createOrder(draft) }
    }

    func catalogued(_ label: String, reference: String, price: Int) throws -> Item {
        let vat = VATRate.usual(for: try organisation)
        return try write {
            try $0.createItem(
                ItemDraft(
                    reference: reference, kind: .service, label: label, unit: .day,
                    unitPrice: UnitPrice(millionths: price * 1_000_000), vat: vat))
        }
    }

    /// What the editor of a quote sends with one line.
    func quoteForm(_ client: Client, _ changes: [String: String] = [:]) -> [(String, String)] {
        let usual = [
            "op": "save", "client": client.id.description, "subject": "Vues de la villa",
            "quoted_on": "2026-11-21", "valid_until": "2026-12-21", "lines[0][kind]": "item",
            "lines[0][label]": "Prise de vue", "lines[0][quantity]": "2",
            "lines[0][unit]": "day", "lines[0][unit_price]": "450,00", "lines[0][discount]": "10",
            "lines[0][discount_kind]": "percent", "lines[0][vat]": "S2000",
        ]
        return usual.merging(changes) { $1 }.map { ($0.key, $0.value) }
    }

    func orderForm(_ client: Client, _ changes: [String: String] = [:]) -> [(String, String)] {
        quoteForm(client, ["ordered_on": "2026-11-21", "priority": "high"].merging(changes) { $1 })
    }

    /// How many rows of a table this organisation has.
    func count(_ table: TestedTable) throws -> Int {
        try read { transaction in
            let organisation = transaction.organisation
            return switch table {
            case .quotes:
                try transaction.value(
                    "SELECT count(*) FROM quotes WHERE organisation_id = \(organisation)") ?? 0
            case .orders:
                try transaction.value(
                    "SELECT count(*) FROM orders WHERE organisation_id = \(organisation)") ?? 0
            case .items:
                try transaction.value(
                    "SELECT count(*) FROM items WHERE organisation_id = \(organisation)") ?? 0
            }
        }
    }
}

enum TestedTable { case quotes, orders, items }
