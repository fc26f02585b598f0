import Basics
import Core
import EInvoice
import Markup

/// "Détail du calcul": every line, allowance, charge, rate and total of a document, with what was rounded.
struct CalculationPage {
    let calculation: Calculation
    let section: Section
    let request: Request

    init(_ calculation: Calculation, _ section: Section, _ request: Request) {
        self.calculation = calculation
        self.section = section
        self.request = request
    }

    private var say: Language { request.say }
    private var currency: Currency { calculation.currency }
    private var parts: RecordParts { RecordParts(request) }

    var page: Page {
        let title = say("Détail du calcul", "How totals were made")
        return Page(
            title: title, section: section,
            path: [(title: calculation.title, address: calculation.path)],
            body: """
                <div class="lh"><div><h1>\(title)</h1><p class="mut">\(calculation.title)</p></div></div>\
                <div class="stack">\(lines)\(adjustments)\(rates)\(totals)</div>
                """)
    }

    private func amount(_ amount: Amount) -> String { say.amount(amount, currency) }
    /// As it is before rounding, every digit of it.
    private func exact(_ numeral: Numeral) -> String {
        let text = numeral.text(atLeast: currency.exponent)
        return say == .french ? text.replacing(".", with: ",") : text
    }

    private func table(
        _ id: String, _ title: Text, _ headings: [Text], words: Int, _ rows: [[HTML]]
    ) -> HTML {
        let heads = headings.enumerated().map { index, heading -> HTML in
            "<th scope=\"col\"\(attribute: "class", index < words ? nil : "n")>\(say(heading))</th>"
        }.joined()
        let body = rows.map { row -> HTML in
            let cells = row.enumerated().map { index, cell -> HTML in
                """
                <td class="\(index < words ? "w" : "n")"\(attribute: "data-label", index < words ? nil : say(headings[index]))>\(cell)</td>
                """
            }.joined()
            return "<tr>\(cells)</tr>"
        }.joined()
        return parts.card(
            id, title,
            """
            <div class="scroll" tabindex="0" role="group" aria-label="\(say(title))">\
            <table class="tbl cards"><thead><tr>\(heads)</tr></thead><tbody>\(body)</tbody></table></div>
            """)
    }

    private var lines: HTML {
        var headings = [
            Text("Ligne", "Line"), Text("Quantité × prix", "Quantity × price"),
            Text("Avant arrondi", "Before rounding"), Text("Arrondi", "Rounded"),
            Text("Remise", "Discount"),
        ]
        if calculation.pricesIncludeVAT {
            headings.append(Text("Montant TTC", "With VAT"))
        }
        headings += [Text("TVA", "VAT"), Text("Net HT", "Net")]
        let rows = calculation.lines.map { step -> [HTML] in
            let line = step.line
            let product =
                say.quantity(line.quantity) + " × " + say.price(line.unitPrice, currency)
            var cells: [HTML] = [
                "\(step.number). \(line.label)", "\(product)", "\(exact(step.product))",
                "\(amount(step.rounded))", "\(discount(step))",
            ]
            if calculation.pricesIncludeVAT { cells.append("\(amount(step.typed))") }
            return cells + ["\(say.shortRate(line.vat))", "<b>\(amount(step.net))</b>"]
        }
        return table(
            "lines", Text("Lignes", "Lines"), headings, words: 1, rows)
    }

    private func discount(_ step: Calculation.Line) -> String {
        guard step.discount != .zero else { return "—" }
        guard case .percent(let percentage) = step.line.discount else {
            return amount(-step.discount)
        }
        return amount(-step.discount) + " (" + say.percentage(percentage) + ")"
    }

    private var adjustments: HTML {
        guard !calculation.shares.isEmpty else { return .empty }
        let rows = calculation.shares.map { share -> [HTML] in
            let base = share.part.base.map { base in
                amount(base) + " × " + share.line.percentageText(say)
            }
            return [
                "\(share.line.describedLabel(say))", "\(say.shortRate(share.part.rate))",
                "\(base ?? "—")", "\(amount(share.part.typed))", "<b>\(amount(share.part.net))</b>",
            ]
        }
        return table(
            "adjustments", Text("Remises et frais du document", "Allowances and charges"),
            [
                Text("Motif", "Reason"), Text("TVA", "VAT"), Text("Base × taux", "Base × rate"),
                calculation.pricesIncludeVAT
                    ? Text("Part TTC", "Share with VAT") : Text("Part", "Share"),
                Text("Net HT", "Net"),
            ], words: 1, rows)
    }

