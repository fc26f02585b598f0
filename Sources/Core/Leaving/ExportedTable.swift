import Basics
import Database

/// One table as it leaves: its columns and the order of its rows, read from the catalogue.
struct ExportedTable: Equatable {
    enum Form: Equatable {
        /// As PostgreSQL prints it.
        case text
        case base64
        /// A file of its own, whose path stands in the line.
        case file
    }

    struct Column: Equatable {
        let name: String
        /// As `format_type` prints it.
        let type: String
        let form: Form
    }

    let name: String
    let columns: [Column]
    /// The columns of the primary key, and whether each is a text, which is put in the order of its bytes:
    /// that of words differs between databases.
    private let key: [(name: String, isText: Bool)]

    static func == (left: ExportedTable, right: ExportedTable) -> Bool {
        left.name == right.name && left.columns == right.columns
    }

    var path: String { "tables/\(name).jsonl" }
    var fileColumns: [Column] { columns.filter { $0.form == .file } }

    /// Most rows that are held in memory while it is read. What leaves as files may be large.
    var rowsAtOnce: Int {
        if !fileColumns.isEmpty { return 4 }
        return name == "import_pieces" ? 8 : Connection.rowsAtOnce
    }

    /// Each row as `line`, and beside it the bytes of its files as `first_file` and `second_file`.
    func lines(of organisation: Organisation.ID) -> SQL {
        let columns = columns.map { "\(expression($0)) AS \(SQL.name($0.name))" as SQL }
        let files = ["first_file", "second_file"].enumerated().map { place, alias -> SQL in
            let column = place < fileColumns.count ? fileColumns[place] : nil
            let value: SQL = column.map { "x.\(SQL.name($0.name))" } ?? "NULL::bytea"
            return "\(value) AS \(SQL.name(alias))"
        }
        let order = key.map { column -> SQL in
            column.isText
                ? "x.\(SQL.name(column.name)) COLLATE \"C\"" : "x.\(SQL.name(column.name))"
        }
        return """
            SELECT row_to_json((SELECT r FROM (SELECT \(SQL.joined(columns, separator: ", "))) r))::text
                    AS line, \(SQL.joined(files, separator: ", "))
            FROM \(SQL.name(name)) x WHERE \(belongs(to: organisation))
            ORDER BY \(SQL.joined(order, separator: ", "))
            """
    }

    /// The condition on row `x` that it is the organisation's.
    private func belongs(to organisation: Organisation.ID) -> SQL {
        switch name {
        case "organisations": "x.id = \(organisation)"
        case "users":
            """
            EXISTS (SELECT FROM memberships m
                WHERE m.organisation_id = \(organisation) AND m.user_id = x.id)
            """
        default: "x.organisation_id = \(organisation)"
        }
    }

    private func expression(_ column: Column) -> SQL {
        let value =
            ExportRules.replaced[name]?[column.name] ?? "x.\(SQL.name(column.name))"
        switch column.form {
        case .text: return "(\(value))::text"
        case .base64:
            // Line breaks are PostgreSQL's own idea.
            return "translate(encode(\(value), 'base64'), E'\\n', '')"
        case .file:
            return """
                (SELECT 'files/' || left(f.name, 2) || '/' || f.name || CASE
                    WHEN \(value) IS NULL THEN NULL
                    WHEN substring(\(value) FOR 4) = '\\x25504446' THEN '.pdf'
                    WHEN substring(\(value) FOR 4) = '\\x89504e47' THEN '.png'
                    WHEN substring(\(value) FOR 3) = '\\xffd8ff' THEN '.jpg'
                    WHEN substring(\(value) FOR 5) = '\\x3c3f786d6c' THEN '.xml'
                    ELSE '' END
                FROM (SELECT encode(sha256(\(value)), 'hex') AS name) f)
                """
        }
    }
}

extension ExportedTable {
    /// All that leave, by name. Throws `LeavingError.unknownBytes` for a column that might be a secret.
    static func all(on connection: Connection, withPasswords: Bool) throws -> [ExportedTable] {
        let rows: [CatalogueColumn] = try connection.all(
            """
            SELECT c.relname::text AS table_name, a.attname::text AS name,
                format_type(a.atttypid, a.atttypmod) AS type,
                array_position(i.indkey::int[], a.attnum::int) AS place
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attgenerated = ''
            LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                AND (c.relname IN ('organisations', 'users') OR EXISTS (
                    SELECT FROM pg_attribute o WHERE o.attrelid = c.oid
                        AND o.attname = 'organisation_id' AND NOT o.attisdropped))
            ORDER BY c.relname COLLATE "C", a.attnum
            """)
        let tables = Dictionary(grouping: rows, by: \.table)
        let left = Set(ExportRules.leftOut.map(\.table))
        let people =
            ExportRules.peopleColumns
            + (withPasswords ? ExportRules.passwordColumns : [])
        return try tables.keys.sorted().filter { !left.contains($0) }.map { name in
            let rows = (tables[name] ?? []).filter {
                name != "users" || people.contains($0.name)
            }
            let key = rows.filter { $0.place != nil }.sorted { $0.place ?? 0 < $1.place ?? 0 }
            guard !key.isEmpty else { throw LeavingError.noOrder(table: name) }
            return ExportedTable(
                name: name,
                columns: try rows.map {
                    Column(name: $0.name, type: $0.type, form: try form(of: $0))
                },
                key: key.map { ($0.name, $0.type == "text") })
        }
    }

    private static func form(of column: CatalogueColumn) throws -> Form {
        guard column.type == "bytea" else { return .text }
        if ExportRules.files[column.table]?.contains(column.name) == true { return .file }
        guard
            ExportRules.bytes[column.table]?.contains(column.name) == true
                || ExportRules.replaced[column.table]?[column.name] != nil
        else { throw LeavingError.unknownBytes(table: column.table, column: column.name) }
        return .base64
    }

    private struct CatalogueColumn: Record {
        let table: String
        let name: String
        let type: String
        /// Within the primary key.
        let place: Int?

        init(row: Row) throws {
            table = try row["table_name"]
            name = try row["name"]
            type = try row["type"]
            place = try row["place"]
        }
    }
}
