import Basics
import Database

/// How the organisation invoices: tax and currency, bank and terms.
struct InvoicingDraft: OrganisationDraft {
    var vat: VATDraft
    var terms: TermsDraft

    init(_ input: inout Input, _ organisation: Organisation) {
        vat = VATDraft(&input, organisation)
        terms = TermsDraft(&input, organisation)
    }

    func update(_ id: Organisation.ID) -> SQL {
        """
        UPDATE organisations SET vat_regime = \(vat.regime), vat_on_debits = \(vat.onDebits),
            default_vat_rate = \(vat.defaultRate),
            prices_include_vat = \(vat.pricesIncludeVAT),
            vat_exemption = \(vat.exemption), vat_number = \(vat.vatNumber),
            currency = \(vat.currency), iban = \(terms.iban), bic = \(terms.bic),
            payment_days = \(terms.paymentDays),
            payment_end_of_month = \(terms.paymentEndOfMonth),
            quote_validity_days = \(terms.quoteValidityDays),
            late_penalty = \(terms.latePenalty), discount_terms = \(terms.discountTerms),
            invoice_footer = \(terms.invoiceFooter), version = version + 1
        WHERE id = \(id)
        """
    }
}

/// Which VAT is charged, and in which currency amounts stand.
struct VATDraft: OrganisationDraft {
    var regime: Organisation.VATRegime
    var defaultRate: Percentage
    var onDebits: Bool
    var pricesIncludeVAT: Bool
    var exemption: VATExemption
    var vatNumber: String
    var currency: Currency

    init(_ input: inout Input, _ organisation: Organisation) {
        regime = input.choice("vat_regime", or: organisation.vatRegime)
        onDebits = input.flag("vat_on_debits")
        pricesIncludeVAT = input.flag("prices_include_vat")
        exemption =
            input.has("vat_exemption")
            ? input.choice("vat_exemption", or: organisation.vatExemption)
            : organisation.vatExemption
        vatNumber = organisation.vatNumber
        currency = organisation.currency
        defaultRate = organisation.defaultVATRate
        let rate = input.percentage("default_vat_rate")
        if regime == .franchise {
            onDebits = false
            pricesIncludeVAT = false
        } else if let rate {
            defaultRate = rate
            checkRate(&input, country: organisation.address.country)
        } else {
            input.refuse("default_vat_rate", Input.missing)
        }
        readCurrency(&input)
        if input.has("vat_number") { readNumber(&input, organisation) }
    }

    func update(_ id: Organisation.ID) -> SQL {
        """
        UPDATE organisations SET vat_regime = \(regime), vat_on_debits = \(onDebits),
            default_vat_rate = \(defaultRate), prices_include_vat = \(pricesIncludeVAT),
            vat_exemption = \(exemption), vat_number = \(vatNumber), currency = \(currency),
            version = version + 1
        WHERE id = \(id)
        """
    }

    private func checkRate(_ input: inout Input, country: String) {
        guard defaultRate > .zero,
            let objection = VATTable.objection(to: defaultRate, from: country, on: nil)
        else { return }
        input.refuse("default_vat_rate", objection)
    }

    private mutating func readCurrency(_ input: inout Input) {
        let code = input.line("currency", most: 3)
        if code.isEmpty { return }
        guard let currency = Currency(code: code) else {
            input.refuse("currency", Text("Devise inconnue.", "Unknown currency."))
            return
        }
        self.currency = currency
    }

    private mutating func readNumber(_ input: inout Input, _ organisation: Organisation) {
        let siren = organisation.siren
        vatNumber = CompanyNumbers.compact(input.line("vat_number", most: 30))
        if vatNumber.isEmpty { return }
        if !CompanyNumbers.isTaxNumber(vatNumber, in: organisation.address.country) {
            input.refuse(
                "vat_number", Text("Ce numéro est faux.", "This number is wrong."))
        } else if vatNumber.hasPrefix("FR"), !siren.isEmpty, !vatNumber.hasSuffix(siren) {
            input.refuse(
                "vat_number",
                Text(
                    "Ce numéro de TVA n’est pas celui de votre SIREN.",
                    "This VAT number is not that of your SIREN."))
        }
    }
}

/// Where clients pay, when, and what invoices and quotes say of it.
struct TermsDraft: OrganisationDraft {
    var iban: String
    var bic: String
    var paymentDays: Int
    var paymentEndOfMonth: Bool
    var quoteValidityDays: Int
    var latePenalty: String
    var discountTerms: String
    var invoiceFooter: String

    static let longestText = 500

    init(_ input: inout Input, _ organisation: Organisation) {
        iban = CompanyNumbers.compact(input.line("iban", most: 60))
        bic = CompanyNumbers.compact(input.line("bic", most: 20))
        paymentDays = TermsDraft.days(&input, "payment_days", 0...120, organisation.paymentDays)
        paymentEndOfMonth = input.flag("payment_end_of_month")
        quoteValidityDays = TermsDraft.days(
            &input, "quote_validity_days", 1...365, organisation.quoteValidityDays)
        latePenalty = TermsDraft.sentence(&input, "late_penalty", organisation.latePenalty)
        discountTerms = TermsDraft.sentence(&input, "discount_terms", organisation.discountTerms)
        invoiceFooter = organisation.invoiceFooter
        if input.has("invoice_footer") {
            invoiceFooter = input.text("invoice_footer", most: TermsDraft.longestText)
        }
        if !iban.isEmpty, !CompanyNumbers.isIBAN(iban) {
            input.refuse(
                "iban",
                Text(
                    "Cet IBAN est faux : vérifiez chaque chiffre, clé comprise.",
                    "This IBAN is wrong: check each digit."))
        }
        if !bic.isEmpty, !CompanyNumbers.isBIC(bic) {
            input.refuse(
                "bic",
                Text(
                    "Ce BIC est faux : 8 ou 11 caractères.",
                    "This BIC is wrong: 8 or 11 characters."))
        }
    }

    func update(_ id: Organisation.ID) -> SQL {
        """
        UPDATE organisations SET iban = \(iban), bic = \(bic), payment_days = \(paymentDays),
            payment_end_of_month = \(paymentEndOfMonth),
            quote_validity_days = \(quoteValidityDays), late_penalty = \(latePenalty),
            discount_terms = \(discountTerms), invoice_footer = \(invoiceFooter),
            version = version + 1
        WHERE id = \(id)
        """
    }

    private static func days(
        _ input: inout Input, _ field: String, _ range: ClosedRange<Int>, _ fallback: Int
    ) -> Int {
        let before = input.problems.count
        if let days = input.whole(field, in: range) { return days }
        if input.problems.count == before { input.refuse(field, Input.missing) }
        return fallback
    }

    /// A sentence that the law wants on invoices between professionals.
    private static func sentence(
        _ input: inout Input, _ field: String, _ current: String
    ) -> String {
        guard input.has(field) else { return current }
        let text = input.text(field, most: longestText)
        if text.isEmpty { input.refuse(field, Input.missing) }
        return text
    }
}
