import Basics

extension Organisation {
    /// What the forms of settings show, by the names of their fields.
    func formValues(_ say: Language) -> [String: String] {
        [
            "name": name, "legal_form": legalForm, "share_capital": shareCapital,
            "siren": grouped(siren, [3, 3, 3]), "siret": grouped(siret, [3, 3, 3, 5]),
            "vat_number": vatNumber, "trade_register": tradeRegister, "street": address.street,
            "street_more": address.streetMore, "postal_code": address.postalCode,
            "city": address.city, "country": address.country, "email": email,
            "phone": PhoneNumber.shown(phone), "website": website,
            "language": language.rawValue, "time_zone": timeZone, "currency": currency.code,
            "vat_regime": vatRegime.rawValue, "vat_on_debits": vatOnDebits ? "on" : "",
            "vat_exemption": vatExemption.rawValue,
            "prices_include_vat": pricesIncludeVAT ? "on" : "",
            "default_vat_rate": say.decimal(
                defaultVATRate.hundredths, decimals: Percentage.decimals),
            "iban": shownIBAN, "bic": bic, "payment_days": String(paymentDays),
            "payment_end_of_month": paymentEndOfMonth ? "on" : "",
            "quote_validity_days": String(quoteValidityDays), "late_penalty": latePenalty,
            "discount_terms": discountTerms, "invoice_footer": invoiceFooter,
            "accent_color": accentColor, "version": String(version),
        ]
    }

    /// In groups of four, as banks write it.
    public var shownIBAN: String {
        grouped(iban, Array(repeating: 4, count: iban.count / 4 + 1))
    }

    /// A French VAT number to propose when there is none yet and one is due.
    var proposedVATNumber: String? {
        guard vatNumber.isEmpty, vatRegime == .normal else { return nil }
        return CompanyNumbers.frenchVATNumber(siren: siren)
    }
}

private func grouped(_ text: String, _ lengths: [Int]) -> String {
    var rest = Substring(text)
    var groups: [Substring] = []
    for length in lengths where !rest.isEmpty {
        groups.append(rest.prefix(length))
        rest = rest.dropFirst(length)
    }
    return groups.joined(separator: " ")
}
