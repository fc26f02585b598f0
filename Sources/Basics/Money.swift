/// A currency and how many decimals its minor unit has (ISO 4217).
public struct Currency: Hashable, Sendable {
    public let code: String
    /// 2 for the euro and its cents, 0 for the CFA franc.
    public let exponent: Int
    public let symbol: String

    public static let euro = Currency(code: "EUR", exponent: 2, symbol: "€")
    public static let pound = Currency(code: "GBP", exponent: 2, symbol: "£")
    public static let westAfricanFranc = Currency(code: "XOF", exponent: 0, symbol: "F CFA")

    public static let all: [Currency] = [
        .euro, .westAfricanFranc, .pound,
        Currency(code: "XAF", exponent: 0, symbol: "FCFA"),
        Currency(code: "XPF", exponent: 0, symbol: "F CFP"),
        Currency(code: "CHF", exponent: 2, symbol: "CHF"),
        Currency(code: "USD", exponent: 2, symbol: "$"),
        Currency(code: "CAD", exponent: 2, symbol: "$ CA"),
        Currency(code: "MAD", exponent: 2, symbol: "DH"),
        Currency(code: "TND", exponent: 3, symbol: "DT"),
    ]

    /// One that a document of others states, offered here or not: most have two decimals.
    public static func stated(_ code: String) -> Currency {
        Currency(code: code) ?? Currency(code: code, exponent: 2, symbol: code)
    }

    /// Nil for a code that is not offered.
    public init?(code: String) {
        guard let known = Currency.all.first(where: { $0.code == code }) else { return nil }
        self = known
    }

    private init(code: String, exponent: Int, symbol: String) {
        self.code = code
        self.exponent = exponent
        self.symbol = symbol
    }

    /// Minor units in one major unit: 100 for the euro.
    public var minorUnitsPerUnit: Int { powerOfTen(exponent) }
}

/// Money in the minor unit of the currency of its document: cents for the euro. Never floating point.
public struct Amount: Hashable, Sendable, Comparable, AdditiveArithmetic {
    public var minorUnits: Int
    public init(_ minorUnits: Int) { self.minorUnits = minorUnits }
    public static let zero = Amount(0)
    /// Amounts stay below this, 10 million million cents, so that no sum overflows.
    public static let maximum = Amount(10_000_000_000_000)

    public static func < (left: Amount, right: Amount) -> Bool {
        left.minorUnits < right.minorUnits
    }
    public static func + (left: Amount, right: Amount) -> Amount {
        Amount(left.minorUnits + right.minorUnits)
    }
    public static func - (left: Amount, right: Amount) -> Amount {
        Amount(left.minorUnits - right.minorUnits)
    }
    public static prefix func - (amount: Amount) -> Amount { Amount(-amount.minorUnits) }

    public func share(_ percentage: Percentage) -> Amount {
        let part = Int128(minorUnits) * Int128(percentage.hundredths)
        return Amount(roundedQuotient(part, 10_000))
    }
}

extension Sequence<Amount> {
    public func sum() -> Amount { reduce(.zero, +) }
}

/// The price of one unit, in millionths of the currency's major unit (6 decimals, as EN 16931 allows).
public struct UnitPrice: Hashable, Sendable, Comparable {
    public var millionths: Int
    public init(millionths: Int) { self.millionths = millionths }
    public static let decimals = 6
    public static let maximum = UnitPrice(millionths: 1_000_000_000 * 1_000_000)
    public static func < (left: UnitPrice, right: UnitPrice) -> Bool {
        left.millionths < right.millionths
    }
}

/// How many, in ten-thousandths (4 decimals).
public struct Quantity: Hashable, Sendable, Comparable, AdditiveArithmetic {
    public var tenThousandths: Int
    public init(tenThousandths: Int) { self.tenThousandths = tenThousandths }
    public init(_ whole: Int) { tenThousandths = whole * 10_000 }
    public static let zero = Quantity(0)
    public static let one = Quantity(1)
    public static let decimals = 4
    public static let maximum = Quantity(10_000_000)
    public static func < (left: Quantity, right: Quantity) -> Bool {
        left.tenThousandths < right.tenThousandths
    }
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(tenThousandths: left.tenThousandths + right.tenThousandths)
    }
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(tenThousandths: left.tenThousandths - right.tenThousandths)
    }

    /// Quantity × price, rounded half away from zero to the currency's minor unit.
    public func times(_ price: UnitPrice, in currency: Currency) -> Amount {
        let product =
            Int128(tenThousandths) * Int128(price.millionths) * Int128(currency.minorUnitsPerUnit)
        return Amount(roundedQuotient(product, 10_000_000_000))
    }
}

/// A rate or discount in hundredths of a percent: 5.5 % is 550.
public struct Percentage: Hashable, Sendable, Comparable {
    public var hundredths: Int
    public init(hundredths: Int) { self.hundredths = hundredths }
    public static let decimals = 2
    public static let zero = Percentage(hundredths: 0)
    public static let whole = Percentage(hundredths: 10_000)
    public static func < (left: Percentage, right: Percentage) -> Bool {
        left.hundredths < right.hundredths
    }
}

/// Half away from zero, the rounding of EN 16931 and of decisions.md.
public func roundedQuotient(_ dividend: Int128, _ divisor: Int128) -> Int {
    let half = divisor / 2
    return Int(dividend >= 0 ? (dividend + half) / divisor : -((-dividend + half) / divisor))
}

func powerOfTen(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * 10 } }
