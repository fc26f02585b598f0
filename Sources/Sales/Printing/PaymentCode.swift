import Basics

/// The text of a payment code that banking applications read: EPC069-12, version 2, of the European
/// Payments Council. It starts a transfer with everything filled in.
enum PaymentCode {
    static let maximumNameLength = 70
    static let maximumReferenceLength = 140
    /// 999,999,999.99 €.
    static let maximumAmount = Amount(99_999_999_999)

    /// Nil where no bank would read it: another currency, no account, nothing to pay.
    static func text(
        name: String, iban: String, bic: String, amount: Amount, currency: Currency,
        reference: String
    ) -> String? {
        guard currency == .euro, CompanyNumbers.isIBAN(iban), amount > .zero,
            amount <= maximumAmount
        else { return nil }
        let sum = ScaledDecimal.plain(
            amount.minorUnits, decimals: currency.exponent, minimumDecimals: currency.exponent)
        return [
            "BCD", "002", "1", "SCT", bic, cut(name, maximumNameLength), iban, "EUR" + sum, "", "",
            cut(reference, maximumReferenceLength),
        ].joined(separator: "\n")
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        String(PlainText.line(text).unicodeScalars.prefix(length).map(Character.init))
    }
}
