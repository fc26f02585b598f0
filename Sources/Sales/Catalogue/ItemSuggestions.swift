import Basics
import Core
import Markup

/// Options of a type-ahead field that wants an item: choosing one fills its row.
struct ItemSuggestions {
    let items: [ItemFacts]
    let words: String
    let rules: LineRules
    let say: Language

    init(_ items: [ItemFacts], _ words: String, _ request: Request) {
        self.items = items
        self.words = words
        say = request.say
        rules = LineRules(request.organisation, currency: request.currency, say: request.say)
    }

    var list: HTML {
        guard !items.isEmpty else {
            return """
                <ul role="listbox"><li class="none" role="presentation">\
                \(say("Hors catalogue : la ligne sera libre", "Not in the catalogue: a free line"))</li></ul>
                """
        }
        return
            "<ul role=\"listbox\" aria-label=\"\(say(Section.catalogue.label))\">\(items, option)</ul>"
    }

    private func option(_ item: ItemFacts) -> HTML {
        // A reference typed in full is a sure match, which Enter takes at once.
        let isSure = PlainText.folded(item.reference) == PlainText.folded(words)
        let price = say.price(item.unitPrice, rules.currency) + "\u{A0}" + rules.currency.symbol
        return """
            <li class="opt" role="option" data-value="\(item.label)" data-fill="\(fill(item))"\
            \(attribute: "aria-selected", isSure ? "true" : nil)>\
            <span><b>\(marked(item.label))</b><small>\(item.reference)</small></span>\
            <span class="pr">\(price)\(stock(item))</span></li>
            """
    }

    private func fill(_ item: ItemFacts) -> String {
        JSON.object([
            ("item", JSON(item.id)), ("description", .string(item.description)),
            ("unit", .string(item.unit)),
            ("unit_price", .string(say.typed(item.unitPrice, rules.currency))),
            ("vat", .string(rules.vat(item.vat).code)),
        ]).text
    }

    private func stock(_ item: ItemFacts) -> HTML {
        guard let stock = item.stock else { return .empty }
        let text = say.quantity(stock) + " " + say("en stock", "in stock")
        return "<small\(attribute: "class", stock <= .zero ? "low" : nil)>\(text)</small>"
    }

    /// The beginning of each word that was looked for, marked.
    private func marked(_ label: String) -> HTML {
        let wanted = PlainText.folded(words).split(separator: " ")
        return label.split(separator: " ", omittingEmptySubsequences: false).map { word -> HTML in
            let found = wanted.filter { PlainText.folded(String(word.prefix($0.count))) == $0 }
            guard let length = found.map(\.count).max() else { return "\(String(word)) " }
            return "<mark>\(String(word.prefix(length)))</mark>\(String(word.dropFirst(length))) "
        }.joined()
    }
}
