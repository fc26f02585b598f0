import Basics
import Core
import Markup

/// The list of recurring invoices.
struct RecurringInvoiceListPage {
    let filter: RecurringInvoiceFilter
    let listing: Listing<RecurringInvoice>
    /// The name of the client that the list is narrowed to.
    let client: String?
    let request: Request
    private let controls: ListControls

    init(
        _ filter: RecurringInvoiceFilter, _ listing: Listing<RecurringInvoice>, client: String?,
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.client = client
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: "")
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say(Section.recurringInvoices.label)
        return Page(
            title: title, section: .recurringInvoices,
            body: """
                \(ListParts.title(title, actions: new))\(controls.views(views))\(filters)\
                \(controls.clientChip(client))\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var views: [(value: String?, label: Text)] {
        [
            (nil, Text("Tous", "All")), ("active", Text("Actifs", "Active")),
            ("paused", Text("En pause", "Paused")), ("ended", Text("Terminés", "Ended")),
        ]
    }

    private var new: HTML {
        guard request.may(.issueInvoices) else { return .empty }
        return """
            <a class="btn p" href="/recurring-invoices/new">\(request.icon("plus"))\
            \(say("Nouvel abonnement", "New recurring invoice"))</a>
            """
    }

    private var filters: HTML {
        controls.filters(
            placeholder: Text("Numéro, client, objet…", "Number, client, subject…"), .empty)
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Abonnement", "Recurring invoice")))
            \(parts.heading(Text("Client", "Client")))
            \(parts.heading(Text("Fréquence", "Frequency"), cssClass: "k2"))
            \(parts.heading(Text("Prochaine", "Next"), cssClass: "k1"))
            \(parts.heading(Text("Total TTC", "Total"), cssClass: "n"))
            \(parts.heading(Text("État", "Status")))
            """
        return controls.table(
            Section.recurringInvoices.label, headings, listing.rows.map(row).joined(),
            count: listing.rows.count, next: listing.next)
    }

    private func row(_ recurring: RecurringInvoice) -> HTML {
        let next = recurring.nextOn.map { say.shortDay($0, today: request.today) } ?? ""
        return """
            <tr><td><a class="id" href="\(recurring.path)">\(recurring.number)</a></td>
            <td class="w">\(recurring.clientName)\(if: !recurring.head.subject.isEmpty, "<small>\(recurring.head.subject)</small>")</td>
            <td class="k2" data-label="\(say("Fréquence", "Frequency"))">\(say(recurring.schedule.frequency.label))</td>
            <td class="k1"\(attribute: "data-label", next.isEmpty ? nil : say("Prochaine", "Next"))>\(next)</td>
            <td class="n amt">\(say.money(recurring.totalGross, recurring.currency))</td>
            <td class="st">\(StatusPill(request).recurring(recurring.status))</td></tr>
            """
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(
                Text("Aucun abonnement ne correspond", "No recurring invoice matches"))
            : controls.nothingYet(
                Text("Votre premier abonnement", "Your first recurring invoice"),
                Text(
                    "Un entretien, un loyer, une licence : la facture se prépare ou s’émet d’elle-même, "
                        + "chaque mois, trimestre ou année.",
                    "Maintenance, rent, a licence: the invoice is drafted or issued by itself, every "
                        + "month, quarter or year."),
                start: new)
    }
}