    private var rates: HTML {
        let isGross = calculation.pricesIncludeVAT
        var headings = [Text("TVA", "VAT")]
        if isGross { headings.append(Text("Saisi TTC", "Typed with VAT")) }
        headings += [
            Text("Base HT", "Net"), Text("Base × taux", "Net × rate"), Text("TVA arrondie", "VAT"),
        ]
        if isGross { headings.append(Text("Arrondi", "Rounding")) }
        let rows = calculation.rates.map { rate -> [HTML] in
            var cells: [HTML] = ["\(rate.row.rate.label(in: say))"]
            if isGross { cells.append("\(rate.typed.map(amount) ?? "—")") }
            cells += [
                "\(amount(rate.row.base))", "\(exact(rate.product))",
                "<b>\(amount(rate.row.vat))</b>",
            ]
            if isGross { cells.append("\(amount(rate.rounding))") }
            return cells
        }
        return table(
            "rates", Text("TVA, une fois par taux", "VAT, once for each rate"), headings, words: 1,
            rows) + explanation
    }

    /// Where VAT is not simply base × rate, why.
    private var explanation: HTML {
        let text: Text? =
            switch calculation.settlement {
            case .computed where calculation.pricesIncludeVAT:
                Text(
                    "Les prix sont TTC : la base de chaque taux est le net le plus proche du total saisi. Le centime qu’aucun net ne donne est l’arrondi.",
                    "Prices include VAT: the net of each rate is the one nearest to what was typed. The cent that no net gives is the rounding."
                )
            case .computed: nil
            case .deposit:
                Text(
                    "La TVA d’un acompte est celle que son montant comprend : montant × taux ÷ (100 + taux).",
                    "The VAT of a deposit is what its amount includes: amount × rate ÷ (100 + rate)."
                )
            case .creditNote:
                Text(
                    "La TVA est arrondie une fois sur tous les avoirs de la facture, pour que leur somme tombe juste.",
                    "VAT is rounded once over all credit notes of the invoice, so that they add up to it."
                )
            case .deducted:
                Text(
                    "Les acomptes déduits reprennent la TVA de leur facture, sans nouveau calcul.",
                    "Deposits that are taken off bring the VAT of their invoice, not computed anew."
                )
            }
        guard let text else { return .empty }
        return "<p class=\"note\">\(request.icon("info"))<span>\(say(text))</span></p>"
    }

    private var totals: HTML {
        let totals = calculation.totals
        var rows: [(Text, String, Amount)] = [
            (Text("Somme des lignes HT", "Sum of the lines"), "BT-106", totals.lineNet)
        ]
        if totals.allowances != .zero {
            rows.append((Text("Remises", "Allowances"), "BT-107", -totals.allowances))
        }
        if totals.charges != .zero {
            rows.append((Text("Frais", "Charges"), "BT-108", totals.charges))
        }
        rows += [
            (Text("Total HT", "Total without VAT"), "BT-109", totals.net),
            (Text("Total TVA", "Total VAT"), "BT-110", totals.vat),
            (Text("Total TTC", "Total with VAT"), "BT-112", calculation.withVAT),
        ]
        if calculation.prepaid != .zero {
            rows.append((Text("Déjà payé", "Paid already"), "BT-113", -calculation.prepaid))
        }
        if totals.rounding != .zero {
            rows.append((Text("Arrondi", "Rounding"), "BT-114", totals.rounding))
        }
        rows.append((Text("Net à payer", "Amount due"), "BT-115", calculation.due))
        return parts.card(
            "totals", Text("Totaux", "Totals"),
            """
            <div class="tot"><dl>\(rows.enumerated().map { index, row -> HTML in
                """
                <div class="\(index == rows.count - 1 ? "grand" : "r")"><dt>\(say(row.0)) <small class="mut">\(row.1)</small></dt>\
                <dd>\(say.money(row.2, currency))</dd></div>
                """
            }.joined())</dl></div>
            """)
    }
}
