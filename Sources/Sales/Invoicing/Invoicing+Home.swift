import Basics
import Core
import Database
import HTTP

extension Invoicing {
    static let mostOnHome = 4

    /// Invoiced this month, the drafts that wait for their number, and what nobody sent yet.
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.readInvoices) else { return }
        let figures = try transaction.invoicesOnHome()
        home.figures.append(invoiced(figures, request))
        if request.may(.issueInvoices), figures.draftCount > 0 {
            home.toDo.append(try drafts(figures, request, transaction))
        }
        if request.may(.sendMails), figures.unsentCount > 0 {
            home.toDo.append(try unsent(figures, request, transaction))
        }
    }

    private static func invoiced(_ figures: InvoicesOnHome, _ request: Request) -> KeyFigure {
        let say = request.say
        let month = request.today.firstOfMonth
        let count = say.count(
            figures.issuedCount, Text("facture", "invoice"), Text("factures", "invoices"))
        let gross = say.money(figures.issuedGross, request.currency)
        return KeyFigure(
            Text("Facturé ce mois-ci", "Invoiced this month"),
            say.money(figures.issuedNet, request.currency),
            note: figures.issuedGross == figures.issuedNet
                ? count
                : say("HT, soit \(gross) TTC, \(count)", "net, \(gross) with VAT, \(count)"),
            address: "/invoices?from=\(month.iso)&to=\(month.endOfMonth.iso)")
    }

    private static func drafts(
        _ figures: InvoicesOnHome, _ request: Request, _ transaction: Transaction
    ) throws -> ToDoGroup {
        let say = request.say
        let filter = InvoiceFilter(.drafts, request)
        let items = try transaction.invoices(filter).rows.prefix(mostOnHome).map { draft in
            let made = request.organisation.day(at: draft.createdAt)
            let day = say.shortDay(made, today: request.today)
            return ToDoItem(
                draft.clientName, address: draft.path,
                note: "\(say("Brouillon du", "Draft of")) \(day)", amount: draft.totalGross,
                action: Text("Émettre", "Issue"), actionIcon: "file-check",
                actionAddress: draft.path + "/issue")
        }
        return ToDoGroup(
            Text("Factures à émettre", "Invoices to issue"), icon: "file-pen", tone: .info,
            count: figures.draftCount, total: figures.draftGross,
            address: filter.address.text, items: Array(items))
    }

    private static func unsent(
        _ figures: InvoicesOnHome, _ request: Request, _ transaction: Transaction
    ) throws -> ToDoGroup {
        let say = request.say
        let filter = InvoiceFilter(.toSend, request)
        let items = try transaction.invoices(filter).rows.prefix(mostOnHome).map { invoice in
            let day = invoice.issuedOn.map { say.shortDay($0, today: request.today) } ?? ""
            return ToDoItem(
                invoice.clientName, address: invoice.path,
                note: "\(invoice.number ?? "") · \(say("émise le", "issued on")) \(day)",
                amount: invoice.openAmount, action: Text("Envoyer", "Send"), actionIcon: "send",
                actionAddress: invoice.path + "/send")
        }
        return ToDoGroup(
            Text("Factures à envoyer", "Invoices to send"), icon: "send", tone: .warn,
            count: figures.unsentCount, total: figures.unsentOpen,
            address: filter.address.text, items: Array(items))
    }
}

extension InvoiceFilter {
    /// One view of the list, the oldest first: what has waited longest.
    fileprivate init(_ view: View, _ request: Request) {
        self.init(
            Fields([
                .init(name: "view", value: view.rawValue), .init(name: "sort", value: "day"),
            ]), currency: request.currency, today: request.today)
    }
}

/// What home says of invoices.
struct InvoicesOnHome: Record, Sendable {
    var issuedCount: Int
    /// This month, less credit notes.
    var issuedNet: Amount
    var issuedGross: Amount
    var draftCount: Int
    var draftGross: Amount
    var unsentCount: Int
    var unsentOpen: Amount

    init(row: Row) throws {
        issuedCount = try row["issued_count"]
        issuedNet = try row["issued_net"]
        issuedGross = try row["issued_gross"]
        draftCount = try row["draft_count"]
        draftGross = try row["draft_gross"]
        unsentCount = try row["unsent_count"]
        unsentOpen = try row["unsent_open"]
    }
}

extension Transaction {
    /// One statement: home asks for much already. Each part reads an index of its own.
    func invoicesOnHome() throws -> InvoicesOnHome {
        try one(
            """
            SELECT issued.*, drafts.*, unsent.* FROM (
                SELECT coalesce(sum(invoice_count), 0)::bigint AS issued_count,
                    coalesce(sum(net), 0)::bigint AS issued_net,
                    coalesce(sum(gross), 0)::bigint AS issued_gross
                FROM daily_revenue
                WHERE organisation_id = \(organisation) AND origin = 'comptoir'
                    AND day BETWEEN \(today.firstOfMonth) AND \(today.firstOfMonth.endOfMonth)
            ) issued, (
                SELECT count(*) AS draft_count,
                    coalesce(sum(total_gross), 0)::bigint AS draft_gross
                FROM invoices WHERE organisation_id = \(organisation) AND status = 'draft'
            ) drafts, (
                SELECT count(*) AS unsent_count,
                    coalesce(sum(open_amount), 0)::bigint AS unsent_open
                FROM invoices
                WHERE organisation_id = \(organisation) AND status = 'issued'
                    AND origin = 'comptoir' AND kind = 'invoice' AND sent_at IS NULL
                    AND open_amount > 0
            ) unsent
            """)
    }
}
