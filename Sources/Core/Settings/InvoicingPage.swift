import Basics
import Markup

/// The settings of how the organisation invoices.
struct InvoicingPage {
    let fields: FormFields
    let currencyIsFixed: Bool
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], currencyIsFixed: Bool,
        _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.currencyIsFixed = currencyIsFixed
        self.request = request
    }

    var page: Page {
        let say = request.say
        let vat = VATFields(fields, currencyIsFixed: currencyIsFixed, request)
        let terms = TermsFields(fields, request)
        return SettingsFrame(tab: .invoicing, request: request).form(
            fields,
            FieldCard.card(
                say("TVA et devise", "VAT and currency"), vat.regime + vat.rate + vat.currency)
                + FieldCard.card(
                    say("Banque", "Bank"),
                    note: say(
                        "Vos clients lisent cet IBAN sur chaque facture.",
                        "Your clients read this IBAN on each invoice."), terms.bank)
                + FieldCard.card(say("Délais", "Terms"), terms.delays)
                + FieldCard.card(
                    say("Mentions", "Legal texts"),
                    note: say(
                        "Les deux premières sont obligatoires entre professionnels.",
                        "The law wants the first two between professionals."), terms.texts))
    }
}

/// The fields of VAT and currency.
struct VATFields {
    let fields: FormFields
    let currencyIsFixed: Bool
    let request: Request

    init(_ fields: FormFields, currencyIsFixed: Bool, _ request: Request) {
        self.fields = fields
        self.currencyIsFixed = currencyIsFixed
        self.request = request
    }

    private var say: Language { request.say }

    var regime: HTML {
        let choices: [(Organisation.VATRegime, Text, Text)] = [
            (
                .normal, Text("Je facture la TVA", "I charge VAT"),
                Text("Régime réel, normal ou simplifié.", "Normal or simplified scheme.")
            ),
            (
                .franchise, Text("Franchise en base", "VAT exemption"),
                Text(
                    "Pas de TVA ; la mention de l’article 293 B est ajoutée.",
                    "No VAT; the mention of article 293 B is added.")
            ),
        ]
        return """
            <fieldset class="field" id="\(fields.id("vat_regime"))"><legend>\(say("Régime de TVA", "VAT scheme"))</legend>\
            <div class="choices">\(choices, { choice in
                """
                <label class="choice"><input type="radio" name="vat_regime" value="\(choice.0.rawValue)"\
                \(attribute: "checked", if: fields["vat_regime"] == choice.0.rawValue)>\
                <b>\(say(choice.1))</b><small>\(say(choice.2))</small></label>
                """
            })</div>\(fields.errorLine("vat_regime"))</fieldset>
            """
    }

    var rate: HTML {
        """
        \(fields.input("default_vat_rate", Text("Taux habituel", "Usual rate"), width: .third, hint: Text("Proposé sur les nouvelles lignes.", "Offered on new lines."), unit: "%", maximum: 6))
        <div class="tt">\(fields.check("vat_on_debits", Text("TVA d’après les débits", "VAT on invoicing"), hint: Text("Option déclarée aux impôts ; la mention paraît sur les factures.", "An option declared to the tax office; invoices mention it.")))</div>
        <div class="tt">\(fields.check("prices_include_vat", Text("Prix TTC", "Prices with VAT"), hint: Text("Pour la vente aux particuliers : vos prix se saisissent TTC, le hors taxes s’en déduit. Se change sur chaque document.", "For sales to private clients: prices are typed with VAT, and the net follows. Each document can change it.")))</div>
        \(if: request.organisation.address.country == "FR", exemption)
        """
    }

    private var exemption: HTML {
        fields.select(
            "vat_exemption", Text("Motif d’exonération", "Reason of exemption"),
            VATExemption.allCases.map { ($0.rawValue, say($0.label)) }, width: .half,
            hint: Text(
                "Pour les lignes exonérées ; chaque facture peut en dire un autre.",
                "For exempt lines; each invoice can say another."))
    }

    var currency: HTML {
        guard currencyIsFixed else {
            return fields.select(
                "currency", Text("Devise", "Currency"),
                Currency.all.map { ($0.code, "\($0.code) · \($0.symbol)") }, width: .third,
                hint: Text(
                    "Fixée dès le premier devis ou la première facture.",
                    "Fixed from the first quote or invoice on."))
        }
        let code = request.organisation.currency.code
        return fields.field(
            "currency", Text("Devise", "Currency"), .third, required: false,
            hint: Text(
                "Des documents existent : elle ne change plus.",
                "Documents exist: it cannot change any more."),
            """
            <input class="in" id="\(fields.id("currency"))" name="currency" value="\(code)" readonly\
            \(fields.described("currency", Text("", "")))>
            """)
    }
}

/// The fields of bank, delays and legal texts.
struct TermsFields {
    let fields: FormFields
    let request: Request

    init(_ fields: FormFields, _ request: Request) {
        self.fields = fields
        self.request = request
    }

    var bank: HTML {
        """
        \(fields.input("iban", Text("IBAN", "IBAN"), width: .twoThirds, maximum: 60))
        \(fields.input("bic", Text("BIC", "BIC"), width: .third, maximum: 20))
        """
    }

    var delays: HTML {
        """
        \(fields.input("payment_days", Text("Paiement des factures", "Payment of invoices"), width: .third, hint: Text("60 jours au plus entre professionnels.", "At most 60 days between professionals."), unit: say("j", "d"), maximum: 3))
        \(fields.input("quote_validity_days", Text("Validité des devis", "Validity of quotes"), width: .third, unit: say("j", "d"), maximum: 3))
        <div class="t">\(fields.check("payment_end_of_month", Text("Fin de mois", "End of month"), hint: Text("Le délai court jusqu’à la fin du mois.", "The term runs to the end of the month.")))</div>
        """
    }

    var texts: HTML {
        """
        \(fields.textArea("late_penalty", Text("Pénalités de retard", "Late penalties")))
        \(fields.textArea("discount_terms", Text("Escompte", "Discount"), rows: 2))
        \(fields.textArea("invoice_footer", Text("Pied de page des factures", "Invoice footer"), rows: 2, hint: Text("Facultatif, comme une assurance décennale.", "Optional, such as an insurance.")))
        """
    }

    private func say(_ french: String, _ english: String) -> String {
        request.say(french, english)
    }
}
