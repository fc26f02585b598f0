import CPostgres

/// What went wrong, in terms a caller can act upon. Never contains the values of parameters:
/// the server's texts that quote them are redacted, so that an error may be logged as it is.
public struct DatabaseError: Error, Sendable, CustomStringConvertible {
    /// What a caller does about it.
    public enum Kind: Sendable, Equatable {
        /// The database cannot be reached, is stopping or has no connection left: try later.
        case unavailable
        /// A constraint of the schema refused the change; `constraintName` says which.
        case constraint(Constraint)
        /// The transaction as a whole may be run again.
        case serialization
        /// Two transactions waited for each other; this one may be run again.
        case deadlock
        /// A grant or a policy refused it.
        case insufficientPrivilege
        /// A trigger or function raised it: SQLSTATE P0001, or a class of the schema's own.
        case raised
        /// The statement or a lock took longer than was allowed.
        case timeout
        /// A mistake of the program: wrong SQL, a column that does not exist, a wrong type.
        case other
    }

    /// Which kind of constraint.
    public enum Constraint: Sendable, Equatable {
        case unique, foreignKey, check, notNull, exclusion
    }

    public var kind: Kind
    /// Five characters of PostgreSQL, empty where the server gave none.
    public var sqlState: String
    /// The server's or the module's sentence; quoted values are replaced by an ellipsis.
    public var message: String
    /// For constraints the columns of the key, for raised errors the DETAIL given; else `nil`.
    public var detail: String?
    /// For raised errors the HINT given; else `nil`.
    public var hint: String?
    public var constraintName: String?
    public var tableName: String?
    public var columnName: String?
    /// The text of the statement, with `$1…$n` for its values.
    public var statement: String?
    /// Where in the statement the server found a mistake: characters from 1.
    public var position: Int?
    /// The server's function that raised it; tells stale plans apart in any language.
    var sourceFunction: String?

    init(_ kind: Kind, sqlState: String = "", _ message: String) {
        self.kind = kind
        self.sqlState = sqlState
        self.message = message
    }

    /// For `SQLDecodable.init(sqlText:)`: the text is not a value of `type`.
    public static func undecodable(_ type: Any.Type) -> DatabaseError {
        DatabaseError(.other, "is not a value of \(type)")
    }

    public var description: String {
        var text = message
        if let detail { text += "; \(detail)" }
        if !sqlState.isEmpty { text += " (SQLSTATE \(sqlState))" }
        if let statement { text += " in: \(statement.prefix(DatabaseError.statementLength))" }
        return text
    }

    /// Characters of the statement that a description shows.
    private static let statementLength = 300
}

extension DatabaseError {
    /// What the server said in `result`.
    init(result: OpaquePointer?, connection: OpaquePointer, statement: String?) {
        func field(_ name: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(name.value)).map { String(cString: $0) }
        }
        let state = field("C") ?? ""
        let isBroken = PQstatus(connection) == CONNECTION_BAD
        kind = isBroken ? .unavailable : Kind(sqlState: state)
        sqlState = state
        position = field("P").flatMap { Int($0) }
        message = Redaction.message(
            field("M") ?? Self.firstLine(PQerrorMessage(connection)), sqlState: state,
            isAboutTheText: position != nil)
        switch kind {
        case .raised:
            detail = field("D")
            hint = field("H")
        case .constraint: detail = field("D").flatMap(Redaction.key(ofDetail:))
        default: detail = nil
        }
        constraintName = field("n")
        tableName = field("t")
        columnName = field("c")
        sourceFunction = field("R")
        self.statement = statement
        if sourceFunction == Self.stalePlanFunction, state == "0A000" { kind = .serialization }
    }

    /// The connection could not be made or was lost.
    init(lost connection: OpaquePointer) {
        self.init(.unavailable, sqlState: "08006", Self.firstLine(PQerrorMessage(connection)))
    }

    /// Whether the prepared statement no longer fits: a table changed, or it was deallocated
    /// behind our back. Known by code and function, because the message is translated.
    var isStalePlan: Bool {
        isUnknownToServer || sqlState == "0A000" && sourceFunction == Self.stalePlanFunction
    }

    /// Whether the server found no room to write (`disk_full`).
    public var isOfAFullDisk: Bool { sqlState == "53100" }

    var isUnknownToServer: Bool { sqlState == "26000" }

    private static let stalePlanFunction = "RevalidateCachedQuery"

    private static func firstLine(_ text: UnsafePointer<CChar>?) -> String {
        let whole = text.map { String(cString: $0) } ?? ""
        let line = whole.split(separator: "\n").first.map(String.init) ?? ""
        return line.isEmpty ? "the connection to the database was lost" : line
    }
}

extension DatabaseError.Kind {
    /// The classes PostgreSQL and the standard use; any other is one of the schema's own.
    private static let knownClasses: Set<String> = [
        "00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "20", "21", "22",
        "23", "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D", "3F",
        "40", "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "P0", "XX",
    ]

    init(sqlState: String) {
        switch sqlState {
        case "23505": self = .constraint(.unique)
        case "23503": self = .constraint(.foreignKey)
        case "23514": self = .constraint(.check)
        case "23502": self = .constraint(.notNull)
        case "23P01": self = .constraint(.exclusion)
        case "40001": self = .serialization
        case "40P01": self = .deadlock
        case "42501": self = .insufficientPrivilege
        case "P0001": self = .raised
        case "57014", "55P03": self = .timeout
        case "57P01", "57P02", "57P03", "57P05", "25P03": self = .unavailable
        default:
            let family = String(sqlState.prefix(2))
            if family == "08" || family == "53" {
                self = .unavailable
            } else {
                self = sqlState.isEmpty || Self.knownClasses.contains(family) ? .other : .raised
            }
        }
    }
}

/// Takes out of the server's sentences what may be a value that somebody typed.
enum Redaction {
    /// `invalid input syntax for type uuid: "…"`. Names of tables and constraints stay, because
    /// the classes that quote only names are left alone.
    static func message(_ message: String, sqlState: String, isAboutTheText: Bool) -> String {
        switch sqlState.prefix(2) {
        case "23", "25", "40", "53", "55", "57", "08", "P0", "": return message
        case "42" where isAboutTheText || sqlState == "42501": return message
        default:
            if DatabaseError.Kind(sqlState: sqlState) == .raised { return message }
        }
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\""),
            first != last
        else { return message }
        return message[...first] + "…" + message[last...]
    }

    /// `Key (organisation_id, email)` of a detail that goes on with the values.
    static func key(ofDetail detail: String) -> String? {
        guard let end = detail.utf8.firstIndex(of: UInt8(ascii: "=")), detail.hasPrefix("Key (")
        else { return nil }
        return String(detail[..<end])
    }
}
