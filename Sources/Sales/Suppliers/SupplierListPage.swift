import Basics
import Core
import Markup

/// The list of suppliers.
struct SupplierListPage {
    let filter: SupplierFilter
    let listing: Listing<Supplier>
    let request: Request
    private let controls: ListControls

    init(_ filter: SupplierFilter, _ listing: Listing<Supplier>, _ request: Request) {
        self.filter = filter
        self.listing = listing
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: filter.order.text)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Fournisseurs", "Suppliers")
        let search = controls.filters(
            placeholder: Text("Nom, SIREN, ville…", "Name, SIREN, city…"), .empty)
        return Page(
            title: title, section: .suppliers,
            body: """
                \(ListParts.title(title, actions: ExportMenu(filter.address, request).html + new))\
                \(search)\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var new: HTML {
        RecordParts(request).link(
            "/suppliers/new", "plus", Text("Nouveau fournisseur", "New supplier"),
            cssClass: "btn p")
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Fournisseur", "Supplier"), sort: "name"))
            \(parts.heading(Text("SIREN", "SIREN"), cssClass: "k1"))
            \(parts.heading(Text("Ville", "City"), sort: "city", cssClass: "k2"))
            \(parts.heading(Text("E-mail", "E-mail"), cssClass: "k3"))
            """
        return controls.table(
            Text("Fournisseurs", "Suppliers"), headings, listing.rows.map(row).joined(),
            count: listing.rows.count, next: listing.next)
    }

    private func row(_ supplier: Supplier) -> HTML {
        """
        <tr><td class="w"><a href="\(supplier.path)">\(supplier.name)</a></td>
        <td class="k1 num" data-label="SIREN">\(supplier.siren)</td>
        <td class="k2" data-label="\(say("Ville", "City"))">\(supplier.address.city)</td>
        <td class="k3" data-label="\(say("E-mail", "E-mail"))">\(supplier.email)</td></tr>
        """
    }

    private var nothing: HTML {
        filter.words.isEmpty
            ? controls.nothingYet(
                Text("Vos fournisseurs", "Your suppliers"),
                Text(
                    "Un fournisseur se crée d’un clic depuis sa première facture reçue.",
                    "A supplier is made in one click from its first received invoice."),
                start: new)
            : controls.nothingFound(
                Text("Aucun fournisseur ne correspond", "No supplier matches"))
    }
}
