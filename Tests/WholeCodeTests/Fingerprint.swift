import Basics
import DatabaseTesting
import TestSupport

@testable import Core
@testable import Database

/// Everything that an organisation has, in numbers: equal before and after, nothing has changed.
struct Fingerprint: Equatable {
    /// By table: how many rows, and what they add up to.
    let tables: [String: [String]]

    /// The tables in which something differs.
    func differences(from other: Fingerprint) -> [String] {
        tables.keys.filter { tables[$0] != other.tables[$0] }.sorted()
    }

    /// The tables that have more rows than before.
    func additions(since before: Fingerprint) -> [String] {
        tables.keys.filter { rows($0) > before.rows($0) }.sorted()
    }

    private func rows(_ table: String) -> Int { tables[table].flatMap { Int($0[0]) } ?? 0 }
}

/// Takes fingerprints as somebody whom no policy holds back.
struct FingerprintReader {
    private let connection: Connection
    private let columns: [(table: String, column: String)]

    init() throws {
        connection = try Connection(
            TestCluster.shared.cluster.administrator(
                database: Connection(TestDatabase.strings.runtime).database))
        // Sessions note each visit; whoever follows the journal, in any test, seals what is there; the first
        // who may need a key makes one.
        let tables: [String] = try connection.values(
            """
            SELECT c.relname::text FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                AND c.relname NOT IN ('sessions', 'seals', 'journal_batches', 'organisation_keys') AND EXISTS (SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'organisation_id')
            """)
        columns = tables.map { ($0, "organisation_id") } + [("organisations", "id")]
    }

    func fingerprint(of organisation: Organisation.ID) throws -> Fingerprint {
        let parts = columns.map {
            """
            SELECT '\($0.table)' AS name, count(*)::text AS rows,
                coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS total
            FROM \($0.table) t WHERE \($0.column) = '\(organisation)'
            """
        }
        let found: [TableSum] = try connection.all(
            SQL(trustedText: parts.joined(separator: " UNION ALL ")))
        return Fingerprint(
            tables: Dictionary(uniqueKeysWithValues: found.map { ($0.name, [$0.rows, $0.total]) }))
    }

    /// The tables in which rows of an organisation hold one of these ids, wherever in the row.
    func tables(of organisation: Organisation.ID, holding ids: [UniqueID]) throws -> [String] {
        let anyID = ids.map(\.description).joined(separator: "|")
        let parts = columns.map {
            """
            SELECT '\($0.table)' WHERE EXISTS (SELECT FROM \($0.table) t
                WHERE \($0.column) = '\(organisation)' AND t::text ~ '\(anyID)')
            """
        }
        return try connection.values(SQL(trustedText: parts.joined(separator: " UNION ALL ")))
    }
}

private struct TableSum: Record {
    var name: String
    var rows: String
    var total: String

    init(row: Row) throws {
        name = try row["name"]
        rows = try row["rows"]
        total = try row["total"]
    }
}
