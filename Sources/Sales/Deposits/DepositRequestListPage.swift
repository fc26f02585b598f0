import Basics
import Core
import Markup

/// The list of deposit requests.
struct DepositRequestListPage {
    let filter: DepositRequestFilter
    let listing: Listing<DepositRequest>
    /// The name of the client that the list is narrowed to.
    let client: String?
    let request: Request
    private let controls: ListControls

    init(
        _ filter: DepositRequestFilter, _ listing: Listing<DepositRequest>, client: String?,
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.client = client
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: filter.order.text)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Demandes d’acompte", "Deposit requests")
        return Page(
            title: title, section: .orders,
            path: [],
            body: """
                \(ListParts.title(title))\(controls.views(views))\(filters)\
                \(controls.clientChip(client))\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var views: [(value: String?, label: Text)] {
        [
            (nil, Text("Toutes", "All")), ("requested", Text("Attendues", "Expected")),
            ("late", Text("En retard", "Late")), ("paid", Text("Payées", "Paid")),
            ("cancelled", Text("Annulées", "Cancelled")),
        ]
    }

    private var filters: HTML {
        controls.filters(
            placeholder: Text("Numéro, client, commande…", "Number, client, order…"),
            controls.days(Text("Demandé le", "Requested")))
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Demande", "Request"), sort: "number"))
            \(parts.heading(Text("Client", "Client"), sort: "client"))
            \(parts.heading(Text("Commande", "Order"), cssClass: "k2"))
            \(parts.heading(Text("Date", "Date"), sort: "day", cssClass: "k3"))
            \(parts.heading(Text("Échéance", "Due"), sort: "due", cssClass: "k1"))
            \(parts.heading(Text("Montant TTC", "Amount"), sort: "amount", cssClass: "n"))
            \(parts.heading(Text("État", "Status")))
            """
        return controls.table(
            Text("Demandes d’acompte", "Deposit requests"), headings,
            listing.rows.map(row).joined(), count: listing.rows.count, next: listing.next)
    }

    private func row(_ deposit: DepositRequest) -> HTML {
        func day(_ day: Day) -> String { say.shortDay(day, today: request.today) }
        let isLate = deposit.isLate(on: request.today)
        return """
            <tr><td><a class="id" href="\(deposit.path)">\(deposit.number)</a></td>
            <td class="w">\(deposit.clientName)\(if: !deposit.orderSubject.isEmpty, "<small>\(deposit.orderSubject)</small>")</td>
            <td class="k2" data-label="\(say("Commande", "Order"))"><a href="/orders/\(deposit.orderID)">\(deposit.orderNumber)</a></td>
            <td class="k3" data-label="\(say("Date", "Date"))">\(day(deposit.requestedOn))</td>
            <td class="k1\(isLate ? " late" : "")" data-label="\(say("Échéance", "Due"))">\(day(deposit.dueOn))</td>
            <td class="n amt">\(say.money(deposit.amount, deposit.currency))</td>
            <td class="st">\(DepositPill(deposit, on: request.today, request).html)</td></tr>
            """
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(Text("Aucune demande ne correspond", "No request matches"))
            : controls.nothingYet(
                Text("Votre premier acompte", "Your first deposit"),
                Text(
                    "Un acompte se demande depuis une commande confirmée, ou se propose sur un devis.",
                    "Ask for a deposit from a confirmed order, or propose it on a quote."),
                start: """
                    <a class="btn p" href="/orders?view=confirmed">\(request.icon("shopping-cart"))\
                    \(say("Voir les commandes", "See the orders"))</a>
                    """)
    }
}

/// How far a request is, in a word.
struct DepositPill {
    let deposit: DepositRequest
    let today: Day
    let request: Request

    init(_ deposit: DepositRequest, on today: Day, _ request: Request) {
        self.deposit = deposit
        self.today = today
        self.request = request
    }

    var html: HTML {
        let pills = StatusPill(request)
        switch deposit.status {
        case .paid: return pills.pill("ok", "check", deposit.status.label)
        case .cancelled: return pills.pill("", "x", deposit.status.label)
        case .requested: break
        }
        let partly =
            deposit.paidAmount > .zero
            ? pills.pill("warn", "clock", Text("Payé en partie", "Partly paid")) : .empty
        guard deposit.isLate(on: today) else {
            return partly.isEmpty
                ? pills.pill("info", "hand-coins", deposit.status.label) : partly
        }
        let days = today - deposit.dueOn
        return partly
            + pills.pill(
                "bad", "clock-alert", Text("En retard \(days)\u{A0}j", "\(days)\u{A0}d late"))
    }
}
