import Basics
import Core
import Markup

/// The list of orders, with a view for each status and one for those that are late.
struct OrderListPage {
    let filter: OrderFilter
    let listing: Listing<OrderRow>
    let client: String?
    let total: ListTotal?
    let sectors: [String]
    let request: Request
    private let controls: ListControls

    init(
        _ filter: OrderFilter, _ listing: Listing<OrderRow>, client: String?, total: ListTotal?,
        sectors: [String], _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.client = client
        self.total = total
        self.sectors = sectors
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: filter.order.text)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        controls.page(
            .orders, views: views, filters: filters, new: new, client: client,
            total: total, hasDayChips: filter.scope.from != nil || filter.scope.to != nil,
            list: listing.rows.isEmpty ? nothing : table)
    }

    private var views: [(value: String?, label: Text)] {
        [
            (nil, Text("Toutes", "All")), ("draft", Text("Brouillons", "Drafts")),
            ("confirmed", Text("Confirmées", "Confirmed")),
            ("in_progress", Text("En cours", "In progress")), ("late", Text("En retard", "Late")),
            ("suspended", Text("Suspendues", "Suspended")),
            ("completed", Text("Terminées", "Completed")),
            ("cancelled", Text("Annulées", "Cancelled")),
        ]
    }

    private var new: HTML {
        guard request.may(.writeOrders) else { return .empty }
        let address = "/orders/new" + (filter.scope.client.map { "?client=\($0)" } ?? "")
        return RecordParts(request).link(
            "/deposit-requests", "hand-coins", Text("Acomptes", "Deposits"))
                + """
                <a class="btn p" href="\(address)">\(icon("plus"))\(say("Nouvelle commande", "New order"))</a>
                """
    }

    private var filters: HTML {
        let periods = Period.allCases.map { ($0.rawValue, say($0.label)) }
        let priorities = Order.Priority.allCases.map { ($0.rawValue, say($0.label)) }
        return controls.filters(
            placeholder: Text("Numéro, client, objet…", "Number, client, subject…"),
            keeping: ["from", "to"],
            controls.select("sector", Text("Secteur", "Sector"), sectors.map { ($0, $0) })
                + controls.select("priority", Text("Priorité", "Priority"), priorities)
                + controls.select("period", Text("Période", "Period"), periods))
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Commande", "Order"), sort: "number"))
            \(parts.heading(Text("Client", "Client"), sort: "client", cssClass: "k1"))
            \(parts.heading(Text("Date", "Date"), sort: "day", cssClass: "k2"))
            \(parts.heading(Text("Échéance", "Due"), sort: "due", cssClass: "k2"))
            \(parts.heading(Text("Secteur", "Sector"), cssClass: "k3"))
            \(parts.heading(Text("Total TTC", "Total"), sort: "total", cssClass: "n"))
            \(parts.heading(Text("État", "Status")))
            """
        return controls.table(
            Text("Liste des commandes", "List of orders"), headings,
            listing.rows.map { row($0.order) }.joined(), count: listing.rows.count,
            next: listing.next)
    }

    private func row(_ order: Order) -> HTML {
        let pills = StatusPill(request)
        let today = request.today
        let subject = order.head.subject.isEmpty ? order.clientName : order.head.subject
        let due = order.dueOn.map { say.shortDay($0, today: today) } ?? ""
        return """
            <tr><td class="w"><a class="id" href="\(order.path)">\(order.number)</a><small>\(subject)</small></td>
            <td class="k1" data-label="\(say("Client", "Client"))"><a href="/clients/\(order.clientID)">\(order.clientName)</a></td>
            <td class="k2" data-label="\(say("Date", "Date"))">\(say.shortDay(order.orderedOn, today: today))</td>
            <td class="k2\(order.isLate(on: today) ? " late" : "")"\(attribute: "data-label", due.isEmpty ? nil : say("Échéance", "Due"))>\(due)</td>
            <td class="k3"\(attribute: "data-label", order.head.sector.isEmpty ? nil : say("Secteur", "Sector"))>\(order.head.sector)</td>
            <td class="n amt">\(say.money(order.totalGross, order.currency))</td>
            <td class="st">\(pills.order(order.status))\(pills.priority(order.priority))</td></tr>
            """
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(Text("Aucune commande ne correspond", "No order matches"))
            : controls.nothingYet(
                Text("Votre première commande", "Your first order"),
                Text(
                    "Une commande naît d’un devis accepté, ou s’enregistre directement.",
                    "An order comes from an accepted quote, or is recorded directly."),
                start: new)
    }
}
