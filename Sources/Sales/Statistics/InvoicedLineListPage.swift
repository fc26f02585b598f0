import Basics
import Core
import Markup

/// The invoiced lines behind the figure of an item.
struct InvoicedLineListPage {
    let filter: InvoicedLineFilter
    let listing: Listing<InvoicedLine>
    let total: Amount
    let item: String?
    let request: Request
    private let controls: ListControls

    init(
        _ filter: InvoicedLineFilter, _ listing: Listing<InvoicedLine>, total: Amount,
        item: String?, _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.total = total
        self.item = item
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: "")
    }

    static let headings = [
        Text("Facture", "Invoice"), Text("Émise le", "Issued"), Text("Client", "Client"),
        Text("Désignation", "Label"), Text("Quantité", "Quantity"), Text("Net HT", "Net"),
    ]

    private var say: Language { request.say }

    var page: Page {
        let title = say("Lignes facturées", "Invoiced lines")
        let shown =
            item
            ?? (filter.namesNoItem ? say("Lignes sans article", "Lines without an item") : nil)
        return Page(
            title: title, section: .statistics,
            body: """
                \(ListParts.title(
                    title, count: say.money(total, request.currency) + say("\u{A0}HT", " net"),
                    actions: ExportMenu(filter.address, at: filter.address.path, request).html))\
                <div class="chips">\(shown.map {
                    controls.parts.chip(Text("Prestation", "Item"), $0, parameter: "item")
                })\(controls.dayChips)</div>\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var table: HTML {
        let classes: [String] = ["", "k2", "w", "k3", "n k1", "n"]
        let headings = zip(Self.headings, classes).map {
            controls.parts.heading($0, cssClass: $1)
        }.joined()
        return controls.table(
            Text("Lignes facturées", "Invoiced lines"), headings, listing.rows.map(row).joined(),
            count: listing.rows.count, next: listing.next)
    }

    private func row(_ line: InvoicedLine) -> HTML {
        """
        <tr><td data-label="\(say("Facture", "Invoice"))"><a class="id" href="/invoices/\(line.invoiceID)">\(line.number)</a></td>
        <td class="k2" data-label="\(say("Émise le", "Issued"))">\(say.day(line.issuedOn))</td>
        <td class="w">\(line.clientName)</td>
        <td class="k3" data-label="\(say("Désignation", "Label"))">\(line.label)</td>
        <td class="n k1" data-label="\(say("Quantité", "Quantity"))">\(say.quantity(line.quantity))</td>
        <td class="n amt">\(say.money(line.net, line.currency))</td></tr>
        """
    }

    private var nothing: HTML {
        controls.nothingFound(Text("Aucune ligne ici", "No line here"))
    }
}
