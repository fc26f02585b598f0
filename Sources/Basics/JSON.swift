/// A JSON value (RFC 8259). Numbers are integers: amounts travel in minor units, never as fractions.
public indirect enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case string(String)
    case array([JSON])
    case object([(String, JSON)])

    public static func == (left: JSON, right: JSON) -> Bool { left.bytes == right.bytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// UTF-8, without white space, members in the order given.
    public var bytes: [UInt8] {
        var out: [UInt8] = []
        write(into: &out)
        return out
    }
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The same value with the members of every object sorted by name, as `init(parsing:)` leaves them:
    /// what a signature must cover, since PostgreSQL's jsonb keeps no order.
    public var canonical: JSON {
        switch self {
        case .array(let values): .array(values.map(\.canonical))
        case .object(let members):
            .object(members.map { ($0.0, $0.1.canonical) }.sorted { $0.0 < $1.0 })
        default: self
        }
    }

    private func write(into out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .int(let value): out += String(value).utf8
        case .string(let value): JSON.write(value, into: &out)
        case .array(let values):
            out.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                value.write(into: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                JSON.write(member.0, into: &out)
                out.append(UInt8(ascii: ":"))
                member.1.write(into: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out += "\\\"".utf8
            case UInt8(ascii: "\\"): out += "\\\\".utf8
            case UInt8(ascii: "\n"): out += "\\n".utf8
            case UInt8(ascii: "\r"): out += "\\r".utf8
            case UInt8(ascii: "\t"): out += "\\t".utf8
            case 0..<0x20, 0x7F: out += ("\\u00" + hexadecimal([byte])).utf8
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}

extension JSON {
    public subscript(_ name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var int: Int? { if case .int(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
    public var members: [(String, JSON)]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// Reads a JSON text, members sorted by name. Nil when it is not one: also when a name stands twice
    /// in an object, a number is not whole, or it nests more than 64 deep.
    public init?(parsing bytes: [UInt8]) {
        guard let value = JSONReader.read(bytes) else { return nil }
        self = value
    }
    public init?(parsing text: String) { self.init(parsing: Array(text.utf8)) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(dictionaryLiteral members: (String, JSON)...) { self = .object(members) }
    public init(arrayLiteral values: JSON...) { self = .array(values) }
    public init(_ value: String?) { self = value.map(JSON.string) ?? .null }
    public init(_ value: Int?) { self = value.map(JSON.int) ?? .null }
    public init(_ value: Amount?) { self = value.map { .int($0.minorUnits) } ?? .null }
    public init(_ value: Day?) { self = value.map { .string($0.iso) } ?? .null }
    /// Both languages, as `fr` and `en`.
    public init(_ text: Text) {
        self = ["fr": .string(text.french), "en": .string(text.english)]
    }
    public init(_ value: Instant?) { self = value.map { .string($0.rfc3339) } ?? .null }
    public init<Record>(_ value: ID<Record>?) {
        self = value.map { .string($0.description) } ?? .null
    }
}
