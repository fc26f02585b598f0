import Basics
import Core
import Database
import HTTP

/// One movement on a client's account.
struct StatementEntry: Record, Sendable {
    enum Kind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case invoice, deposit
        case creditNote = "credit_note"
        case openingBalance = "opening_balance"
        case payment, refund, reversal

        var label: Text {
            switch self {
            case .invoice: Invoice.Kind.invoice.label
            case .deposit: Invoice.Kind.deposit.label
            case .creditNote: Invoice.Kind.creditNote.label
            case .openingBalance: Invoice.Kind.openingBalance.label
            case .payment: Payment.Role.receipt.label
            case .refund: Payment.Role.refund.label
            case .reversal: Payment.Role.reversal.label
            }
        }
    }

    var kind: Kind
    var id: UniqueID
    var number: String
    var day: Day
    var reference: String
    /// What it adds to what the client owes; negative for what it takes away.
    var amount: Amount

    init(row: Row) throws {
        kind = try row["kind"]
        id = try row["id"]
        number = try row["number"]
        day = try row["day"]
        reference = try row["reference"]
        amount = try row["amount"]
    }

    var path: String {
        switch kind {
        case .invoice, .deposit, .creditNote, .openingBalance: "/invoices/\(id)"
        case .payment, .refund, .reversal: "/payments/\(id)"
        }
    }
}

/// A client's account over a period: what was owed before, each movement, what is owed after.
struct Statement: Sendable {
    var client: Client
    var currency: Currency
    var from: Day
    var to: Day
    var before: Amount
    var entries: [StatementEntry]

    var after: Amount { before + entries.map(\.amount).sum() }

    /// Each movement with the balance that it leaves.
    var lines: [StatementLine] {
        var balance = before
        return entries.map { entry in
            balance += entry.amount
            return StatementLine(entry: entry, balance: balance)
        }
    }
}

struct StatementLine: Sendable {
    var entry: StatementEntry
    var balance: Amount
}

/// The days that a statement covers, from the address of the page; this year when it says nothing.
struct StatementPeriod: Sendable {
    var from: Day
    var to: Day
    let query: Fields

    init(_ query: Fields, today: Day) {
        self.query = query
        let first = query["from"].flatMap { Day($0) } ?? Day(year: today.year, month: 1, day: 1)
        let last = query["to"].flatMap { Day($0) } ?? today
        from = first ?? today
        to = max(from, last)
    }

    static let parameters: [Property] = [Property("from", .day), Property("to", .day)]
}

extension Transaction {
    func statement(of id: Client.ID, _ period: StatementPeriod) throws -> Statement {
        let client = try client(id)
        let before: Amount? = try value(
            """
            SELECT coalesce(sum(amount), 0)::bigint FROM (\(movements(of: id))) m
            WHERE day < \(period.from)
            """)
        return Statement(
            client: client, currency: currency, from: period.from, to: period.to,
            before: before ?? .zero,
            entries: try all(
                """
                SELECT * FROM (\(movements(of: id))) m
                WHERE day BETWEEN \(period.from) AND \(period.to)
                ORDER BY day, at, number
                """))
    }

    /// What was issued to a client and what was paid, with the sign that it has for what is owed.
    private func movements(of client: Client.ID) -> SQL {
        """
        SELECT i.kind, i.id, i.number, i.issued_on AS day, i.issued_at AS at, i.reference,
            CASE i.kind WHEN 'credit_note' THEN -i.total_gross ELSE i.total_gross END AS amount
        FROM invoices i
        WHERE i.organisation_id = \(organisation) AND i.client_id = \(client)
            AND i.status = 'issued' AND i.origin = 'comptoir'
        UNION ALL
        SELECT CASE WHEN p.reversed_payment_id IS NOT NULL THEN 'reversal'
            WHEN p.direction = 'out' THEN 'refund' ELSE 'payment' END,
            p.id, p.number, p.paid_on, p.created_at, p.reference,
            CASE p.direction WHEN 'in' THEN -p.amount ELSE p.amount END
        FROM payments p
        WHERE p.organisation_id = \(organisation) AND p.client_id = \(client)
        """
    }
}

extension StatementLine: APIRecord {
    static let schemaName = "StatementLine"
    static let members: [Member<StatementLine>] = [
        .choice("kind") { $0.entry.kind }, Member("id", .id) { .string($0.entry.id.description) },
        .text("number") { $0.entry.number }, .day("day") { $0.entry.day },
        .text("reference") { $0.entry.reference }, .amount("amount") { $0.entry.amount },
        .amount("balance") { $0.balance },
    ]
}

extension Statement: APIRecord {
    static let schemaName = "Statement"
    static let members: [Member<Statement>] = [
        .id("client_id") { $0.client.id }, .text("client_name") { $0.client.name },
        .currency { $0.currency }, .day("from") { $0.from }, .day("to") { $0.to },
        .amount("balance_before") { $0.before }, .amount("balance_after") { $0.after },
        Member("lines", .list(StatementLine.shape, most: 100_000)) {
            .array($0.lines.map(\.json))
        },
    ]
}
