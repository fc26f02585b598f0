import Basics

/// A rate of VAT that is or was in force somewhere.
public struct KnownVATRate: Sendable, Hashable {
    public enum Territory: Sendable, Hashable {
        case whole
        /// Corsica (CGI 297).
        case corsica
        /// Guadeloupe, Martinique and La Réunion (CGI 294 to 296).
        case overseas
    }

    /// ISO 3166.
    public var country: String
    public var territory: Territory
    public var percentage: Percentage
    /// Nil: since before anything that is issued here.
    public var from: Day?
    /// The last day; nil while it is in force.
    public var until: Day?
}

/// The rates of VAT with the days between which they hold. A new rate is a new row; a rate that ends gets
/// its last day, and documents of that time keep it.
///
/// Sources: CGI 278 to 281 nonies, 294 to 297; the tax codes of the other countries.
public enum VATTable {
    public static let rates: [KnownVATRate] = rows.map { row in
        KnownVATRate(
            country: row.0, territory: row.1, percentage: Percentage(hundredths: row.2),
            from: row.3.flatMap { Day($0) }, until: row.4.flatMap { Day($0) })
    }

    private typealias Row = (String, KnownVATRate.Territory, Int, String?, String?)
    private static let rows: [Row] = [
        ("FR", .whole, 2060, "1995-08-01", "2000-03-31"),
        ("FR", .whole, 1960, "2000-04-01", "2013-12-31"),
        ("FR", .whole, 2000, "2014-01-01", nil),
        ("FR", .whole, 700, "2012-01-01", "2013-12-31"),
        ("FR", .whole, 1000, "2014-01-01", nil),
        ("FR", .whole, 550, nil, nil),
        ("FR", .whole, 210, nil, nil),
        ("FR", .corsica, 800, nil, "2013-12-31"),
        ("FR", .corsica, 1300, "2014-01-01", nil),
        ("FR", .corsica, 90, nil, nil),
        ("FR", .overseas, 850, nil, nil),
        ("FR", .overseas, 175, nil, nil),
        ("FR", .overseas, 105, nil, nil),
        ("BE", .whole, 2100, nil, nil), ("BE", .whole, 1200, nil, nil),
        ("BE", .whole, 600, nil, nil),
        ("LU", .whole, 1700, nil, nil), ("LU", .whole, 1400, nil, nil),
        ("LU", .whole, 800, nil, nil), ("LU", .whole, 300, nil, nil),
        ("CH", .whole, 770, nil, "2023-12-31"), ("CH", .whole, 370, nil, "2023-12-31"),
        ("CH", .whole, 250, nil, "2023-12-31"),
        ("CH", .whole, 810, "2024-01-01", nil), ("CH", .whole, 380, "2024-01-01", nil),
        ("CH", .whole, 260, "2024-01-01", nil),
        ("GB", .whole, 2000, nil, nil), ("GB", .whole, 500, nil, nil),
        ("CI", .whole, 1800, nil, nil), ("CI", .whole, 900, nil, nil),
        ("SN", .whole, 1800, nil, nil), ("SN", .whole, 1000, nil, nil),
        ("ML", .whole, 1800, nil, nil), ("ML", .whole, 500, nil, nil),
        ("BF", .whole, 1800, nil, nil), ("BF", .whole, 1000, nil, nil),
        ("TG", .whole, 1800, nil, nil), ("TG", .whole, 1000, nil, nil),
        ("NE", .whole, 1900, nil, nil), ("NE", .whole, 500, nil, nil),
        ("BJ", .whole, 1800, nil, nil),
    ]

    /// What forms of a seller at an address offer on a day, the standard rate first.
    public static func offered(at address: PostalAddress, on day: Day?) -> [Percentage] {
        let territory = territory(of: address)
        let own = rates(in: address.country).filter { $0.holds(on: day) }
        let whole = own.filter { $0.territory == .whole }
        let special = own.filter { $0.territory == territory && territory != .whole }
        // Overseas the standard rate is another; in Corsica special rates come beside the usual ones.
        let all =
            territory == .overseas
            ? special + whole.filter { $0.percentage.hundredths == 210 } : whole + special
        return all.map(\.percentage).sorted(by: >)
    }

    /// Why a rate cannot be charged from a country on a day; nil where it can. Without a day the rate must
    /// be one without an end. Of countries that are not listed any rate is taken.
    public static func objection(
        to percentage: Percentage, from country: String, on day: Day?
    ) -> Text? {
        let own = rates(in: country)
        guard !own.isEmpty else { return nil }
        let same = own.filter { $0.percentage == percentage }
        if same.contains(where: { $0.holds(on: day) }) { return nil }
        let (french, english) = (Language.french, Language.english)
        let rate = (french.percentage(percentage), english.percentage(percentage))
        if let last = same.compactMap(\.until).filter({ isOver($0, day) }).max() {
            return Text(
                "Le taux de \(rate.0) n’est plus en vigueur depuis le \(french.longDay(last)).",
                "The rate of \(rate.1) has not been in force since \(english.longDay(last)).")
        }
        if let day, let first = same.compactMap(\.from).filter({ $0 > day }).min() {
            return Text(
                "Le taux de \(rate.0) n’entre en vigueur que le \(french.longDay(first)).",
                "The rate of \(rate.1) is not in force before \(english.longDay(first)).")
        }
        let listed = own.filter { $0.holds(on: day) }.map(\.percentage).sorted(by: >)
        return Text(
            "Il n’y a pas de taux de \(rate.0) : \(Self.list(listed, french)).",
            "There is no rate of \(rate.1): \(Self.list(listed, english)).")
    }

    private static func isOver(_ last: Day, _ day: Day?) -> Bool { day.map { last < $0 } ?? true }

    private static func list(_ rates: [Percentage], _ say: Language) -> String {
        rates.map { say.percentage($0) }.joined(separator: say == .french ? " ; " : ", ")
    }

    private static func rates(in country: String) -> [KnownVATRate] {
        // Monaco has the rates of France (CGI 256-0).
        let wanted = country == "MC" ? "FR" : country
        return rates.filter { $0.country == wanted }
    }

    private static func territory(of address: PostalAddress) -> KnownVATRate.Territory {
        guard address.country == "FR" else { return .whole }
        switch address.postalCode.prefix(3) {
        case "971", "972", "974": return .overseas
        case let code where code.hasPrefix("20"): return .corsica
        default: return .whole
        }
    }
}

extension KnownVATRate {
    func holds(on day: Day?) -> Bool {
        guard let day else { return until == nil }
        return from.map { $0 <= day } ?? true && until.map { day <= $0 } ?? true
    }
}
