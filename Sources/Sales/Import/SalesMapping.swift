import Basics
import Core
import FoundationEssentials

/// What a file of another program means: which column holds what, how days and numbers are written,
/// and whose documents they are. Shipped as data in `Resources/mappings`.
public struct SalesMapping: Sendable {
    public var name: String
    public var currency: Currency
    var separator: UInt8
    var decimalPoint: UInt8
    var days: DayPattern
    /// Of the times in the file.
    var timeZone: String
    var columns: [Column: String]
    /// Documents whose number begins so are credit notes, with negative quantities.
    var creditNotePrefixes: [String]
    /// Documents whose number begins so are entries of the books, not sales.
    var refusedPrefixes: [String]
    var clients: ClientRule
    var unit: String
    /// References that are services; every other is a product.
    var services: [String]
    /// ISO 3166 codes by the names in the file.
    var countries: [String: String]

    enum Column: String, CaseIterable {
        case document, reference, label, quantity, date, price, client, country
    }

    struct ClientRule {
        var kind: Client.Kind
        /// `Customer {number}`
        var name: String
        /// What spreadsheets put behind a whole number: `.0`.
        var removedSuffix: String
        /// The client of documents that name none.
        var withoutNumber: String
        var withoutName: String

        func name(of number: String) -> String {
            number == withoutNumber
                ? withoutName
                : name.split(separator: "{number}", omittingEmptySubsequences: false)
                    .joined(separator: number)
        }
    }

    /// Reads `FOLDER/NAME.json`.
    public static func named(_ name: String, folder: String) throws -> SalesMapping {
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy {
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || $0 == UInt8(ascii: "-")
            }
        guard isPlain,
            let content = FileManager.default.contents(atPath: "\(folder)/\(name).json")
        else {
            throw Problem.invalid(
                "mapping",
                Text(
                    "La correspondance « \(name) » n’existe pas.", "There is no mapping “\(name)”.")
            )
        }
        return try SalesMapping(json: Array(content))
    }

    public init(json bytes: [UInt8]) throws {
        guard let json = JSON(parsing: bytes) else { throw MappingFault.field("JSON") }
        func text(_ json: JSON?, _ name: String) throws -> String {
            guard let text = json?[name]?.string else { throw MappingFault.field(name) }
            return text
        }
        func byte(_ name: String) throws -> UInt8 {
            let bytes = Array(try text(json, name).utf8)
            guard bytes.count == 1 else { throw MappingFault.field(name) }
            return bytes[0]
        }
        name = try text(json, "name")
        separator = try byte("separator")
        decimalPoint = try byte("decimal_point")
        timeZone = try text(json, "time_zone")
        guard let currency = Currency(code: try text(json, "currency")) else {
            throw MappingFault.field("currency")
        }
        self.currency = currency
        guard let days = DayPattern(try text(json, "date")) else {
            throw MappingFault.field("date")
        }
        self.days = days
        var columns: [Column: String] = [:]
        for column in Column.allCases {
            columns[column] = try text(json["columns"], column.rawValue)
        }
        self.columns = columns
        creditNotePrefixes = SalesMapping.texts(json["documents"]?["credit_note_prefixes"])
        refusedPrefixes = SalesMapping.texts(json["documents"]?["refused_prefixes"])
        let rule = json["clients"]
        clients = ClientRule(
            kind: Client.Kind(rawValue: try text(rule, "kind")) ?? .company,
            name: try text(rule, "name"), removedSuffix: try text(rule, "removed_suffix"),
            withoutNumber: try text(rule, "without_number"),
            withoutName: try text(rule, "without_name"))
        unit = try text(json["items"], "unit")
        services = SalesMapping.texts(json["items"]?["services"])
        countries = Dictionary(
            (json["countries"]?.members ?? []).map { ($0.0, $0.1.string ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    private static func texts(_ json: JSON?) -> [String] {
        (json?.array ?? []).compactMap(\.string)
    }
}

/// A mapping that lacks a field, or holds one that cannot be read.
enum MappingFault {
    static func field(_ name: String) -> Problem {
        .invalid(
            "mapping",
            Text(
                "Le champ « \(name) » de la correspondance manque ou est illisible.",
                "The mapping’s field “\(name)” is missing or cannot be read."))
    }
}
