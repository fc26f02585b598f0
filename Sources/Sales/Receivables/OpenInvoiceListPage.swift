import Basics
import Core
import Markup

/// The invoices behind one figure of the receivables.
struct OpenInvoiceListPage {
    let filter: OpenInvoiceFilter
    let listing: Listing<OpenInvoice>
    let total: Amount
    let client: String?
    let request: Request
    private let controls: ListControls

    init(
        _ filter: OpenInvoiceFilter, _ listing: Listing<OpenInvoice>, total: Amount,
        client: String?, _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.total = total
        self.client = client
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: "due")
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let title = say("Factures à encaisser", "Invoices to collect")
        return Page(
            title: title, section: .receivables,
            body: """
                \(ListParts.title(title, count: say.money(total, request.currency), actions: exports))\(ages)\
                \(controls.clientChip(client))\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var exports: HTML {
        ExportMenu(filter.address, at: filter.address.path, request).html
    }

    private var ages: HTML {
        let current = filter.query["age"].flatMap { $0.isEmpty ? nil : $0 }
        let tabs: [(String?, Text)] =
            [
                (nil, Text("Toutes", "All")),
                (OpenInvoiceFilter.overdue, Text("En retard", "Overdue")),
            ]
            + Age.allCases.map { ($0.rawValue, $0.label) }
        return """
            <nav class="tabs views" aria-label="\(say("Âges", "Ages"))">\(tabs, { tab in
                """
                <a href="\(filter.address.with("age", tab.0).text)"\
                \(attribute: "aria-current", tab.0 == current ? "page" : nil)>\(say(tab.1))</a>
                """
            })</nav>
            """
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Facture", "Invoice")))\
            \(parts.heading(Text("Émise le", "Issued"), cssClass: "k2"))\
            \(parts.heading(Text("Échéance", "Due")))\
            \(parts.heading(Text("Total TTC", "Total"), cssClass: "n k2"))\
            \(parts.heading(Text("Reste dû", "Still due"), cssClass: "n"))\
            <th scope="col"><span class="sr">\(say("Actions", "Actions"))</span></th>
            """
        return controls.table(
            Text("Factures à encaisser", "Invoices to collect"), headings,
            listing.rows.map(row).joined(), count: listing.rows.count, next: listing.next)
    }

    private func row(_ invoice: OpenInvoice) -> HTML {
        let late: HTML =
            invoice.daysOverdue(on: request.today).map {
                "<small class=\"late\">\(say("\($0)\u{A0}j de retard", "\($0)\u{A0}d late"))</small>"
            } ?? .empty
        return """
            <tr><td class="w"><a class="id" href="\(invoice.path)">\(invoice.number)</a>\
            <small>\(invoice.clientName)</small></td>
            <td class="k2" data-label="\(say("Émise le", "Issued"))">\(say.day(invoice.issuedOn))</td>
            <td data-label="\(say("Échéance", "Due"))">\(say.day(invoice.dueOn))\(late)</td>
            <td class="n k2" data-label="\(say("Total TTC", "Total"))">\(say.money(invoice.totalGross, request.currency))</td>
            <td class="n amt">\(say.money(invoice.openAmount, request.currency))</td>
            <td class="st">\(if: request.may(.writePayments), pay(invoice))</td></tr>
            """
    }

    private func pay(_ invoice: OpenInvoice) -> HTML {
        """
        <a class="btn sm" href="/payments/new?invoice=\(invoice.id)">\(icon("banknote", .small))\
        \(say("Encaisser", "Record payment"))<span class="sr"> \(invoice.number)</span></a>
        """
    }

    private var nothing: HTML {
        controls.nothingFound(Text("Rien à encaisser ici", "Nothing to collect here"))
    }
}
