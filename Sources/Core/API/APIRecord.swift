import Basics

/// What programs read at an address.
public protocol APIAnswer {
    var json: JSON { get }
}

extension Request {
    /// A record or list, read within one snapshot: as JSON for programs, as a page for people. Only
    /// what the face that asks needs is read.
    public func show<Answer: APIAnswer>(
        _ answer: (Transaction) throws -> Answer, page: (Transaction) throws -> Page
    ) throws -> Reply {
        isAPI ? .json(try read(answer).json) : .page(try read(page))
    }
}

/// What the API answers of a type: one list gives the JSON and the schema that describes it, so that
/// they cannot drift apart.
public protocol APIRecord: APIAnswer {
    /// Its name in the description, such as `Client`.
    static var schemaName: String { get }
    static var members: [Member<Self>] { get }
}

extension APIRecord {
    public var json: JSON { .object(Self.members.map { ($0.property.name, $0.read(self)) }) }

    /// As part of another record.
    public static var shape: Shape { .object(members.map(\.property)) }
}

/// One value of a record: its name, its shape, and how it is read. All are always there; what may be
/// missing is null.
public struct Member<Root>: Sendable {
    public let property: Property
    public let read: @Sendable (Root) -> JSON

    public init(
        _ name: String, _ shape: Shape, note: Text? = nil,
        _ read: @escaping @Sendable (Root) -> JSON
    ) {
        property = Property(name, shape, required: true, note: note)
        self.read = read
    }

    /// All the values of a record within.
    public static func all<Inner: APIRecord>(
        of inner: @escaping @Sendable (Root) -> Inner
    ) -> [Member] {
        Inner.members.map { member in
            Member(member.property.name, member.property.shape, note: member.property.note) {
                member.read(inner($0))
            }
        }
    }

    public static func text(
        _ name: String, most: Int = 5000, _ read: @escaping @Sendable (Root) -> String
    ) -> Member {
        Member(name, .text(most: most)) { .string(read($0)) }
    }
    public static func text(
        _ name: String, most: Int = 5000, _ read: @escaping @Sendable (Root) -> String?
    ) -> Member {
        Member(name, .nullable(.text(most: most))) { JSON(read($0)) }
    }
    public static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, _ read: @escaping @Sendable (Root) -> Choice
    ) -> Member {
        Member(name, .choice(of: Choice.self)) { .string(read($0).rawValue) }
    }
    public static func id<Record>(
        _ name: String = "id", _ read: @escaping @Sendable (Root) -> ID<Record>
    ) -> Member {
        Member(name, .id) { JSON(read($0)) }
    }
    public static func id<Record>(
        _ name: String, _ read: @escaping @Sendable (Root) -> ID<Record>?
    ) -> Member {
        Member(name, .nullable(.id)) { JSON(read($0)) }
    }
    public static func amount(
        _ name: String, _ read: @escaping @Sendable (Root) -> Amount
    ) -> Member {
        Member(name, .money) { JSON(read($0)) }
    }
    public static func currency(_ read: @escaping @Sendable (Root) -> Currency) -> Member {
        Member("currency", .text(most: 3)) { .string(read($0).code) }
    }
    public static func integer(
        _ name: String, _ read: @escaping @Sendable (Root) -> Int
    ) -> Member {
        Member(name, .integer(0...Int(Int32.max))) { .int(read($0)) }
    }
    public static func integer(
        _ name: String, _ read: @escaping @Sendable (Root) -> Int?
    ) -> Member {
        Member(name, .nullable(.integer(0...Int(Int32.max)))) { JSON(read($0)) }
    }
    public static func flag(_ name: String, _ read: @escaping @Sendable (Root) -> Bool) -> Member {
        Member(name, .flag) { .bool(read($0)) }
    }
    public static func day(_ name: String, _ read: @escaping @Sendable (Root) -> Day) -> Member {
        Member(name, .day) { JSON(read($0)) }
    }
    public static func day(_ name: String, _ read: @escaping @Sendable (Root) -> Day?) -> Member {
        Member(name, .nullable(.day)) { JSON(read($0)) }
    }
    public static func instant(
        _ name: String, _ read: @escaping @Sendable (Root) -> Instant
    ) -> Member {
        Member(name, .instant) { JSON(read($0)) }
    }
    public static func instant(
        _ name: String, _ read: @escaping @Sendable (Root) -> Instant?
    ) -> Member {
        Member(name, .nullable(.instant)) { JSON(read($0)) }
    }
    public static func decimal(
        _ name: String, places: Int, _ read: @escaping @Sendable (Root) -> Int
    ) -> Member {
        Member(name, .decimal(places: places, signed: true)) {
            .string(ScaledDecimal.plain(read($0), decimals: places, minimumDecimals: 0))
        }
    }
    public static func quantity(
        _ name: String, _ read: @escaping @Sendable (Root) -> Quantity
    ) -> Member {
        decimal(name, places: Quantity.decimals) { read($0).tenThousandths }
    }
    public static func price(
        _ name: String, _ read: @escaping @Sendable (Root) -> UnitPrice
    ) -> Member {
        decimal(name, places: UnitPrice.decimals) { read($0).millionths }
    }
    public static func percentage(
        _ name: String, _ read: @escaping @Sendable (Root) -> Percentage
    ) -> Member {
        decimal(name, places: Percentage.decimals) { read($0).hundredths }
    }
    public static func list<Element: APIRecord>(
        _ name: String, _ read: @escaping @Sendable (Root) -> [Element]
    ) -> Member {
        Member(name, .list(Element.shape, most: 1000)) { .array(read($0).map(\.json)) }
    }
}

extension PostalAddress: APIRecord {
    public static let schemaName = "Address"
    public static let members: [Member<PostalAddress>] = [
        .text("street") { $0.street }, .text("street_more") { $0.streetMore },
        .text("postal_code") { $0.postalCode }, .text("city") { $0.city },
        .text("country") { $0.country },
    ]
}
