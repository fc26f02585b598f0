import Basics
import Core
import Database

/// EN 16931's categories of VAT that we issue (UNTDID 5305).
public enum VATCategory: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case standard = "S"
    case zero = "Z"
    case exempt = "E"
    case reverseCharge = "AE"
    case intraCommunity = "K"
    case export = "G"
    case outside = "O"

    public var label: Text {
        switch self {
        case .standard: Text("Taux normal ou réduit", "Standard or reduced rate")
        case .zero: Text("Taux zéro", "Zero rate")
        case .exempt: Text("Exonérée", "Exempt")
        case .reverseCharge: Text("Autoliquidation", "Reverse charge")
        case .intraCommunity: Text("Livraison intracommunautaire", "Intra-EU supply")
        case .export: Text("Exportation", "Export")
        case .outside: Text("Hors champ de la TVA", "Outside the scope of VAT")
        }
    }
}

/// A category with its rate: VAT is computed once for each that a document holds. In forms it is one
/// choice, written `S2000` (20 %), `E0`.
public struct VATRate: Sendable, Hashable {
    public var category: VATCategory
    /// Zero for every category but the standard one.
    public var percentage: Percentage

    public init(_ category: VATCategory, _ percentage: Percentage = .zero) {
        self.category = category
        self.percentage = category == .standard ? percentage : .zero
    }

    public init?(code: String) {
        guard let split = code.firstIndex(where: \.isNumber),
            let category = VATCategory(rawValue: String(code[..<split])),
            let hundredths = Int(code[split...]), (0...10_000).contains(hundredths),
            category == .standard || hundredths == 0
        else { return nil }
        self.init(category, Percentage(hundredths: hundredths))
    }

    public var code: String { category.rawValue + String(percentage.hundredths) }

    /// `20 %`, `Autoliquidation`
    public func label(in say: Language) -> String {
        category == .standard ? say.percentage(percentage) : say(category.label)
    }

    /// The rates that an organisation offers in forms on a day, its own default first in effect by value.
    public static func choices(for organisation: Organisation, on day: Day? = nil) -> [VATRate] {
        if organisation.vatRegime == .franchise { return [VATRate(.exempt)] }
        var rates = VATTable.offered(at: organisation.address, on: day).map {
            VATRate(.standard, $0)
        }
        let usual = VATRate(.standard, organisation.defaultVATRate)
        if usual.percentage > .zero, !rates.contains(usual) { rates.insert(usual, at: 0) }
        return rates
            + [.exempt, .reverseCharge, .intraCommunity, .export, .outside].map {
                VATRate($0)
            }
    }

    /// Why an organisation cannot charge it on a day; nil where it can.
    func objection(in organisation: Organisation, on day: Day?) -> Text? {
        guard category == .standard else { return nil }
        guard percentage > .zero else {
            return Text(
                "Sans TVA, choisissez pourquoi : exonérée, autoliquidation, export…",
                "Without VAT, choose why: exempt, reverse charge, export…")
        }
        return VATTable.objection(
            to: percentage, from: organisation.address.country, on: day)
    }

    public static func usual(for organisation: Organisation) -> VATRate {
        organisation.vatRegime == .franchise
            ? VATRate(.exempt) : VATRate(.standard, organisation.defaultVATRate)
    }
}
