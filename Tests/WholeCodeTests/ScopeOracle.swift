import Basics
import DatabaseTesting
import Sales
import TestSupport

@testable import Database

/// Asks PostgreSQL for the plan of a statement, as somebody whom no policy holds back, and reads there
/// which tables it binds to one organisation.
struct ScopeOracle {
    /// What the planner calls `$1…` itself ends well below.
    private static let firstParameter = 100

    private let connection: Connection
    private let scope: PlanScope
    /// What PostgreSQL calls each type.
    private let names: [SQLType: String]

    init(database: String) throws {
        connection = try Connection(TestCluster.shared.cluster.administrator(database: database))
        // A plan for any values: with those of one call the planner would leave out what they exclude.
        try connection.runScript("SET plan_cache_mode = force_generic_plan; SET jit = off")
        try connection.runScript(Imports.stagingTables)
        let tables: [TableColumns] = try connection.all(
            """
            SELECT c.relname::text AS name, array_to_string(array(
                SELECT a.attname::text FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 ORDER BY a.attnum), ' ') AS columns
            FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                AND (c.relname = 'organisations' OR EXISTS (SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'organisation_id'))
            """)
        let indexes: [String] = try connection.values(
            """
            SELECT DISTINCT i.indexrelid::regclass::text FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE a.attname = 'organisation_id'
            """)
        let types: [TypeName] = try connection.all(
            "SELECT oid::bigint AS number, format_type(oid, NULL) AS name FROM pg_type")
        names = Dictionary(
            uniqueKeysWithValues: types.map { (SQLType(rawValue: UInt32($0.number)), $0.name) })
        scope = PlanScope(
            columns: Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.columns) }),
            organisationIndexes: Set(indexes), firstParameter: ScopeOracle.firstParameter)
    }

    /// The tables with an organisation, by name.
    var tables: [String] { scope.columns.keys.sorted() }

    /// What is not bound; empty for a statement that stays in one organisation.
    func faults(_ text: String, types: [SQLType]) throws -> [String] {
        let verb = text.prefix { !$0.isWhitespace }.uppercased()
        // Other statements (savepoints, LISTEN, SET) read no table.
        guard ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"].contains(verb) else {
            return []
        }
        return scope.faults(of: try plan(text, types))
    }

    private func plan(_ text: String, _ types: [SQLType]) throws -> JSON {
        let names = types.map { self.names[$0] ?? "unknown" }
        let unused = Array(repeating: "integer", count: ScopeOracle.firstParameter - 1)
        let values = Array(repeating: "NULL", count: unused.count + names.count)
        try connection.runScript(
            """
            PREPARE examined (\((unused + names).joined(separator: ", "))) AS \(renumbered(text))
            """)
        defer { try? connection.runScript("DEALLOCATE examined") }
        let plan: String? = try connection.value(
            SQL(
                trustedText: "EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) EXECUTE examined ("
                    + values.joined(separator: ", ") + ")"))
        guard let plan, let json = JSON(parsing: plan)?.array?.first?["Plan"] else {
            throw DatabaseError(.other, "no plan for \(text)")
        }
        return json
    }

    /// `$1` becomes `$100`.
    private func renumbered(_ text: String) -> String {
        var out: [UInt8] = []
        var number: Int?
        for byte in text.utf8 {
            if let known = number, let digit = digit(byte) {
                number = 10 * known + digit
                continue
            }
            if let known = number {
                out += String(known + ScopeOracle.firstParameter - 1).utf8
                number = nil
            }
            out.append(byte)
            if byte == UInt8(ascii: "$") { number = 0 }
        }
        if let number { out += String(number + ScopeOracle.firstParameter - 1).utf8 }
        return String(decoding: out, as: UTF8.self)
    }

    private func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte) - 48 : nil
    }
}

private struct TableColumns: Record {
    var name: String
    var columns: [String]

    init(row: Row) throws {
        name = try row["name"]
        let list: String = try row["columns"]
        columns = list.split(separator: " ").map(String.init)
    }
}

private struct TypeName: Record {
    var number: Int
    var name: String

    init(row: Row) throws {
        number = try row["number"]
        name = try row["name"]
    }
}
