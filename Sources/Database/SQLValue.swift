/// A value as it travels to PostgreSQL: its text or its bytes, and its type.
public struct SQLValue: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        case null
        case text(String)
        case bytes([UInt8])
    }

    let content: Content
    /// The type the server is told; `.unknown` lets it infer from the place.
    public let type: SQLType

    /// A value in PostgreSQL's text form; `nil` is NULL. A text with a zero byte is refused when
    /// the statement is run, because the server would otherwise read only what precedes it.
    public init(_ text: String?, type: SQLType) {
        content = text.map(Content.text) ?? .null
        self.type = type
    }

    /// Bytes (`bytea`), sent as they are; `nil` is NULL.
    public init(bytes: [UInt8]?) {
        content = bytes.map(Content.bytes) ?? .null
        type = .bytea
    }

    /// Whether this is NULL.
    public var isNull: Bool { content == .null }

    /// The text form: bytes as `\x…`; `nil` for NULL.
    public var text: String? {
        switch content {
        case .null: nil
        case .text(let text): text
        case .bytes(let bytes): Hexadecimal.byteaText(bytes)
        }
    }

    /// C strings end at a zero byte, so such a text would be cut short silently.
    var containsZeroByte: Bool {
        guard case .text(let text) = content else { return false }
        return text.utf8.contains(0)
    }
}

/// A type by PostgreSQL's own number (OID), stable for the built-in types.
public struct SQLType: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unknown = SQLType(rawValue: 0)
    public static let bool = SQLType(rawValue: 16)
    public static let bytea = SQLType(rawValue: 17)
    public static let int8 = SQLType(rawValue: 20)
    public static let int2 = SQLType(rawValue: 21)
    public static let int4 = SQLType(rawValue: 23)
    public static let text = SQLType(rawValue: 25)
    public static let float8 = SQLType(rawValue: 701)
    public static let inet = SQLType(rawValue: 869)
    public static let date = SQLType(rawValue: 1082)
    public static let time = SQLType(rawValue: 1083)
    public static let timestamp = SQLType(rawValue: 1114)
    public static let timestamptz = SQLType(rawValue: 1184)
    public static let interval = SQLType(rawValue: 1186)
    public static let numeric = SQLType(rawValue: 1700)
    public static let uuid = SQLType(rawValue: 2950)
    public static let jsonb = SQLType(rawValue: 3802)

    /// The type of an array of this one; `.unknown` where there is none here.
    public var array: SQLType {
        SQLType(rawValue: SQLType.arrays[rawValue] ?? 0)
    }

    private static let arrays: [UInt32: UInt32] = [
        16: 1000, 17: 1001, 20: 1016, 21: 1005, 23: 1007, 25: 1009, 701: 1022, 869: 1041,
        1082: 1182, 1083: 1183, 1114: 1115, 1184: 1185, 1186: 1187, 1700: 1231, 2950: 2951,
        3802: 3807,
    ]
}

/// What can stand in `\( )` of an `SQL` literal.
///
/// Conform with both members and one constant type: a statement is prepared for the types of its
/// values, and NULL of an optional must have the type its value would have had.
public protocol SQLBindable {
    /// The type that every value of this Swift type is sent with; `.unknown` unless stated.
    static var sqlType: SQLType { get }
    /// The value as it travels.
    var sqlValue: SQLValue { get }
    /// How an array of these travels; an array of the text forms unless stated.
    static func sqlValue(ofArray elements: [Self]) -> SQLValue
}

extension SQLBindable {
    public static var sqlType: SQLType { .unknown }

    public static func sqlValue(ofArray elements: [Self]) -> SQLValue {
        SQLValue(ArrayText.write(elements.map { $0.sqlValue.text }), type: sqlType.array)
    }
}

/// Enumerations with text cases are bound as text.
extension SQLBindable where Self: RawRepresentable, RawValue == String {
    public static var sqlType: SQLType { .text }
    public var sqlValue: SQLValue { SQLValue(rawValue, type: .text) }
}

extension String: SQLBindable {
    public static var sqlType: SQLType { .text }
    public var sqlValue: SQLValue { SQLValue(self, type: .text) }
}

extension Int: SQLBindable {
    public static var sqlType: SQLType { .int8 }
    public var sqlValue: SQLValue { SQLValue(String(self), type: .int8) }
}

extension Int64: SQLBindable {
    public static var sqlType: SQLType { .int8 }
    public var sqlValue: SQLValue { SQLValue(String(self), type: .int8) }
}

extension Int32: SQLBindable {
    public static var sqlType: SQLType { .int4 }
    public var sqlValue: SQLValue { SQLValue(String(self), type: .int4) }
}

extension Bool: SQLBindable {
    public static var sqlType: SQLType { .bool }
    public var sqlValue: SQLValue { SQLValue(self ? "t" : "f", type: .bool) }
}

extension Double: SQLBindable {
    public static var sqlType: SQLType { .float8 }
    public var sqlValue: SQLValue { SQLValue(description, type: .float8) }
}

/// A byte alone is a small integer; an array of bytes is `bytea`.
extension UInt8: SQLBindable {
    public static var sqlType: SQLType { .int2 }
    public var sqlValue: SQLValue { SQLValue(String(self), type: .int2) }
    public static func sqlValue(ofArray elements: [UInt8]) -> SQLValue {
        SQLValue(bytes: elements)
    }
}

extension Array: SQLBindable where Element: SQLBindable {
    public static var sqlType: SQLType { Element.sqlValue(ofArray: []).type }
    public var sqlValue: SQLValue { Element.sqlValue(ofArray: self) }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    public static var sqlType: SQLType { Wrapped.sqlType }
    public var sqlValue: SQLValue { self?.sqlValue ?? SQLValue(nil, type: Wrapped.sqlType) }
}
