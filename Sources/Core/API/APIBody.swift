import Basics
import HTTP

/// What the API accepts for a draft: the properties of the JSON object, and the field of the form that
/// each stands for. Handlers read one kind of input, whoever sent it.
public protocol APIBody {
    /// Its name in the description, such as `ClientInput`.
    static var schemaName: String { get }
    static var body: [BodyField] { get }
}

/// A body without properties, for actions that need none.
public enum NoBody: APIBody {
    public static let schemaName = "Nothing"
    public static let body: [BodyField] = []
}

/// One property of a body.
public struct BodyField: Sendable {
    enum Form: Sendable {
        /// One field of that name, and others that go with it; null says nothing.
        case field(String, also: [String: String] = [:])
        /// Answered, and accepted so that an answer can be sent back, but computed.
        case ignored
        /// An object whose properties are fields of their own names.
        case flattened
        /// A list of objects: `lines[0][label]`.
        case rows(String, [BodyField])
        /// A list of objects of two properties, an id and a value: the field `prefix` + id.
        case keyed(prefix: String, id: String, value: String)
    }

    let property: Property
    let form: Form

    /// `field` is the name in the form, where it is another than in the API.
    public init(
        _ name: String, _ shape: Shape, field: String? = nil, also: [String: String] = [:],
        required: Bool = false, note: Text? = nil
    ) {
        property = Property(
            name, required ? shape.withWords : shape, required: required, note: note)
        form = .field(field ?? name, also: also)
    }

    public static func ignored(_ name: String, _ shape: Shape) -> BodyField {
        BodyField(
            Property(name, shape, note: Text("Calculé : sans effet.", "Computed: no effect.")),
            .ignored)
    }

    private init(_ property: Property, _ form: Form) {
        self.property = property
        self.form = form
    }

    /// Street, postal code, city and country.
    public static let address = BodyField(
        Property(
            "address",
            .object([
                Property("street", .line), Property("street_more", .line),
                Property("postal_code", .text(most: 20)), Property("city", .text(most: 100)),
                Property("country", .text(most: 2)),
            ])), .flattened)

    public static func rows(
        _ name: String, _ fields: [BodyField], most: Int, required: Bool = false
    ) -> BodyField {
        BodyField(
            Property(
                name, .list(.object(fields.map(\.property)), most: most), required: required),
            .rows(name, fields))
    }

    public static func keyed(
        _ name: String, id: String, value: Property, prefix: String, most: Int, note: Text? = nil
    ) -> BodyField {
        let shape = Shape.object([
            Property(id, .id, required: true),
            Property(value.name, value.shape, required: true),
        ])
        return BodyField(
            Property(name, .list(shape, most: most), note: note),
            .keyed(prefix: prefix, id: id, value: value.name))
    }
}

extension [BodyField] {
    /// The fields of a form that say the same as a checked object.
    func fields(from object: JSON, _ currency: Currency) -> [Fields.Field] {
        flatMap { field -> [Fields.Field] in
            guard let value = object[field.property.name] else { return [] }
            return field.fields(from: value, currency)
        }
    }

    /// Where in the object the form's field stands: `lines[2][quantity]` is `/lines/2/quantity`. Empty
    /// for what is wrong elsewhere, such as an address that the client's record lacks.
    func pointer(of name: String, in object: JSON) -> String {
        for field in self {
            let here = "/" + field.property.name
            switch field.form {
            case .field(name, _): return here
            case .field, .ignored: continue
            case .flattened:
                guard case .object(let properties) = field.property.shape,
                    properties.contains(where: { $0.name == name })
                else { continue }
                return here + "/" + name
            case .rows(let prefix, let fields):
                guard name.hasPrefix(prefix + "["), let end = name.firstIndex(of: "]") else {
                    continue
                }
                let index = name[..<end].dropFirst(prefix.utf8.count + 1)
                let inner = String(name[end...].dropFirst(2).dropLast())
                return here + "/" + index + fields.pointer(of: inner, in: .null)
            case .keyed(let prefix, let id, let value):
                guard name.hasPrefix(prefix) else { continue }
                let wanted = String(name.dropFirst(prefix.utf8.count))
                let place = object[field.property.name]?.array?
                    .firstIndex { $0[id]?.string == wanted }
                return here + (place.map { "/\($0)/" + value } ?? "")
            }
        }
        return ""
    }
}

extension BodyField {
    fileprivate func fields(from value: JSON, _ currency: Currency) -> [Fields.Field] {
        switch form {
        case .field(let name, let others):
            if value == .null, !others.isEmpty { return [] }
            let typed = Fields.Field(name: name, value: property.shape.typed(value, currency))
            return [typed] + others.map { Fields.Field(name: $0.key, value: $0.value) }
        case .ignored: return []
        case .flattened:
            guard case .object(let properties) = property.shape else { return [] }
            return properties.compactMap { inner in
                value[inner.name].map {
                    Fields.Field(name: inner.name, value: inner.shape.typed($0, currency))
                }
            }
        case .rows(let prefix, let fields):
            return (value.array ?? []).enumerated().flatMap { index, row in
                fields.fields(from: row, currency).map {
                    Fields.Field(name: "\(prefix)[\(index)][\($0.name)]", value: $0.value)
                }
            }
        case .keyed(let prefix, let id, let name):
            guard case .list(.object(let properties), _) = property.shape,
                let inner = properties.first(where: { $0.name == name })
            else { return [] }
            return (value.array ?? []).map { row in
                Fields.Field(
                    name: prefix + (row[id]?.string ?? ""),
                    value: inner.shape.typed(row[name] ?? .null, currency))
            }
        }
    }
}

extension Shape {
    /// The value as a person would have typed it in the form's field.
    fileprivate func typed(_ value: JSON, _ currency: Currency) -> String {
        switch (self, value) {
        case (_, .null): ""
        case (.nullable(let shape), _): shape.typed(value, currency)
        case (.amount, .int(let minor)):
            ScaledDecimal.plain(minor, decimals: currency.exponent)
        case (.list, .array(let values)): values.compactMap(\.string).joined(separator: ", ")
        case (_, .bool(let flag)): flag ? "on" : ""
        case (_, .int(let number)): String(number)
        case (_, .string(let text)): text
        default: ""
        }
    }
}
