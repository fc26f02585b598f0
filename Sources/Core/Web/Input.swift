import Basics
import HTTP

/// The fields of a form, read one by one into typed values. What is missing or wrong is collected by
/// field; what the person typed stays as it is, to be shown again.
public struct Input: Sendable {
    /// Everything as it was typed, the last value of each name.
    public let typed: [String: String]
    public private(set) var problems: [FieldProblem] = []
    private let fields: Fields

    public init(_ fields: Fields) {
        self.fields = fields
        typed = Dictionary(
            fields.names.map { ($0, fields[$0] ?? "") }, uniquingKeysWith: { _, last in last })
    }

    public mutating func refuse(_ field: String, _ message: Text) {
        if !problems.contains(where: { $0.field == field }) {
            problems.append(FieldProblem(field, message))
        }
    }
    public mutating func refuse(_ problem: FieldProblem) { refuse(problem.field, problem.message) }

    /// Throws when anything was refused.
    public func check() throws {
        if !problems.isEmpty { throw Problem.invalid(problems) }
    }

    public func has(_ field: String) -> Bool { fields.contains(field) }
    public func all(_ field: String) -> [String] { fields.all(field) }

    /// One line of text, cleaned.
    public mutating func line(_ field: String, required: Bool = false, most: Int = 200) -> String {
        let text = PlainText.line(typed[field] ?? "")
        check(text, field, required: required, most: most)
        return text
    }

    /// Several lines of text, cleaned.
    public mutating func text(_ field: String, most: Int = 5000) -> String {
        let text = PlainText.lines(typed[field] ?? "")
        check(text, field, required: false, most: most)
        return text
    }

    private mutating func check(_ text: String, _ field: String, required: Bool, most: Int) {
        if required && text.isEmpty { refuse(field, Input.missing) }
        let length = text.unicodeScalars.count
        if length > most {
            refuse(
                field,
                Text(
                    "\(most) caractères au plus ; il y en a \(length).",
                    "At most \(most) characters; there are \(length)."))
        }
    }

    public mutating func choice<Choice: RawRepresentable<String>>(
        _ field: String, of _: Choice.Type = Choice.self, or fallback: Choice
    ) -> Choice {
        let text = typed[field] ?? ""
        if text.isEmpty { return fallback }
        guard let choice = Choice(rawValue: text) else {
            refuse(field, Text("Choix inconnu.", "Unknown choice."))
            return fallback
        }
        return choice
    }

    /// A box that is ticked.
    public func flag(_ field: String) -> Bool {
        ["on", "true", "1"].contains(typed[field] ?? "")
    }

    public mutating func day(_ field: String, required: Bool = false) -> Day? {
        let text = PlainText.line(typed[field] ?? "")
        if text.isEmpty {
            if required { refuse(field, Input.missing) }
            return nil
        }
        guard let day = Day(text), (1900...2999).contains(day.year) else {
            refuse(
                field, Text("Date attendue, comme 21/11/2026.", "A date such as 21/11/2026."))
            return nil
        }
        return day
    }

    public mutating func id<Record>(_ field: String, required: Bool = false) -> ID<Record>? {
        let text = typed[field] ?? ""
        if text.isEmpty {
            if required {
                refuse(field, Text("Choisissez dans la liste.", "Choose from the list."))
            }
            return nil
        }
        guard let id = ID<Record>(text) else {
            refuse(field, Text("Choix inconnu.", "Unknown choice."))
            return nil
        }
        return id
    }

    public mutating func whole(_ field: String, in range: ClosedRange<Int>) -> Int? {
        scaled(field, decimals: 0, in: range)
    }
    public mutating func amount(
        _ field: String, _ currency: Currency, in range: ClosedRange<Amount>? = nil
    ) -> Amount? {
        let range = range ?? (.zero)...Amount.maximum
        return scaled(
            field, decimals: currency.exponent,
            in: range.lowerBound.minorUnits...range.upperBound.minorUnits
        ).map { Amount($0) }
    }
    public mutating func price(_ field: String) -> UnitPrice? {
        scaled(field, decimals: UnitPrice.decimals, in: 0...UnitPrice.maximum.millionths)
            .map { UnitPrice(millionths: $0) }
    }
    public mutating func quantity(_ field: String) -> Quantity? {
        scaled(
            field, decimals: Quantity.decimals, in: 0...Quantity.maximum.tenThousandths
        ).map { Quantity(tenThousandths: $0) }
    }
    public mutating func percentage(_ field: String) -> Percentage? {
        scaled(field, decimals: Percentage.decimals, in: 0...Percentage.whole.hundredths)
            .map { Percentage(hundredths: $0) }
    }

    /// Nil when the field is empty or refused.
    private mutating func scaled(_ field: String, decimals: Int, in range: ClosedRange<Int>) -> Int?
    {
        let text = PlainText.line(typed[field] ?? "").filter { $0 != "%" && $0 != "€" }
        if text.allSatisfy(\.isWhitespace) { return nil }
        do {
            let value = try ScaledDecimal.parse(text, decimals: decimals)
            guard range.contains(value) else {
                let low = Language.french.decimal(range.lowerBound, decimals: decimals)
                let high = Language.french.decimal(range.upperBound, decimals: decimals)
                refuse(field, Text("Entre \(low) et \(high).", "Between \(low) and \(high)."))
                return nil
            }
            return value
        } catch {
            switch error {
            case .notANumber: refuse(field, Text("Nombre attendu.", "A number is expected."))
            case .outOfRange: refuse(field, Text("Nombre trop grand.", "The number is too large."))
            case .tooManyDecimals:
                refuse(
                    field,
                    decimals == 0
                        ? Text("Nombre entier attendu.", "A whole number is expected.")
                        : Text("\(decimals) décimales au plus.", "At most \(decimals) decimals."))
            }
            return nil
        }
    }

    public static let missing = Text("Ce champ est obligatoire.", "This field is required.")
}
