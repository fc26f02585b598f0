import Basics
import Core
import Markup

/// The list of quotes, with a view for each status.
struct QuoteListPage {
    let filter: QuoteFilter
    let listing: Listing<QuoteRow>
    let client: String?
    let total: ListTotal?
    let request: Request
    private let controls: ListControls

    init(
        _ filter: QuoteFilter, _ listing: Listing<QuoteRow>, client: String?, total: ListTotal?,
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.client = client
        self.total = total
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: filter.order.text)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        controls.page(
            .quotes, views: views, filters: filters, new: new, client: client,
            total: total, hasDayChips: filter.scope.from != nil || filter.scope.to != nil,
            list: listing.rows.isEmpty ? nothing : table)
    }

    private var views: [(value: String?, label: Text)] {
        [
            (nil, Text("Tous", "All")), ("draft", Text("Brouillons", "Drafts")),
            ("sent", Text("En attente", "Waiting")), ("accepted", Text("Acceptés", "Accepted")),
            ("refused", Text("Refusés", "Refused")), ("expired", Text("Expirés", "Expired")),
        ]
    }

    private var new: HTML {
        guard request.may(.writeQuotes) else { return .empty }
        let address = "/quotes/new" + (filter.scope.client.map { "?client=\($0)" } ?? "")
        return """
            <a class="btn p" href="\(address)">\(icon("file-plus"))\(say("Nouveau devis", "New quote"))</a>
            """
    }

    private var filters: HTML {
        let periods = Period.allCases.map { ($0.rawValue, say($0.label)) }
        return controls.filters(
            placeholder: Text("Numéro, client, objet…", "Number, client, subject…"),
            keeping: ["from", "to"],
            controls.select("period", Text("Période", "Period"), periods))
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Devis", "Quote"), sort: "number"))
            \(parts.heading(Text("Client", "Client"), sort: "client", cssClass: "k1"))
            \(parts.heading(Text("Date", "Date"), sort: "day", cssClass: "k2"))
            \(parts.heading(Text("Valable jusqu’au", "Valid until"), sort: "until", cssClass: "k3"))
            \(parts.heading(Text("Total TTC", "Total"), sort: "total", cssClass: "n"))
            \(parts.heading(Text("État", "Status")))
            """
        return controls.table(
            Text("Liste des devis", "List of quotes"), headings,
            listing.rows.map { row($0.quote) }.joined(), count: listing.rows.count,
            next: listing.next)
    }

    private func row(_ quote: Quote) -> HTML {
        let status = quote.status(on: request.today)
        let subject = quote.head.subject.isEmpty ? quote.clientName : quote.head.subject
        let until = say.shortDay(quote.validUntil, today: request.today)
        return """
            <tr><td class="w"><a class="id" href="\(quote.path)">\(quote.number)</a><small>\(subject)</small></td>
            <td class="k1" data-label="\(say("Client", "Client"))"><a href="/clients/\(quote.clientID)">\(quote.clientName)</a></td>
            <td class="k2" data-label="\(say("Date", "Date"))">\(say.shortDay(quote.quotedOn, today: request.today))</td>
            <td class="k3\(status == .expired ? " late" : "")" data-label="\(say("Valable jusqu’au", "Valid until"))">\(until)</td>
            <td class="n amt">\(say.money(quote.totalGross, quote.currency))</td>
            <td class="st">\(StatusPill(request).quote(status))</td></tr>
            """
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(Text("Aucun devis ne correspond", "No quote matches"))
            : controls.nothingYet(
                Text("Votre premier devis", "Your first quote"),
                Text(
                    "Proposez un prix à un client. S’il accepte, le devis devient une commande "
                        + "sans rien ressaisir.",
                    "Offer a price to a client. Accepted, the quote becomes an order as it is."),
                start: new)
    }
}
