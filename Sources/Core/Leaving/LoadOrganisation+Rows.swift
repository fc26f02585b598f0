import Basics
import Database
import FoundationEssentials

extension OrganisationLoad {
    /// Puts the lines of a table where SQL can read them, and refuses what is not the organisation's.
    func stage(_ table: ExportedTable) throws {
        try connection.runScript("TRUNCATE arriving_lines")
        let reader = try LineReader(folder + "/" + table.path)
        do {
            try connection.copyIn("COPY arriving_lines (line, first_file, second_file) FROM STDIN")
            {
                writer in
                while let line = try reader.next() {
                    let files = try files(of: table, line)
                    try writer.row(values: [
                        SQLValue(line, type: .text), SQLValue(bytes: files.first ?? nil),
                        SQLValue(bytes: files.dropFirst().first ?? nil),
                    ])
                }
            }
        } catch let error as DatabaseError where error.sqlState.hasPrefix("22") {
            throw LeavingError.wrongLines(table: table.name, reason: error.message)
        }
        let rows = manifest.tables.first { $0.name == table.name }?.rows
        let count: Int = try connection.value("SELECT count(*) FROM arriving_lines") ?? 0
        guard count == rows else {
            throw LeavingError.wrongLines(
                table: table.name, reason: "\(count) rows, where the manifest names \(rows ?? 0)")
        }
        let odd: Int? = try connection.value(
            """
            SELECT count(*) FROM arriving_lines
            WHERE CASE WHEN json_typeof(line) <> 'object' THEN true
                ELSE ARRAY(SELECT json_object_keys(line)) <> \(table.columns.map(\.name)) END
            """)
        if let odd, odd > 0 {
            throw LeavingError.wrongLines(
                table: table.name, reason: "\(odd) rows do not have the columns of the manifest")
        }
        if table.name == "users" { return }
        let owner = table.name == "organisations" ? "id" : "organisation_id"
        let foreign: Int? = try connection.value(
            """
            SELECT count(*) FROM arriving_lines
            WHERE line ->> \(owner) IS DISTINCT FROM \(manifest.organisation)
            """)
        if let foreign, foreign > 0 {
            throw LeavingError.foreignRows(table: table.name, count: foreign)
        }
    }

    /// What the line names, read and compared with its name once more.
    private func files(of table: ExportedTable, _ line: String) throws -> [[UInt8]?] {
        guard !table.fileColumns.isEmpty else { return [] }
        let json = JSON(parsing: Array(line.utf8))
        return try table.fileColumns.map { column in
            guard let path = json?[column.name]?.string else { return nil }
            guard
                let data = path.hasPrefix("files/") && !path.contains("..")
                    ? FileManager.default.contents(atPath: folder + "/" + path) : nil
            else { throw LeavingError.missing(file: path) }
            let bytes = Array(data)
            guard ExportedFiles.path(of: bytes) == path else {
                throw LeavingError.damaged(file: path)
            }
            return bytes
        }
    }

    /// In one statement, so that rows may name each other. `people` are columns that name people.
    func load(_ table: ExportedTable, people: Set<String>) throws {
        let (names, definitions) = OrganisationLoad.columns(of: table)
        let values = table.columns.map { column -> SQL in
            let name = SQL.name(column.name)
            if table.name == "organisations", column.name == "slug" { return "\(slug)" }
            if people.contains(column.name) {
                return """
                    coalesce((SELECT p.new FROM arriving_people p WHERE p.old = r.\(name)::uuid),
                        r.\(name)::uuid)
                    """
            }
            if table.name == "journal_entries", column.name == "transaction_id" {
                return "coalesce(r.\(name)::xid8, pg_current_xact_id())"
            }
            switch column.form {
            case .text: return "r.\(name)\(SQL.cast(to: column.type))"
            case .base64: return "decode(r.\(name), 'base64')"
            case .file:
                return column == table.fileColumns.first ? "l.first_file" : "l.second_file"
            }
        }
        do {
            try connection.run(
                """
                INSERT INTO \(SQL.name(table.name)) (\(names)) OVERRIDING SYSTEM VALUE
                SELECT \(SQL.joined(values, separator: ", "))
                FROM arriving_lines l, json_to_record(l.line) AS r(\(definitions))
                """)
        } catch let error as DatabaseError {
            throw LeavingError.wrongLines(table: table.name, reason: error.message)
        }
    }

    /// Whoever has an account here keeps it, known by its id or by its address; the others get one with a
    /// password that nobody knows, unless theirs came along.
    func loadPeople(_ table: ExportedTable) throws {
        let (_, definitions) = OrganisationLoad.columns(of: table)
        try connection.run(
            """
            INSERT INTO users (id, email, name, language, theme, created_at, password_hash,
                password_changed_at)
            SELECT r.id::uuid, r.email, r.name, r.language, r.theme, r.created_at::timestamptz,
                \(manifest.withPasswords ? "r.password_hash" : "\(unusable)" as SQL),
                \(manifest.withPasswords
                    ? "r.password_changed_at::timestamptz" : "r.created_at::timestamptz" as SQL)
            FROM arriving_lines l, json_to_record(l.line) AS r(\(definitions))
            WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = r.id::uuid OR u.email = r.email)
            """)
        try connection.run(
            """
            INSERT INTO arriving_people (old, new)
            SELECT r.id::uuid, u.id
            FROM arriving_lines l, json_to_record(l.line) AS r(\(definitions))
            JOIN LATERAL (SELECT u.id FROM users u WHERE u.id = r.id::uuid OR u.email = r.email
                ORDER BY u.id = r.id::uuid DESC LIMIT 1) u ON true
            """)
    }

    /// The names of a table's columns, and the same as texts for `json_to_record`.
    private static func columns(of table: ExportedTable) -> (names: SQL, definitions: SQL) {
        let names = table.columns.map { SQL.name($0.name) }
        return (
            SQL.joined(names, separator: ", "),
            SQL.joined(names.map { "\($0) text" }, separator: ", ")
        )
    }
}
