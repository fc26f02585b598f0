import Basics
import Core
import Database
import Markup

// Recurring invoices on other pages: journal, search, home; and what the doctor proves.

extension Action {
    static let recurringInvoiceCreated = Action(
        "recurring_invoice.created", Text("a créé l’abonnement", "created the recurring invoice"),
        icon: "repeat")
    static let recurringInvoiceUpdated = Action(
        "recurring_invoice.updated",
        Text("a modifié l’abonnement", "changed the recurring invoice"))
    static let recurringInvoicePaused = Action(
        "recurring_invoice.paused",
        Text("a mis en pause l’abonnement", "paused the recurring invoice"), icon: "pause")
    static let recurringInvoiceResumed = Action(
        "recurring_invoice.resumed",
        Text("a repris l’abonnement", "resumed the recurring invoice"), icon: "play")
    static let recurringInvoiceMade = Action(
        "recurring_invoice.invoiced",
        Text("a fait la facture de l’abonnement", "made the invoice of the recurring invoice"),
        icon: "receipt-euro")
}

extension RecurringInvoices {
    public static let actions: [Action] = [
        .recurringInvoiceCreated, .recurringInvoiceUpdated, .recurringInvoicePaused,
        .recurringInvoiceResumed, .recurringInvoiceMade,
    ]

    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .recurringInvoice, Section.recurringInvoices.label, icon: "repeat",
                .readInvoices, list: "/recurring-invoices"
            ) { transaction, ids, say in
                try transaction.recurringInvoices(withIDs: ids).map { recurring in
                    SearchRow(
                        id: recurring.id.value, title: recurring.number,
                        note: [
                            recurring.clientName, recurring.head.subject,
                            say(recurring.status.label),
                        ].filter { !$0.isEmpty }.joined(separator: ", "),
                        amount: recurring.totalGross)
                }
            }
        ]
    }

    static let mostOnHome = 4

    /// Invoices that the program could not finish by itself.
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.issueInvoices) else { return }
        let stuck = try transaction.stuckPeriods(most: 100)
        guard !stuck.isEmpty else { return }
        home.toDo.append(
            ToDoGroup(
                Text("Abonnements à débloquer", "Recurring invoices to mend"), icon: "repeat",
                tone: .warn, count: stuck.count, address: "/recurring-invoices",
                items: stuck.prefix(mostOnHome).map { period in
                    ToDoItem(
                        period.clientName, address: period.address,
                        note: "\(period.number) · \(period.problem)", amount: period.amount)
                }))
    }

    public static let checks: [Check] = [
        LineOwner.recurringInvoice.totalsCheck,
        .organisation("recurring_invoices.periods", periods),
    ]

    /// Every period that has come has been made, or passed while it was paused.
    static func periods(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        let wrong: [String] = try transaction.values(
            """
            SELECT r.number FROM recurring_invoices r
            WHERE r.organisation_id = \(own) AND r.status = 'active'
                AND (r.next_on < \(transaction.today) - 7 OR EXISTS (
                    SELECT FROM recurring_invoice_periods p
                    WHERE p.organisation_id = \(own) AND p.recurring_invoice_id = r.id
                        AND p.period_on >= r.next_on))
            ORDER BY r.number LIMIT 20
            """)
        return wrong.map {
            Finding("recurring invoice \($0): its periods have come and were not made")
        }
    }
}

/// A period that waits for a person.
struct StuckPeriod: Record, Sendable {
    var number: String
    var clientName: String
    var address: String
    var problem: String
    var amount: Amount?

    init(row: Row) throws {
        number = try row["number"]
        clientName = try row["client_name"]
        address = try row["address"]
        problem = try row["problem"]
        amount = try row["amount"]
    }
}

extension Transaction {
    func stuckPeriods(most: Int) throws -> [StuckPeriod] {
        try all(
            """
            SELECT r.number, c.name AS client_name, '/invoices/' || i.id AS address, p.problem,
                i.total_gross AS amount
            FROM recurring_invoice_periods p
            JOIN recurring_invoices r
                ON r.organisation_id = \(organisation) AND r.id = p.recurring_invoice_id
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = r.client_id
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = p.invoice_id
            WHERE p.organisation_id = \(organisation) AND p.problem <> ''
                AND (i.status = 'draft' OR i.sent_at IS NULL AND i.open_amount > 0)
            UNION ALL
            SELECT r.number, c.name, '/recurring-invoices/' || r.id, r.problem, NULL::bigint
            FROM recurring_invoices r
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = r.client_id
            WHERE r.organisation_id = \(organisation) AND r.problem <> ''
            ORDER BY number, address LIMIT \(most)
            """)
    }
}
