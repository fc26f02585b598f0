import Basics
import Core
import Markup

extension LineEditor {
    public var sums: DocumentTotals { DocumentTotals(checked.lines, in: rules.currency) }

    /// The totals, computed text only, so that a live answer may replace them whole.
    public var totals: HTML {
        let sums = sums
        return """
            <div class="tot" id="totals" data-region data-live><dl>\(discounts(sums))\(adjustments(sums))\
            \(sumRow(Text("Total HT", "Total net"), sums.net, sum: true))</dl>\(vatTable(sums))\
            <dl>\(if: sums.rounding != .zero, sumRow(Text("Arrondi", "Rounding"), sums.rounding))<div class="grand"><dt>\(say("Total TTC", "Total due"))</dt>\
            <dd>\(money(sums.gross))</dd></div></dl></div>
            """
    }

    /// The total for the bar at the bottom of the page.
    public var total: HTML {
        """
        <span>\(say("Total TTC", "Total due")) <b id="grand" data-live>\(money(sums.gross))</b></span>
        """
    }

    /// Only what is computed: the answer while somebody types.
    public var live: HTML {
        drafts.lines.indices.filter { drafts.lines[$0].kind != .text }.map(net).joined()
            + totals + total + priceHeading
    }

    /// Answers `…/preview`: computes what was typed so far, and stores nothing.
    public static func preview(_ request: Request) throws -> Reply {
        let currency = request.http.query["currency"].flatMap { Currency(code: $0) }
        let fields = try request.form().fields
        let rules = LineRules(
            request.organisation, currency: currency ?? request.currency, say: request.say,
            pricesIncludeVAT: EditorForm.pricesIncludeVAT(fields["prices"]),
            on: request.today)
        let drafts = LineDrafts(fields) { request.newID() }
        return .fragment(LineEditor(drafts, rules, items: .none, request).live)
    }

    private func money(_ amount: Amount) -> String { say.money(amount, rules.currency) }

    private func discounts(_ sums: DocumentTotals) -> HTML {
        guard sums.discount != .zero, !rules.pricesIncludeVAT else { return .empty }
        return sumRow(Text("Avant remises", "Before discounts"), sums.beforeDiscount)
            + sumRow(Text("Remises", "Discounts"), -sums.discount)
    }

    private func adjustments(_ sums: DocumentTotals) -> HTML {
        guard sums.allowances != .zero || sums.charges != .zero else { return .empty }
        return sumRow(Text("Total des lignes HT", "Lines, net"), sums.lineNet)
            + checked.lines.filter(\.isAdjustment).map { line in
                sumRow(
                    Text(line.describedLabel(.french), line.describedLabel(.english)),
                    line.netAmount(in: rules.currency))
            }.joined()
    }

    private func sumRow(_ label: Text, _ amount: Amount, sum: Bool = false) -> HTML {
        """
        <div class="r\(sum ? " sum" : "")"><dt>\(say(label))</dt><dd>\(money(amount))</dd></div>
        """
    }

    private func vatTable(_ sums: DocumentTotals) -> HTML {
        guard rules.chargesVAT else {
            return "<p class=\"hint\">\(LegalTexts.franchise)</p>"
        }
        guard !sums.vatRows.isEmpty else { return .empty }
        return """
            <table class="vat"><caption class="sr">\(say("TVA par taux", "VAT by rate"))</caption>\
            <thead><tr><th scope="col">\(say("TVA", "VAT"))</th><th scope="col">\(say("Base HT", "Net"))</th>\
            <th scope="col">\(say("Montant", "Amount"))</th></tr></thead><tbody>\
            \(sums.vatRows, { row in
                """
                <tr><th scope="row">\(row.rate.label(in: say))</th><td>\(money(row.base))</td>\
                <td>\(money(row.vat))</td></tr>
                """
            })</tbody></table>
            """
    }
}

extension Request {
    /// Identifiers for what a form adds before it is stored.
    func newID<Record>() -> ID<Record> { ID(UniqueID.make(at: now)) }
}
