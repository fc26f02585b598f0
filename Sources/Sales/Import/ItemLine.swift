import Basics
import Core

extension LineReader {
    private static let itemKinds = [
        "service": "service", "prestation": "service", "services": "service", "1": "service",
        "prestations": "service", "forfait": "service",
        "produit": "product", "product": "product", "article": "product", "produits": "product",
        "0": "product", "marchandise": "product", "bien": "product", "goods": "product",
    ]
    private static let units: [String: String] = {
        var words = Dictionary(
            Unit.allCases.flatMap { unit in
                [unit.rawValue, unit.label.french, unit.label.english]
                    .map { (PlainText.folded($0), unit.rawValue) }
            }, uniquingKeysWith: { first, _ in first })
        let others: [(Unit, [String])] = [
            (.unit, ["u", "unite", "unites", "units", "piece", "pieces", "pce", "pc"]),
            (.hour, ["h", "heures", "hours"]), (.day, ["j", "jours", "days", "jour homme"]),
            (.flatRate, ["ft", "fft", "forfaits", "ens", "ensemble"]),
            (.month, ["months"]), (.kilogram, ["kilo", "kilogramme"]), (.litre, ["l", "litres"]),
            (.metre, ["metre", "metres", "ml"]), (.squareMetre, ["m2", "metre carre"]),
            (.lot, ["lots"]),
        ]
        for (unit, names) in others { for name in names { words[name] = unit.rawValue } }
        return words
    }()

    func itemLine(_ row: inout ImportRow) -> StagedLine {
        row.choose("kind", LineReader.itemKinds)
        row.choose("unit", LineReader.units)
        row.number("unit_price", organisation.currency)
        if !row.has("label") { row.set("label", row["reference"]) }
        shortenLabel(&row)
        row.set("description", LineReader.text(row["description"]))
        if row.has("stock") {
            row.set("stock_quantity", row["stock"])
            row.set("keeps_stock", row["kind"] == "service" ? "" : "on")
            if !row.has("kind") { row.set("kind", "product") }
        }
        prepareRate(&row)
        var input = row.input()
        let draft = ItemDraft(&input, organisation)
        row.refuse(input.problems, ["stock": "stock_quantity"])
        var line = StagedLine(row)
        line.reference = draft.reference
        line.name = draft.label
        line.record = record(draft, row)
        line.shown = [
            "label": draft.label, "reference": draft.reference,
            "vat_rate": draft.vat.label(in: organisation.language),
            "unit_price": organisation.language.price(draft.unitPrice, organisation.currency),
            "unit": organisation.language(draft.unit.label),
        ]
        return line
    }

    /// Invoice Ninja has no label but a text of any length: its first line names the item, and what
    /// does not fit there is its description.
    private func shortenLabel(_ row: inout ImportRow) {
        let text = PlainText.lines(row["label"])
        let first = PlainText.line(String(text.prefix { $0 != "\n" }))
        guard text.contains("\n") || first.count > 200 else { return }
        row.set("label", String(first.prefix(200)))
        if !row.has("description") { row.set("description", text) }
    }

    /// `20`, `20,00 %`, `0.2`: a rate of the form's own writing.
    private func prepareRate(_ row: inout ImportRow) {
        guard row.has("vat_rate") else { return }
        let text = PlainText.line(row["vat_rate"].filter { $0 != "%" })
        guard var rate = try? ScaledDecimal.parse(text, decimals: 4),
            (0...1_000_000).contains(rate)
        else { return row.refuse("vat_rate", Text("taux illisible", "unreadable rate")) }
        // Spreadsheets keep 20 % as 0.2; no rate of VAT is that small.
        if [2000, 1000, 550, 210].contains(rate) { rate *= 100 }
        guard rate % 100 == 0 else {
            return row.refuse("vat_rate", Text("2 décimales au plus", "at most 2 decimals"))
        }
        let vat =
            organisation.vatRegime == .franchise || rate == 0
            ? VATRate(.exempt) : VATRate(.standard, Percentage(hundredths: rate / 100))
        row.set("vat", vat.code)
    }

    private func record(_ draft: ItemDraft, _ row: ImportRow) -> JSON {
        [
            "reference": .given(draft.reference), "label": .given(draft.label),
            "kind": row.has("kind") ? .string(draft.kind.rawValue) : .null,
            "description": .given(draft.description), "category": .given(draft.category),
            "unit": row.has("unit") ? .string(draft.unit.rawValue) : .null,
            "unit_price": .int(draft.unitPrice.millionths),
            "vat_category": row.has("vat") ? .string(draft.vat.category.rawValue) : .null,
            "vat_rate": row.has("vat") ? .int(draft.vat.percentage.hundredths) : .null,
            "duration_minutes": JSON(draft.durationMinutes),
            "stock_quantity": JSON(draft.stockQuantity?.tenThousandths),
            "is_active": row.flag("active").map(JSON.bool) ?? .null,
        ]
    }
}
