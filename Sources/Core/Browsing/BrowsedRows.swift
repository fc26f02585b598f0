import Basics
import Database

/// One row: a text for each column, as PostgreSQL writes it; nil for NULL.
struct BrowsedRow: Record, Sendable {
    let cells: [String?]
    /// The values of the primary key without the organisation.
    let key: [String]

    init(row: Row) throws {
        let (cells, key): (JSON, JSON) = (try row["cells"], try row["key"])
        self.cells = (cells.array ?? []).map(\.string)
        self.key = (key.array ?? []).compactMap(\.string)
    }
}

/// Where a page of rows begins: behind the row of this key.
struct RowPosition: Sendable {
    let key: [String]

    init(_ key: [String]) { self.key = key }

    /// Nil when there is none, or when it was tampered with.
    init?(_ text: String?) {
        guard let text, let bytes = bytes(hexadecimal: text),
            let values = JSON(parsing: bytes)?.array
        else { return nil }
        key = values.compactMap(\.string)
        guard key.count == values.count else { return nil }
    }

    var text: String { hexadecimal(JSON.array(key.map(JSON.string)).bytes) }
}

/// Which rows of which table.
struct RowSelection {
    let table: BrowsedTable
    let columns: [BrowsedColumn]
    let filter: RowFilter
    /// Longest text of a cell; nil for the whole.
    var longestText: Int?

    static let rowsPerPage = 50
    /// A look into a table may not hold up the program, in milliseconds.
    static let pageMilliseconds = 5_000
    static let exportMilliseconds = 60_000
    static let mostExportedRows = 100_000

    /// In the order of the primary key. None where a part of it is secret, since positions travel in
    /// addresses: such a table shows its first rows only.
    private var keys: [BrowsedColumn] {
        let keys = columns.filter { $0.keyPlace != nil }
            .sorted { ($0.keyPlace ?? 0) < ($1.keyPlace ?? 0) }
        return keys.contains { $0.kind == .secret } ? [] : keys
    }

    func statement(of organisation: Organisation.ID, after: RowPosition?, most: Int) -> SQL {
        let key = SQL.joined(keys.map { "\(name: $0.name)" }, separator: ", ")
        let order: SQL = keys.isEmpty ? .empty : " ORDER BY \(key)"
        let keyTexts = SQL.joined(keys.map { "\(name: $0.name)::text" }, separator: ", ")
        return """
            SELECT to_json(ARRAY[\(SQL.joined(columns.map(shown), separator: ", "))]::text[])::text AS cells,
                to_json(ARRAY[\(keyTexts)]::text[])::text AS key
            FROM \(name: table.name) WHERE \(table.condition(of: organisation))
                \(and(filter.condition)) \(and(behind(after)))\(order) LIMIT \(most)
            """
    }

    private func and(_ condition: SQL) -> SQL {
        condition.isEmpty ? .empty : "AND (\(condition))"
    }

    private func shown(_ column: BrowsedColumn) -> SQL {
        let name: SQL = "\(name: column.name)"
        switch column.kind {
        case .secret: return "CASE WHEN \(name) IS NULL THEN NULL ELSE '' END"
        case .bytes: return "length(\(name))::text"
        case .text, .other:
            // What is sealed is nothing to look at.
            let text: SQL =
                column.kind == .text
                ? "CASE WHEN is_sealed(\(name)::text) THEN '•••' ELSE \(name)::text END"
                : "regexp_replace(\(name)::text, '\"sealed:[po]:[^\"]*\"', '\"•••\"', 'g')"
            guard let longestText else { return text }
            // One more, to tell what was cut.
            return "left(\(text), \(longestText + 1)::integer)"
        case .whole, .decimal, .flag, .day, .moment, .identifier: return "\(name)::text"
        }
    }

    /// Rows whose key comes later; nothing for a position that does not fit the table.
    private func behind(_ position: RowPosition?) -> SQL {
        guard let position, position.key.count == keys.count, !keys.isEmpty else { return .empty }
        let values = zip(keys, position.key).compactMap { Self.value($1, $0.kind) }
        guard values.count == keys.count else { return .empty }
        return """
            (\(SQL.joined(keys.map { "\(name: $0.name)" }, separator: ", "))) > \
            (\(SQL.joined(values, separator: ", ")))
            """
    }

    private static func value(_ text: String, _ kind: ColumnKind) -> SQL? {
        switch kind {
        case .whole: Int(text).map { "\($0)" }
        case .identifier: UniqueID(text).map { "\($0)" }
        case .day: Day(text).map { "\($0)" }
        case .text: "\(text)::text"
        case .flag: text == "true" || text == "false" ? "\(text == "true")" : nil
        case .decimal, .moment, .bytes, .other, .secret: nil
        }
    }
}

extension Transaction {
    /// One page, and where the next one begins.
    func rows(_ selection: RowSelection, after: RowPosition?) throws -> ([BrowsedRow], RowPosition?)
    {
        let most = RowSelection.rowsPerPage
        let rows: [BrowsedRow] = try withTimeout(RowSelection.pageMilliseconds) {
            try all(selection.statement(of: organisation, after: after, most: most + 1))
        }
        let page = Array(rows.prefix(most))
        let last = rows.count > most ? page.last?.key : nil
        return (page, last.flatMap { $0.isEmpty ? nil : RowPosition($0) })
    }

    /// All rows that the filter lets through. Throws `Problem.tooLarge` when they are too many.
    func eachRow(_ selection: RowSelection, _ body: (BrowsedRow) throws -> Void) throws {
        let most = RowSelection.mostExportedRows
        var count = 0
        try withTimeout(RowSelection.exportMilliseconds) {
            try each(selection.statement(of: organisation, after: nil, most: most + 1)) {
                count += 1
                guard count <= most else { throw Problem.tooLarge(RowSelection.tooMany) }
                try body(BrowsedRow(row: $0))
            }
        }
    }

    /// How many rows each table has here, counted up to `most`, in one statement.
    func rowCounts(of tables: [BrowsedTable], most: Int) throws -> [String: Int] {
        guard !tables.isEmpty else { return [:] }
        let parts = tables.map { table -> SQL in
            """
            SELECT \(table.name.text)::text AS name, (SELECT count(*) FROM (
                SELECT FROM \(name: table.name) WHERE \(table.condition(of: organisation))
                LIMIT \(most)) c) AS amount
            """
        }
        let rows: [NamedAmount] = try withTimeout(RowSelection.pageMilliseconds) {
            try all(SQL.joined(parts, separator: " UNION ALL "))
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.amount) })
    }

    private func withTimeout<Answer>(
        _ milliseconds: Int, _ body: () throws -> Answer
    ) throws -> Answer {
        let _: String? = try value(
            "SELECT set_config('statement_timeout', \(milliseconds)::text, true)")
        do {
            return try body()
        } catch let error as DatabaseError {
            guard error.kind == .timeout else { throw error }
            throw Problem.tooLarge(RowSelection.tooLong)
        }
    }
}

extension RowSelection {
    fileprivate static let tooMany = Text(
        "Plus de 100 000 lignes : filtrez d’abord la table.",
        "More than 100,000 rows: filter the table first.")
    fileprivate static let tooLong = Text(
        "Cette recherche prend trop de temps : comparez une colonne de la clé, ou une autre.",
        "This search takes too long: compare a column of the key, or another one.")
}
