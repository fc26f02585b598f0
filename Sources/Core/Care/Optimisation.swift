import Database

/// Brings tables and indexes back into shape while people work: nothing here holds up a reader, and a
/// writer only while one index is exchanged for another.
public struct Optimisation {
    public struct Step: Sendable, Equatable {
        public enum Kind: String, Sendable {
            /// Rows that no one sees any more are given back, and plans learn what changed.
            case vacuum, analyze
            case rebuildInvalidIndex, rebuildBloatedIndex
            /// What a rebuilding that was cut off left behind.
            case dropHalfBuiltIndex
        }

        public var kind: Kind
        /// Of a table or an index.
        public var name: String
        /// Why, in the server's own numbers: dead rows, changed rows or bytes that may be won.
        public var amount: Int
    }

    /// Dead rows, or rows changed since statistics were gathered, that make a table due: so many at
    /// least, and one of so many of its rows.
    private static let fewestRows = 500
    private static let oneOfRows = 20
    /// An index is bloated when it is this much larger than its entries need, and wins a megabyte.
    private static let bloatFactor = 2
    private static let smallestGain = 1_048_576

    /// As the role that owns the tables.
    private let owner: Connection
    /// As a role that no policy binds: statistics of tables under row-level security are shown to none
    /// other, their owner included.
    private let reader: Connection?

    public init(owner: Connection, reader: Connection? = nil) {
        self.owner = owner
        self.reader = reader
    }

    /// What is to be done now, the important first.
    public func plan() throws -> [Step] {
        try brokenIndexes() + tables() + bloatedIndexes()
    }

    public func carryOut(_ step: Step) throws {
        let name = try owner.quoted(step.name)
        switch step.kind {
        case .vacuum: try owner.runScript("VACUUM (ANALYZE, SKIP_LOCKED) \(name)")
        case .analyze: try owner.runScript("ANALYZE (SKIP_LOCKED) \(name)")
        case .rebuildInvalidIndex, .rebuildBloatedIndex:
            try owner.runScript("REINDEX INDEX CONCURRENTLY \(name)")
        case .dropHalfBuiltIndex: try owner.runScript("DROP INDEX CONCURRENTLY IF EXISTS \(name)")
        }
    }

    func brokenIndexes() throws -> [Step] {
        let rows: [NamedAmount] = try owner.all(
            """
            SELECT c.relname::text AS name, pg_relation_size(c.oid) AS amount
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisvalid
            ORDER BY c.relname
            """)
        return rows.map { row in
            // Names that PostgreSQL gives while it rebuilds: the one before is there still.
            let isHalf = row.name.contains("_ccnew") || row.name.contains("_ccold")
            return Step(
                kind: isHalf ? .dropHalfBuiltIndex : .rebuildInvalidIndex, name: row.name,
                amount: row.amount)
        }
    }

    private func tables() throws -> [Step] {
        let dead: [NamedAmount] = try owner.all(
            """
            SELECT relname::text AS name, n_dead_tup AS amount FROM pg_stat_user_tables
            WHERE schemaname = 'public' AND n_dead_tup >= \(Self.fewestRows)
                AND n_dead_tup * \(Self.oneOfRows) >= n_live_tup
            ORDER BY n_dead_tup DESC, relname
            """)
        let changed: [NamedAmount] = try owner.all(
            """
            SELECT relname::text AS name, n_mod_since_analyze AS amount FROM pg_stat_user_tables
            WHERE schemaname = 'public' AND n_mod_since_analyze >= \(Self.fewestRows)
                AND n_mod_since_analyze * \(Self.oneOfRows) >= n_live_tup
            ORDER BY n_mod_since_analyze DESC, relname
            """)
        let vacuumed = Set(dead.map(\.name))
        return dead.map { Step(kind: .vacuum, name: $0.name, amount: $0.amount) }
            + changed.filter { !vacuumed.contains($0.name) }
            .map { Step(kind: .analyze, name: $0.name, amount: $0.amount) }
    }

    /// B-trees against what their entries need: eight bytes and a pointer of four each, their columns as
    /// statistics know them, on pages that are nine tenths full. Entries that PostgreSQL folds together
    /// take less than that, so nothing is called bloated that is not; nor is one whose columns have no
    /// statistics.
    private func bloatedIndexes() throws -> [Step] {
        let rows: [NamedAmount] = try (reader ?? owner).all(
            """
            SELECT s.name, (s.size - s.needed)::bigint AS amount FROM (
                SELECT c.relname::text AS name, pg_relation_size(c.oid) AS size,
                    ceil(c.reltuples * (12 + 8 * ceil(w.width / 8.0)) / (8152 * 0.9))
                        * 8192 AS needed
                FROM pg_index i
                JOIN pg_class c ON c.oid = i.indexrelid
                JOIN pg_class t ON t.oid = i.indrelid
                JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree'
                JOIN LATERAL (
                    SELECT sum(p.avg_width) AS width, bool_and(p.avg_width IS NOT NULL) AS is_known
                    FROM pg_attribute a
                    LEFT JOIN pg_attribute k ON k.attrelid = t.oid
                        AND k.attnum = i.indkey[a.attnum - 1] AND k.attnum > 0
                    LEFT JOIN pg_stats p ON p.schemaname = 'public'
                        AND (p.tablename = t.relname AND p.attname = k.attname
                            OR k.attnum IS NULL AND p.tablename = c.relname
                                AND p.attname = a.attname)
                    WHERE a.attrelid = c.oid AND a.attnum > 0
                ) w ON w.is_known
                WHERE c.relnamespace = 'public'::regnamespace AND i.indisvalid
                    AND c.reltuples >= 0
            ) s
            WHERE s.size > \(Self.bloatFactor) * s.needed
                AND s.size - s.needed > \(Self.smallestGain)
            ORDER BY s.size - s.needed DESC, s.name
            """)
        return rows.map { Step(kind: .rebuildBloatedIndex, name: $0.name, amount: $0.amount) }
    }
}

/// A name of the catalogue and a number about it.
struct NamedAmount: Record, Sendable {
    var name: String
    var amount: Int

    init(row: Row) throws {
        name = try row["name"]
        amount = try row["amount"]
    }
}

extension Connection {
    /// A name as it stands in a statement.
    fileprivate func quoted(_ name: String) throws -> String {
        try value("SELECT quote_ident(\(name))") ?? ""
    }
}
