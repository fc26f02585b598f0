import Basics
import Core

/// What lines depend on beside themselves: the currency of their document, the VAT that the
/// organisation charges, and the language in which numbers are written.
public struct LineRules: Sendable {
    private let organisation: Organisation
    /// On which rates must be in force; nil where no day is known yet.
    private let day: Day?
    public let currency: Currency
    public let say: Language
    public let vatChoices: [VATRate]
    public let usualVAT: VATRate
    /// False under the "franchise en base": no line may then carry VAT.
    public let chargesVAT: Bool
    /// Whether prices and amounts are typed with VAT.
    public let pricesIncludeVAT: Bool

    /// `pricesIncludeVAT`: of the document; nil for what the organisation usually does.
    public init(
        _ organisation: Organisation, currency: Currency, say: Language,
        pricesIncludeVAT: Bool? = nil, on day: Day? = nil
    ) {
        self.organisation = organisation
        self.day = day
        self.currency = currency
        self.say = say
        vatChoices = VATRate.choices(for: organisation, on: day)
        usualVAT = VATRate.usual(for: organisation)
        chargesVAT = organisation.vatRegime != .franchise
        self.pricesIncludeVAT =
            chargesVAT && (pricesIncludeVAT ?? organisation.pricesIncludeVAT)
    }

    /// Why a rate cannot be charged; nil where it can.
    func objection(to rate: VATRate) -> Text? { rate.objection(in: organisation, on: day) }

    /// A price of the catalogue, which is without VAT, as it is typed in this document.
    func price(_ price: UnitPrice, _ rate: VATRate) -> UnitPrice {
        guard pricesIncludeVAT else { return price }
        let net = Quantity.one.times(price, in: currency)
        return UnitPrice(net + net.share(rate.percentage), in: currency)
    }

    /// The rate of an item of the catalogue, or the only one that may be charged.
    func vat(_ rate: VATRate) -> VATRate { chargesVAT ? rate : usualVAT }
}

extension Language {
    // Fields hold numbers as this language types them. English fields have no commas: read again,
    // the comma of "1,245" would be taken for the decimal point.

    func typed(_ quantity: Quantity) -> String {
        typed(quantity.tenThousandths, Quantity.decimals, least: 0)
    }
    func typed(_ price: UnitPrice, _ currency: Currency) -> String {
        typed(price.millionths, UnitPrice.decimals, least: currency.exponent)
    }
    func typed(_ amount: Amount, _ currency: Currency) -> String {
        typed(amount.minorUnits, currency.exponent, least: currency.exponent)
    }
    func typed(_ percentage: Percentage) -> String {
        typed(percentage.hundredths, Percentage.decimals, least: 0)
    }

    private func typed(_ value: Int, _ decimals: Int, least: Int) -> String {
        self == .french
            ? decimal(value, decimals: decimals, minimumDecimals: least)
            : ScaledDecimal.plain(value, decimals: decimals, minimumDecimals: least)
    }
}
