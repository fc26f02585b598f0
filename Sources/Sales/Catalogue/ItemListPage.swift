import Basics
import Core
import Markup

/// The catalogue as a list.
struct ItemListPage {
    let filter: ItemFilter
    let listing: Listing<ItemRow>
    let categories: [String]
    let request: Request
    let controls: ListControls

    init(
        _ filter: ItemFilter, _ listing: Listing<ItemRow>, categories: [String],
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.categories = categories
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: filter.sortText)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let title = say(Section.catalogue.label)
        return Page(
            title: title, section: .catalogue,
            body: """
                \(ListParts.title(title, actions: actions))\(controls.views(views))\(filters)
                \(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var views: [(value: String?, label: Text)] {
        [
            (nil, Text("En vente", "On sale")), ("stock", Text("En stock suivi", "With stock")),
            ("inactive", Text("Désactivés", "Inactive")), ("all", Text("Tous", "All")),
        ]
    }

    private var actions: HTML {
        return """
            \(ExportMenu(filter.address, request).html)\(ImportLink(.items, request).html)\(new)
            """
    }

    private var new: HTML {
        guard request.may(.writeCatalogue) else { return .empty }
        return """
            <a class="btn p" href="/items/new">\(icon("plus"))\(say("Nouvel article", "New item"))</a>
            """
    }

    private var filters: HTML {
        let kinds = Item.Kind.allCases.map { ($0.rawValue, say($0.label)) }
        return controls.filters(
            placeholder: Text("Désignation, référence, catégorie…", "Label, reference, category…"),
            controls.select("kind", Text("Type", "Kind"), kinds)
                + controls.select(
                    "category", Text("Catégorie", "Category"), categories.map { ($0, $0) }))
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Article", "Item"), sort: "label"))
            \(parts.heading(Text("Catégorie", "Category"), sort: "category", cssClass: "k2"))
            \(parts.heading(Text("Unité", "Unit"), cssClass: "k3"))
            \(parts.heading(Text("Durée", "Duration"), cssClass: "n k1"))
            \(parts.heading(Text("Stock", "Stock"), sort: "stock", cssClass: "n k2"))
            \(parts.heading(Text("TVA", "VAT"), cssClass: "n k3"))
            \(parts.heading(Text("Prix HT", "Price"), sort: "price", cssClass: "n"))
            """
        return controls.table(
            Text("Catalogue", "Catalogue"), headings, listing.rows.map { row($0.item) }.joined(),
            count: listing.rows.count, next: listing.next)
    }

    private func row(_ item: Item) -> HTML {
        let duration = item.durationMinutes.map { say.duration(minutes: $0) } ?? ""
        let stock = item.keepsStock ? say.quantity(item.stockQuantity) : ""
        let isLow = item.keepsStock && item.stockQuantity <= .zero
        let inactive: HTML =
            item.isActive
            ? .empty : " <span class=\"pill\">\(say("Désactivé", "Inactive"))</span>"
        return """
            <tr><td class="w"><div class="who"><span class="av q" aria-hidden="true">\
            \(item.kind == .service ? icon("wrench") : icon("package"))</span><span>\
            <a class="id" href="\(item.path)">\(item.label)</a>\(inactive)\
            <small>\(item.reference)</small></span></div></td>
            <td class="k2"\(attribute: "data-label", item.category.isEmpty ? nil : say("Catégorie", "Category"))>\(item.category)</td>
            <td class="k3" data-label="\(say("Unité", "Unit"))">\(item.unitLabel(in: say))</td>
            <td class="n k1"\(attribute: "data-label", duration.isEmpty ? nil : say("Durée", "Duration"))>\(duration)</td>
            <td class="n k2\(isLow ? " late" : "")"\(attribute: "data-label", stock.isEmpty ? nil : say("Stock", "Stock"))>\(stock)</td>
            <td class="n k3" data-label="\(say("TVA", "VAT"))">\(item.vat.label(in: say))</td>
            <td class="n amt">\(say.price(item.unitPrice, request.currency))\u{A0}\(request.currency.symbol)</td></tr>
            """
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(Text("Aucun article ne correspond", "No item matches"))
            : controls.nothingYet(
                Text("Votre premier article", "Your first item"),
                Text(
                    "Ajoutez ce que vous vendez : les devis et les commandes en reprennent "
                        + "le prix, la TVA et l’unité.",
                    "Add what you sell: quotes and orders take price, VAT and unit from it."),
                start: new)
    }
}
