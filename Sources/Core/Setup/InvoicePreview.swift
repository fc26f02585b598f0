import Basics
import Markup

/// An invoice with example lines, as the organisation’s would look.
struct InvoicePreview {
    let state: SetupState
    let request: Request

    init(_ state: SetupState, _ request: Request) {
        self.state = state
        self.request = request
    }

    private var say: Language { request.say }
    private var organisation: Organisation { request.organisation }

    var html: HTML {
        let invoice = state.series.first { $0.series == .invoice }
        let number = invoice.map { $0.pattern.number($0.next, on: request.today) } ?? ""
        return """
            <p class="lab">\(say("Aperçu de votre facture", "Preview of your invoice"))</p>
            <article class="paper"><div class="hd"><div class="brand">\(logo)</div>\
            <div class="ttl"><b>\(say("Facture", "Invoice"))</b><span>\(number)</span></div></div>\
            <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="1" fill="\(organisation.accentColor)"/></svg>\
            <div class="pt"><div><b>\(organisation.name)</b><address>\(seller.joined(separator: "\n"))</address></div>\
            <div><h3>\(say("Client", "Client"))</h3><b>Verrerie Clairbois</b><address>Nancy</address></div></div>\
            \(lines)<div class="lgl">\(bank)<p class="co">\(footer)</p></div></article>
            <p class="hint">\(say("Données d’exemple. Aucune facture n’est créée.", "Example data. No invoice is created."))</p>
            """
    }

    private var logo: HTML {
        guard let hash = state.logoHash else { return "\(organisation.name)" }
        return "<img src=\"/logo?v=\(hash.prefix(12))\" alt=\"\">"
    }

    private var seller: [String] {
        organisation.address.lines(home: organisation.address.country, in: say)
            + [organisation.email].filter { !$0.isEmpty }
    }

    /// 450 and 120 units of the currency, with the usual rate.
    private var lines: HTML {
        let unit = organisation.currency.minorUnitsPerUnit
        let (first, second) = (Amount(450 * unit), Amount(120 * unit))
        let rate = organisation.vatRegime == .normal ? organisation.defaultVATRate : .zero
        let tax = (first + second).share(rate)
        let rows: [(String, Amount)] = [
            (say("Prestation d’exemple", "Example service"), first),
            (say("Fourniture d’exemple × 2", "Example supply × 2"), second),
        ]
        return """
            <table class="pl"><tbody>\(rows, {
                "<tr><td class=\"d\">\($0.0)</td><td class=\"n t\">\(money($0.1))</td></tr>"
            })</tbody></table>
            <dl class="sums"><div><dt>\(say("TVA", "VAT")) \(say.percentage(rate))</dt><dd>\(money(tax))</dd></div>\
            <div class="big"><dt>\(say("Total à payer", "Total due"))</dt><dd>\(money(first + second + tax))</dd></div></dl>
            """
    }

    private func money(_ amount: Amount) -> String { say.money(amount, organisation.currency) }

    private var bank: HTML {
        organisation.iban.isEmpty ? .empty : "<p>IBAN \(organisation.shownIBAN)</p>"
    }

    private var footer: String {
        [
            organisation.legalForm,
            organisation.siren.isEmpty ? "" : "SIREN \(organisation.siren)",
            organisation.vatNumber.isEmpty
                ? "" : say("TVA", "VAT") + " \(organisation.vatNumber)",
        ].filter { !$0.isEmpty }.joined(separator: " · ")
    }
}
