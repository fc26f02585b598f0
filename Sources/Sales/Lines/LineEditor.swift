import Basics
import Core
import Markup

/// The editor of the lines of a quote, an order or an invoice: rows of fields, the row that adds one,
/// and totals from the one arithmetic. It works by posting the form; a script only spares the page.
public struct LineEditor {
    let drafts: LineDrafts
    let checked: CheckedLines
    let rules: LineRules
    let items: KnownItems
    /// Offered by browsers without a script, under the row that adds a line.
    let catalogue: [ItemFacts]
    /// What stands below the name of a line, such as what is already invoiced of it.
    let remarks: [DocumentLine.ID: String]
    let problems: [String: Text]
    let say: Language
    let icon: Icon
    let fields: FormFields

    /// `problems` are those to show: all of them after a refusal, none on the first showing.
    public init(
        _ drafts: LineDrafts, _ rules: LineRules, items: KnownItems, catalogue: [ItemFacts] = [],
        remarks: [DocumentLine.ID: String] = [:], problems: [FieldProblem] = [],
        _ request: Request
    ) {
        self.drafts = drafts
        self.rules = rules
        self.items = items
        self.catalogue = catalogue
        self.remarks = remarks
        checked = drafts.checked(rules)
        self.problems = Dictionary(
            problems.map { ($0.field, $0.message) }, uniquingKeysWith: { first, _ in first })
        say = request.say
        icon = request.icon
        fields = FormFields([:], [], request)
    }

    /// What is wrong in the fields that were filled in: shown while lines are still being typed.
    public static func problemsWhileTyping(_ drafts: LineDrafts, _ rules: LineRules)
        -> [FieldProblem]
    {
        drafts.checked(rules).problems.filter { $0.message != Input.missing }
    }

    /// The first button of the form, which Enter presses.
    public static var enterButton: HTML {
        """
        <button class="sr" name="op" value="enter" formnovalidate tabindex="-1" \
        aria-hidden="true"></button>
        """
    }

    /// The card with all rows.
    public var table: HTML {
        """
        <section class="card lines" id="lines" data-region aria-labelledby="h-l"><header>\
        <h2 id="h-l">\(say("Lignes", "Lines"))</h2><span class="sub">\(summary)</span></header>\
        <table class="lg" role="table" aria-labelledby="h-l"><thead role="rowgroup">\(headings)</thead>\
        <tbody role="rowgroup">\(drafts.lines.indices, row)</tbody></table>\(addRow)</section>
        """
    }

    private var summary: String {
        let count = drafts.lines.count { $0.kind == .item }
        let sections = drafts.lines.count { $0.kind == .section }
        let lines = say.count(count, Text("ligne", "line"), Text("lignes", "lines"))
        if sections == 0 { return lines }
        return lines + ", "
            + say.count(sections, Text("section", "section"), Text("sections", "sections"))
    }

    /// Of the price column.
    var priceLabel: Text {
        rules.pricesIncludeVAT
            ? Text("Prix TTC", "Price with VAT") : Text("Prix HT", "Price")
    }

    var priceHeading: HTML {
        "<span id=\"price-head\" data-live>\(say(priceLabel))</span>"
    }

    private var headings: HTML {
        func text(_ french: String, _ english: String) -> HTML { "\(say(french, english))" }
        let names: [(StaticString, HTML)] = [
            ("", text("Désignation", "Description")), ("w-q n", text("Quantité", "Quantity")),
            ("w-u", text("Unité", "Unit")), ("w-p n", priceHeading),
            ("w-r n", text("Remise", "Discount")), ("w-v n", text("TVA", "VAT")),
            ("w-t n", text("Net HT", "Net")),
        ]
        return """
            <tr role="row"><th role="columnheader" scope="col" class="w-h">\
            <span class="sr">\(say("Ordre", "Order"))</span></th>\
            \(names, { "<th role=\"columnheader\" scope=\"col\" class=\"\($0.0.description)\">\($0.1)</th>" })\
            <th role="columnheader" scope="col" class="w-m">\
            <span class="sr">\(say("Actions", "Actions"))</span></th></tr>
            """
    }

    private var addRow: HTML {
        let name = say(
            "Ajouter une ligne : article, référence ou texte libre",
            "Add a line: item, reference or free text")
        return """
            <div class="add"><div class="q has-ta">\(icon("plus"))<label class="sr" for="new">\(name)</label>\
            <input class="in" id="new" name="new[label]" value="\(drafts.newLabel)" maxlength="500" \
            placeholder="\(say("Article, référence ou texte libre", "Item, reference or free text"))" \
            data-suggest="/items/suggest" data-then="#add" data-clears="new[item]" autocomplete="off"\
            \(attribute: "list", catalogue.isEmpty ? nil : "catalogue")\
            \(attribute: "autofocus", if: drafts.lines.isEmpty && drafts.focus == nil)>\
            <input type="hidden" name="new[item]" value="\(drafts.newItemID.map(\.description) ?? "")">\
            <kbd aria-hidden="true">\(icon("corner-down-left"))\(say("Entrée", "Enter"))</kbd></div>\
            <button class="btn" id="add" name="op" value="add" formnovalidate>\(say("Ajouter", "Add"))</button>\
            <span class="sp"></span>\
            <button class="btn g" name="op" value="section" formnovalidate>\(icon("heading"))\
            \(say("Section", "Section"))</button>\
            <button class="btn g" name="op" value="text" formnovalidate>\(icon("pencil"))\
            \(say("Texte", "Text"))</button>\
            <button class="btn g" name="op" value="allowance" formnovalidate \
            title="\(say("Sur tout le document", "On the whole document"))">\(icon("minus"))\
            \(say("Remise", "Discount"))</button>\
            <button class="btn g" name="op" value="charge" formnovalidate \
            title="\(say("Port, emballage, autres frais", "Carriage, packing, other charges"))">\(icon("plus"))\
            \(say("Frais", "Charge"))</button>\(limitNote)</div>
            """
    }

    private var limitNote: HTML {
        guard drafts.isFull else { return .empty }
        return "<p class=\"err\">\(icon("circle-alert"))\(say(LineDrafts.tooManyLines))</p>"
    }

    /// Names of items for browsers that run no script; scripts bring their own list.
    public var datalist: HTML {
        guard !catalogue.isEmpty else { return .empty }
        return """
            <datalist id="catalogue">\(catalogue, { item in
                """
                <option value="\(item.label)">\(item.reference), \
                \(say.price(item.unitPrice, rules.currency))\u{A0}\(rules.currency.symbol)</option>
                """
            })</datalist>
            """
    }
}
