import Basics

/// What a value of the API looks like: the description that goes out (JSON Schema 2020-12) and the
/// check of what comes in are made from the same case.
public indirect enum Shape: Sendable {
    /// Text of at most so many characters (Unicode scalars).
    case text(most: Int)
    /// The same, with at least one character that can be seen.
    case words(most: Int)
    case email
    /// An identifier: a UUID.
    case id
    /// A day, `2026-11-21`.
    case day
    /// An instant in UTC (RFC 3339).
    case instant
    /// One of these words.
    case choice([String])
    /// Money in minor units of the document's currency: 1250 is 12.50 €.
    case amount(ClosedRange<Int>)
    /// An exact decimal number as text, since it may have more places than money: `"12.5"`.
    case decimal(places: Int, signed: Bool = false)
    case integer(ClosedRange<Int>)
    case flag
    case list(Shape, most: Int)
    case object([Property])
    /// Any object: what was frozen when a document was issued.
    case frozen
    /// The value or null.
    case nullable(Shape)

    public static let line = Shape.text(most: 200)
    /// Money that goes out: sums may exceed what one document may reach, but never what JavaScript
    /// reads exactly.
    public static let money = Shape.amount(-(1 << 53) + 1...(1 << 53) - 1)
    /// Money that comes in: never negative.
    public static let paid = Shape.amount(0...Amount.maximum.minorUnits)
    public static let quantity = Shape.decimal(places: Quantity.decimals)
    public static let price = Shape.decimal(places: UnitPrice.decimals)
    public static let percentage = Shape.decimal(places: Percentage.decimals)
    public static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        of _: Choice.Type
    ) -> Shape {
        .choice(Choice.allCases.map(\.rawValue))
    }
}

/// A named value within an object.
public struct Property: Sendable {
    public let name: String
    public let shape: Shape
    public let isRequired: Bool
    public let note: Text?

    public init(_ name: String, _ shape: Shape, required: Bool = false, note: Text? = nil) {
        self.name = name
        self.shape = shape
        isRequired = required
        self.note = note
    }
}

extension Property {
    /// Where the page of a list starts: `next_cursor` of the page before.
    public static let after = Property(
        "after", .text(most: 1000),
        note: Text("`next_cursor` de la page précédente.", "`next_cursor` of the page before."))

    /// By which of these a list is sorted; a minus sign turns it round.
    public static func sort(_ keys: [String]) -> Property {
        Property("sort", .choice(keys + keys.map { "-" + $0 }))
    }
}

extension Shape {
    /// What must be said takes words.
    var withWords: Shape {
        if case .text(let most) = self { .words(most: most) } else { self }
    }

    /// Its JSON Schema.
    func schema(_ say: Language) -> JSON {
        switch self {
        case .text(let most): ["type": "string", "maxLength": .int(most)]
        case .words(let most):
            ["type": "string", "maxLength": .int(most), "pattern": .string(Shape.wordsPattern)]
        case .email: ["type": "string", "maxLength": 254]
        case .id: ["type": "string", "format": "uuid", "pattern": .string(Shape.idPattern)]
        case .day: ["type": "string", "format": "date", "pattern": .string(Shape.dayPattern)]
        case .instant: ["type": "string", "format": "date-time"]
        case .choice(let words): ["type": "string", "enum": .array(words.map(JSON.string))]
        case .amount(let range), .integer(let range):
            [
                "type": "integer", "minimum": .int(range.lowerBound),
                "maximum": .int(range.upperBound),
            ]
        case .decimal(let places, let signed):
            ["type": "string", "pattern": .string(Shape.decimalPattern(places, signed))]
        case .flag: ["type": "boolean"]
        case .list(let shape, let most):
            ["type": "array", "items": shape.schema(say), "maxItems": .int(most)]
        case .object(let properties): Shape.object(properties, closed: true, say)
        case .frozen: ["type": "object"]
        case .nullable(let shape): shape.nullableSchema(say)
        }
    }

    /// As part of an address, where NUL cannot stand.
    func querySchema(_ say: Language) -> JSON {
        guard case .text = self, case .object(let members) = schema(say) else { return schema(say) }
        return .object(members + [("pattern", "^[^\\u0000]*$")])
    }

    private func nullableSchema(_ say: Language) -> JSON {
        ["anyOf": [schema(say), ["type": "null"]]]
    }

    static func object(_ properties: [Property], closed: Bool, _ say: Language) -> JSON {
        var members: [(String, JSON)] = [
            ("type", "object"),
            (
                "properties",
                .object(
                    properties.map { property in
                        guard let note = property.note,
                            case .object(let schema) = property.shape.schema(say)
                        else { return (property.name, property.shape.schema(say)) }
                        return (
                            property.name, .object(schema + [("description", .string(say(note)))])
                        )
                    })
            ),
        ]
        let required = properties.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        if closed { members.append(("additionalProperties", false)) }
        return .object(members)
    }

    /// Not only blanks, control characters and marks of direction, which are removed.
    static let wordsPattern =
        "[^\\s\\u0000-\\u001F\\u007F-\\u009F\\u1680\\u202A-\\u202E\\u2066-\\u2069\\uFEFF]"
    static let idPattern =
        "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    static let dayPattern = "^(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
    static func decimalPattern(_ places: Int, _ signed: Bool) -> String {
        (signed ? "^-?" : "^") + "[0-9]{1,12}(\\.[0-9]{1,\(places)})?$"
    }
}
