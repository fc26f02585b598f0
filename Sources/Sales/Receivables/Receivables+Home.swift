import Basics
import Core
import Database

extension Receivables {
    /// Received this month, owed and late, and the ages of what is owed.
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.readPayments) else { return }
        let say = request.say
        let (owed, received) = try transaction.owedAndReceived()
        func money(_ amount: Amount) -> String { say.money(amount, request.currency) }
        let month = request.today.firstOfMonth
        home.figures += [
            KeyFigure(
                Text("Encaissé ce mois-ci", "Received this month"), money(received.amount),
                note: say.count(
                    received.count, Text("paiement", "payment"), Text("paiements", "payments")),
                address: "/payments?from=\(month.iso)&to=\(month.endOfMonth.iso)"),
            KeyFigure(
                Text("À encaisser", "Owed"), money(owed.total),
                note: say.count(
                    owed.count, Text("facture", "invoice"), Text("factures", "invoices")),
                address: "/receivables"),
            KeyFigure(
                Text("En retard", "Overdue"), money(owed.overdue),
                note: share(owed, say),
                address: ReceivablesPage.address(client: nil, age: OpenInvoiceFilter.overdue),
                tone: owed.overdue > .zero ? .bad : .ok),
        ]
        if owed.overdue > .zero { home.toDo.append(try overdue(owed, request, transaction)) }
        guard owed.total > .zero else { return }
        let buckets = Age.allCases.map { age in
            AgeCard.Bucket(
                age.label, owed[age],
                address: ReceivablesPage.address(client: nil, age: age.rawValue))
        }
        home.asideCards.append(
            AgeCard(buckets, count: owed.count, address: "/receivables", request).html)
    }

    static let mostOnHome = 4

    /// The oldest first: whom to call today.
    private static func overdue(
        _ owed: AgedAmounts, _ request: Request, _ transaction: Transaction
    ) throws -> ToDoGroup {
        let say = request.say
        let filter = OpenInvoiceFilter.overdueOnly
        let items = try transaction.openInvoices(filter).rows.prefix(mostOnHome).map { invoice in
            let days = invoice.daysOverdue(on: request.today) ?? 0
            let late = say.count(days, Text("jour", "day"), Text("jours", "days"))
            return ToDoItem(
                invoice.clientName, address: invoice.path,
                note:
                    "\(invoice.number) · <b class=\"late\">\(say("échue depuis", "overdue by")) \(late)</b>",
                amount: invoice.openAmount, action: Text("Encaisser", "Record payment"),
                actionIcon: "banknote", actionAddress: "/payments/new?invoice=\(invoice.id)")
        }
        return ToDoGroup(
            Text("Factures en retard", "Overdue invoices"), icon: "clock-alert", tone: .bad,
            count: owed.overdueCount, total: owed.overdue,
            address: ReceivablesPage.address(client: nil, age: OpenInvoiceFilter.overdue),
            items: Array(items))
    }

    private static func share(_ owed: AgedAmounts, _ say: Language) -> String {
        guard owed.overdue > .zero else { return say("rien d’échu", "nothing is late") }
        let (part, whole) = (owed.overdue.minorUnits, owed.total.minorUnits)
        let percent = (part * 200 + whole) / (2 * whole)
        return say("\(percent)\u{A0}% de ce qui est dû", "\(percent)% of what is owed")
    }
}

extension Transaction {
    /// What all clients owe, by age, and money received this month, refunds and what was undone taken
    /// off: one question.
    func owedAndReceived() throws -> (AgedAmounts, ReceivedAmount) {
        let figures: OwedAndReceived = try one(
            """
            SELECT \(AgedAmounts.columns(on: today, counted: "i.documents")), r.amount, r.kept_count
            FROM (
                SELECT coalesce(sum(received - paid_back), 0)::bigint AS amount,
                    coalesce(sum(kept_count), 0)::bigint AS kept_count
                FROM daily_payments
                WHERE organisation_id = \(organisation)
                    AND day BETWEEN \(today.firstOfMonth) AND \(today.endOfMonth)
            ) r LEFT JOIN (\(owedByDay)) i ON true
            GROUP BY r.amount, r.kept_count
            """)
        return (figures.owed, figures.received)
    }
}

struct ReceivedAmount {
    let amount: Amount
    let count: Int
}

private struct OwedAndReceived: Record {
    let owed: AgedAmounts
    let received: ReceivedAmount

    init(row: Row) throws {
        owed = try AgedAmounts(row: row)
        received = ReceivedAmount(amount: try row["amount"], count: try row["kept_count"])
    }
}
