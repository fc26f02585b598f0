/// A language of the people who read Comptoir. Calling it chooses between two texts:
/// `say("Facture", "Invoice")`. It also writes numbers and days as that language does.
public enum Language: String, Sendable, CaseIterable {
    case french = "fr"
    case english = "en"

    public func callAsFunction(_ french: String, _ english: String) -> String {
        self == .french ? french : english
    }
    public func callAsFunction(_ text: Text) -> String {
        self == .french ? text.french : text.english
    }

    /// "1 facture", "3 factures": French counts 0 and 1 as singular, English only 1.
    public func count(_ number: Int, _ one: Text, _ many: Text) -> String {
        let singular = self == .french ? number.magnitude < 2 : number == 1
        return integer(number) + "\u{A0}" + self(singular ? one : many)
    }
}

/// One text in every language of the product.
public struct Text: Hashable, Sendable {
    public var french: String
    public var english: String
    public init(_ french: String, _ english: String) {
        self.french = french
        self.english = english
    }
}

extension Language {
    /// `12 345` or `12,345`
    public func integer(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups = ""
        while digits.utf8.count > 3 {
            groups = (self == .french ? "\u{202F}" : ",") + digits.suffix(3) + groups
            digits.removeLast(3)
        }
        return (number < 0 ? "\u{2212}" : "") + digits + groups
    }

    /// `1 234,50` or `1,234.50`: at least `minimumDecimals` of the `decimals` that it has.
    public func decimal(_ value: Int, decimals: Int, minimumDecimals: Int = 0) -> String {
        let scale = powerOfTen(decimals)
        var fraction = decimals == 0 ? "" : padded(Int(value.magnitude) % scale, decimals)
        while fraction.utf8.count > minimumDecimals, fraction.hasSuffix("0") {
            fraction.removeLast()
        }
        let whole = integer(Int(value.magnitude) / scale)
        let point = self == .french ? "," : "."
        return (value < 0 ? "\u{2212}" : "") + whole + (fraction.isEmpty ? "" : point + fraction)
    }

    /// `1 234,50 €` or `€1,234.50`, `25 000 F CFA`
    public func money(_ amount: Amount, _ currency: Currency) -> String {
        let number = decimal(
            amount.minorUnits, decimals: currency.exponent, minimumDecimals: currency.exponent)
        if self == .english, currency.symbol.unicodeScalars.count == 1 {
            return amount < .zero
                ? "\u{2212}" + currency.symbol + number.dropFirst() : currency.symbol + number
        }
        return number + "\u{A0}" + currency.symbol
    }

    /// The number without its currency, as it stands in a column.
    public func amount(_ amount: Amount, _ currency: Currency) -> String {
        decimal(amount.minorUnits, decimals: currency.exponent, minimumDecimals: currency.exponent)
    }

    /// A unit price: the currency's decimals, more when the price has more.
    public func price(_ price: UnitPrice, _ currency: Currency) -> String {
        decimal(
            price.millionths, decimals: UnitPrice.decimals, minimumDecimals: currency.exponent)
    }

    public func quantity(_ quantity: Quantity) -> String {
        decimal(quantity.tenThousandths, decimals: Quantity.decimals)
    }

    /// `5,5 %` or `5.5%`
    public func percentage(_ percentage: Percentage) -> String {
        decimal(percentage.hundredths, decimals: Percentage.decimals) + self("\u{A0}%", "%")
    }
}

extension Language {
    private static let frenchMonths = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre",
    ]
    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    private static let frenchShortMonths = [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
        "déc.",
    ]
    private static let frenchWeekdays = [
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    ]
    private static let englishWeekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]

    /// `novembre` or `November`; month 1…12.
    public func month(_ month: Int) -> String {
        (self == .french ? Language.frenchMonths : Language.englishMonths)[month - 1]
    }

    /// `nov.` or `Nov`
    public func shortMonth(_ month: Int) -> String {
        self == .french
            ? Language.frenchShortMonths[month - 1]
            : String(Language.englishMonths[month - 1].prefix(3))
    }

    /// `21/11/2026` in both: English readers of a French company's papers expect the day first too.
    public func day(_ day: Day) -> String {
        let parts = day.components
        return "\(padded(parts.day, 2))/\(padded(parts.month, 2))/\(padded(parts.year, 4))"
    }

    /// `21 novembre 2026` or `21 November 2026`
    public func longDay(_ day: Day) -> String {
        let parts = day.components
        let first = self == .french && parts.day == 1 ? "1er" : String(parts.day)
        return "\(first) \(month(parts.month)) \(parts.year)"
    }

    /// `21 nov.`, with the year when it is not that of `today`.
    public func shortDay(_ day: Day, today: Day) -> String {
        let parts = day.components
        let start = "\(parts.day)\u{A0}\(shortMonth(parts.month))"
        return parts.year == today.year ? start : "\(start) \(parts.year)"
    }

    /// `samedi` or `Saturday`
    public func weekday(_ day: Day) -> String {
        (self == .french ? Language.frenchWeekdays : Language.englishWeekdays)[day.weekday - 1]
    }
}

extension Text {
    /// As `JSON(_: Text)` keeps it.
    public init(_ json: JSON) {
        self.init(json["fr"]?.string ?? "", json["en"]?.string ?? "")
    }
}

extension String {
    /// "Facture d’acompte" of "facture d’acompte".
    public var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
