import Basics

extension Language {
    /// An amount as a spreadsheet of this language reads it: `1234,50`.
    func cell(_ amount: Amount, _ currency: Currency) -> String {
        ScaledDecimal.plain(
            amount.minorUnits, decimals: currency.exponent, point: self(",", "."))
    }
}
