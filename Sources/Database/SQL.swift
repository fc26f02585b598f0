/// A statement written as a literal: the text is constant, what is interpolated is bound.
///
/// `"SELECT * FROM clients WHERE id = \(id)"` has the text `SELECT * FROM clients WHERE id = $1`
/// and one value. A `String` that was computed cannot become text: only literals can, so that
/// nothing a person typed is ever read as SQL, and so that the text is a good key for prepared
/// statements.
public struct SQL: ExpressibleByStringInterpolation, CustomStringConvertible, Sendable {
    /// The text with `$1…$n` where values are bound.
    public private(set) var text: String
    /// The bound values; `values[0]` is `$1`.
    public private(set) var values: [SQLValue]
    /// Where each placeholder begins in `text`, in UTF-8 bytes, so that splicing renumbers
    /// exactly those and never a `$1` that stands in a quoted string.
    private var placeholders: [Int]

    /// A statement without values.
    public init(stringLiteral text: StaticString) {
        self.text = text.description
        values = []
        placeholders = []
    }

    /// A statement with bound values and spliced fragments.
    public init(stringInterpolation: Interpolation) {
        self = stringInterpolation.sql
    }

    /// Nothing at all: what an absent condition splices.
    public static let empty: SQL = ""

    /// Whether there is no text.
    public var isEmpty: Bool { text.isEmpty }

    /// The text alone, so that a log never shows what was bound.
    public var description: String { text }

    /// Fragments one after another, `separator` between them, placeholders renumbered.
    public static func joined(_ fragments: [SQL], separator: SQL) -> SQL {
        var all = SQL.empty
        for (position, fragment) in fragments.enumerated() {
            if position > 0 { all.append(separator) }
            all.append(fragment)
        }
        return all
    }

    /// Two fragments one after the other, without anything between them.
    public static func + (left: SQL, right: SQL) -> SQL {
        var both = left
        both.append(right)
        return both
    }

    /// Puts a fragment at the end and renumbers its placeholders.
    public mutating func append(_ fragment: SQL) {
        guard !fragment.values.isEmpty, !values.isEmpty else {
            let start = text.utf8.count
            text += fragment.text
            placeholders += fragment.placeholders.map { start + $0 }
            values += fragment.values
            return
        }
        let source = fragment.text.utf8
        var copied = source.startIndex
        for (position, placeholder) in fragment.placeholders.enumerated() {
            let start = source.index(source.startIndex, offsetBy: placeholder)
            text += fragment.text[copied..<start]
            bind(fragment.values[position])
            let oldLength = 1 + SQL.digits(of: position + 1)
            copied = source.index(start, offsetBy: oldLength)
        }
        text += fragment.text[copied...]
    }

    /// The name of a table or column, quoted: for statements made from the catalogue.
    public static func name(_ name: String) -> SQL {
        var quoted = "\""
        for character in name.unicodeScalars {
            quoted.unicodeScalars.append(character)
            if character == "\"" { quoted.unicodeScalars.append(character) }
        }
        return SQL(trustedText: quoted + "\"")
    }

    /// A cast to a type as the catalogue prints it (`format_type`): `::numeric(12,2)[]`. Anything
    /// else stops the program, since it did not come from there.
    public static func cast(to type: String) -> SQL {
        precondition(
            type.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || " _(),[]".utf8.contains($0)
            }, "no type of the catalogue: \(type)")
        return SQL(trustedText: "::" + type)
    }

    /// Text that this module made itself (statements of its own, never from outside).
    init(trustedText: String, values: [SQLValue] = []) {
        text = trustedText
        self.values = values
        placeholders = []
    }

    private mutating func bind(_ value: SQLValue) {
        values.append(value)
        placeholders.append(text.utf8.count)
        text += "$"
        text += String(values.count)
    }

    private static func digits(of number: Int) -> Int {
        var digits = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }
}

extension SQL {
    /// Collects the pieces of a literal; used by the compiler.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql: SQL

        public init(literalCapacity: Int, interpolationCount: Int) {
            sql = .empty
            sql.text.reserveCapacity(literalCapacity + 3 * interpolationCount)
            sql.values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            sql.text += literal.description
        }

        /// Binds a value.
        public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value) {
            sql.bind(value.sqlValue)
        }

        /// Binds a value that may be absent, which is NULL. Beside the one above only because
        /// the compiler warns of an optional that no overload expects.
        public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            sql.bind(value.sqlValue)
        }

        /// Splices another statement, its placeholders renumbered.
        public mutating func appendInterpolation(_ fragment: SQL) {
            sql.append(fragment)
        }

        /// Splices constant text, such as a column list kept in one place.
        public mutating func appendInterpolation(raw text: StaticString) {
            sql.text += text.description
        }
    }
}
