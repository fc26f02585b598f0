import Basics
import Core
import Markup

/// VAT by rate of a period, each figure a link to the rows behind it.
struct VATReportPage {
    let filter: VATFilter
    let report: VATReport
    let request: Request

    static let title = Text("Rapport de TVA", "VAT report")

    private var say: Language { request.say }
    private func money(_ amount: Amount) -> String { say.money(amount, request.currency) }

    var page: Page {
        Page(
            title: say(Self.title), section: .books,
            body: """
                \(ListParts.title(say(Self.title), actions: ExportMenu(filter.address, request).html))
                \(basis)\(periods)
                <div class="stack">\(report.rates.isEmpty ? nothing : table)
                <p class="note">\(request.icon("info"))<span>\(note)</span></p></div>
                """)
    }

    private var basis: HTML {
        """
        <nav class="seg" aria-label="\(say("Exigibilité", "When VAT is due"))">\(VATBasis.allCases, { one in
            """
            <a href="\(filter.address.with("basis", one.rawValue).text)"\
            \(attribute: "aria-current", one == filter.basis ? "true" : nil)>\(say(one.label))</a>
            """
        })</nav>
        """
    }

    private var periods: HTML {
        let kinds: [StatisticsPeriod.Kind] = [.month, .quarter, .year]
        let period = filter.period
        func step(_ by: Int, _ icon: StaticString, _ label: Text) -> HTML {
            let day = period.neighbour(by).lowerBound.iso
            let kind = kinds.contains(period.kind) ? period.kind : .month
            let address = filter.address.with("from", nil).with("to", nil)
                .with("period", kind.rawValue).with("on", day)
            return """
                <a class="btn sm sq" href="\(address.text)" aria-label="\(say(label))">\(request.icon(icon))</a>
                """
        }
        return """
            <div class="lh"><h2 class="part">\(period.label(say))</h2><div class="acts">\
            \(step(-1, "chevron-left", Text("Période précédente", "Previous period")))\
            \(step(1, "chevron-right", Text("Période suivante", "Next period")))\
            <nav class="seg" aria-label="\(say("Période", "Period"))">\(kinds, { kind in
                """
                <a href="\(filter.address.with("from", nil).with("to", nil).with("period", kind.rawValue).text)"\
                \(attribute: "aria-current", kind == period.kind ? "true" : nil)>\(say(kind.label))</a>
                """
            })</nav></div></div>
            """
    }

    private var note: String {
        filter.basis == .receipts
            ? say(
                "TVA des sommes encaissées sur chaque facture, au prorata, moins celle des avoirs remboursés. Ne distingue pas biens et services : la TVA des ventes de biens est due à la livraison. Les soldes de départ n’y sont pas.",
                "VAT within money received for each invoice, in proportion, less that of credit notes paid back. Goods and services are not told apart: VAT on goods is due on delivery. Opening balances are left out."
            )
            : say(
                "TVA des factures émises moins celle des avoirs, à leur date. Les soldes de départ n’y sont pas.",
                "VAT of issued invoices less that of credit notes, on their days. Opening balances are left out."
            )
    }

    private var nothing: HTML {
        ListParts.empty(
            say("Rien sur cette période", "Nothing in this period"),
            say("Choisissez une autre période.", "Choose another period."))
    }

    private var table: HTML {
        """
        <section class="card list" id="list" aria-label="\(say(Self.title))"><div class="scroll" tabindex="0" \
        role="group" aria-label="\(say(Self.title))"><table class="tbl cards"><thead><tr>\
        <th scope="col">\(say("Taux", "Rate"))</th><th scope="col" class="n">\(say("Base HT", "Base"))</th>\
        <th scope="col" class="n">\(say("TVA", "VAT"))</th></tr></thead><tbody>\(report.rates, row)\
        <tr><td class="w"><b>\(say("Total", "Total"))</b></td><td class="n" data-label="\(say("Base HT", "Base"))"><b>\(money(report.base))</b></td>\
        <td class="n amt"><b>\(money(report.vat))</b></td></tr></tbody></table></div></section>
        """
    }

    private func row(_ rate: ClosedVATRow) -> HTML {
        let address = filter.rowsAddress.with("category", rate.category.rawValue)
            .with("rate", String(rate.percentage.hundredths)).text
        return """
            <tr><td class="w">\(rate.label(say))</td><td class="n" data-label="\(say("Base HT", "Base"))"><a href="\(address)">\(money(rate.base))</a></td>\
            <td class="n amt"><a href="\(address)">\(money(rate.vat))</a></td></tr>
            """
    }
}

/// The documents or receipts behind a figure of the VAT report.
struct VATReportRowsPage {
    let filter: VATFilter
    let listing: Listing<VATReportRow>
    let report: VATReport
    let request: Request

    private var say: Language { request.say }

    static let headings = [
        Text("Date", "Day"), Text("Paiement", "Payment"), Text("Pièce", "Document"),
        Text("Client", "Client"), Text("Taux", "Rate"), Text("Base HT", "Base"),
        Text("TVA", "VAT"),
    ]

    var page: Page {
        let title = say("Détail de la TVA", "VAT in detail")
        let controls = ListControls(request, filter.rowsAddress, filter.query, sort: "")
        let classes = ["", "k2", "", "w", "k1", "n", "n"]
        let headings = zip(Self.headings, classes).map { controls.parts.heading($0, cssClass: $1) }
        return Page(
            title: title, section: .books,
            path: [(title: say(VATReportPage.title), address: filter.address.text)],
            body: """
                \(ListParts.title(
                    title, count: say.money(report.vat, request.currency) + " · " + filter.period.label(say),
                    actions: ExportMenu(filter.rowsAddress, request).html))
                \(listing.rows.isEmpty
                    ? controls.nothingFound(Text("Rien ici", "Nothing here"))
                    : controls.table(
                        Text("Détail de la TVA", "VAT in detail"), headings.joined(),
                        listing.rows.map(row).joined(), count: listing.rows.count, next: listing.next))
                """)
    }

    private func row(_ row: VATReportRow) -> HTML {
        """
        <tr><td data-label="\(say("Date", "Day"))">\(say.day(row.day))</td>
        <td class="k2" data-label="\(say("Paiement", "Payment"))">\(row.payment)</td>
        <td><a class="id" href="/invoices/\(row.invoiceID)">\(row.number)</a></td>
        <td class="w">\(row.clientName)</td>
        <td class="k1" data-label="\(say("Taux", "Rate"))">\(row.rate.label(say))</td>
        <td class="n" data-label="\(say("Base HT", "Base"))">\(say.money(row.rate.base, request.currency))</td>
        <td class="n amt">\(say.money(row.rate.vat, request.currency))</td></tr>
        """
    }
}
