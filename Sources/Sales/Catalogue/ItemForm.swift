import Basics
import Core
import Markup

/// The form of an item, new or existing.
struct ItemForm {
    let fields: FormFields
    let existing: Item?
    let categories: [String]
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], existing: Item?,
        _ categories: [String], _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.existing = existing
        self.categories = categories
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var title: String {
        existing.map { say("Modifier \($0.label)", "Edit \($0.label)") }
            ?? say("Nouvel article", "New item")
    }
    private var back: String { existing?.path ?? Section.catalogue.address }

    var page: Page {
        Page(
            title: title, section: .catalogue,
            path: existing.map { [(title: $0.label, address: $0.path)] } ?? [], frame: .edit,
            body: """
                <form class="form" method="post" action="\(existing?.path ?? "/items")" data-guard data-main>
                \(FormToken.input(for: request))\(identity)
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                \(card(Text("Article", "Item"), names))\(card(Text("Prix", "Price"), prices))
                \(card(Text("Durée et stock", "Duration and stock"), amounts))
                <div class="bar"><div class="acts2"><a class="btn" href="\(back)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(icon("save"))\(say("Enregistrer", "Save"))</button></div></div></form>
                """)
    }

    private var identity: HTML {
        existing.map { EditedVersion.input($0.version, fields) } ?? Submission.input(for: request)
    }

    private func card(_ title: Text, _ body: HTML) -> HTML {
        """
        <section class="card"><header><h2>\(say(title))</h2></header><div class="body f2">\(body)</div></section>
        """
    }

    private var names: HTML {
        let kinds = Item.Kind.allCases.map { ($0.rawValue, say($0.label)) }
        return fields.segments("kind", Text("Type", "Kind"), kinds, width: .half)
            + fields.input(
                "reference", Text("Référence", "Reference"), width: .half,
                hint: Text("Vide : la suivante est donnée.", "Empty: the next one is given."),
                maximum: 40)
            + fields.input(
                "label", Text("Désignation", "Label"), required: true, focus: existing == nil)
            + fields.textArea(
                "description", Text("Détail", "Details"),
                hint: Text("Repris sur les devis et les factures.", "Printed on documents."))
            + fields.input(
                "category", Text("Catégorie", "Category"), width: .half, list: "categories",
                maximum: 100)
                + """
                <datalist id="categories">\(categories, { "<option value=\"\($0)\">" })</datalist>
                """
    }

    private var prices: HTML {
        let rates = VATRate.choices(for: request.organisation)
        let chosen = VATRate(code: fields["vat"])
        let all = rates + [chosen].compactMap(\.self).filter { !rates.contains($0) }
        return fields.input(
            "unit_price", Text("Prix unitaire HT", "Unit price"), width: .third, required: true,
            unit: request.currency.symbol, maximum: 40)
            + fields.select(
                "unit", Text("Unité", "Unit"), Unit.allCases.map { ($0.rawValue, say($0.label)) },
                width: .third)
            + fields.select(
                "vat", Text("TVA", "VAT"), all.map { ($0.code, $0.label(in: say)) },
                width: .third)
    }

    private var amounts: HTML {
        """
        \(fields.input("duration_hours", Text("Durée estimée", "Estimated duration"), width: .sixth, unit: "h", maximum: 6))
        \(fields.input("duration_minutes", Text("Minutes", "Minutes"), width: .sixth, unit: "min", maximum: 2))
        <div class="field t">\(fields.check("keeps_stock", Text("Suivre le stock", "Keep stock"), hint: Text("Pour les produits seulement.", "For products only.")))\
        \(fields.errorLine("keeps_stock"))</div>
        \(fields.input("stock_quantity", Text("Quantité en stock", "Quantity in stock"), width: .third, unit: say("unités", "units"), maximum: 20))
        """
    }
}

extension Item {
    func formValues(_ say: Language, _ currency: Currency) -> [String: String] {
        [
            "reference": reference, "kind": kind.rawValue, "label": label,
            "description": description, "category": category, "unit": unit,
            "unit_price": say.typed(unitPrice, currency), "vat": vat.code,
            "duration_hours": durationMinutes.map { String($0 / 60) } ?? "",
            "duration_minutes": durationMinutes.map { String($0 % 60) } ?? "",
            "keeps_stock": keepsStock ? "on" : "",
            "stock_quantity": keepsStock ? say.typed(stockQuantity) : "",
            "version": String(version),
        ]
    }
}
