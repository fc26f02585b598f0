import Basics
import Core

/// `comptoir export database`: the tables as a file for other programs.
enum ExportDatabase {
    private static let format = Option<DatabaseExport.Format>(
        "--format", "FORMAT", "plain, custom, schema or data. Default: plain",
        expected: "plain, custom, schema or data", parse: { DatabaseExport.Format(rawValue: $0) })
    private static let table = Option<String>(
        "--table", "NAME", "Only this table; may be repeated.")
    private static let except = Option<String>(
        "--except", "NAME", "All tables but this one; may be repeated.")
    private static let inserts = Flag(
        "--inserts", "INSERT statements with the names of columns, for other databases.")

    static let command = Command(
        words: ["export", "database"], summary: "Write the database to a file by pg_dump",
        details: """
            Without owners and rights, as of one moment, while the program serves. The file is readable
            by you alone, is not encrypted, and is no backup: the secret key is not in it.
            """,
        operands: [
            Operand(name: "FILE", help: "A new file; SQL is compressed when it ends in .gz")
        ],
        options: InstallationOptions.all + [format, table, except, inserts], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        var selection = DatabaseExport.Selection()
        selection.format = arguments[format] ?? .plain
        selection.tables = arguments.all(table)
        selection.exceptions = arguments.all(except)
        selection.usesInserts = arguments[inserts]
        if selection.format == .schema, selection.usesInserts {
            throw UsageError("--inserts: --format schema writes no rows")
        }
        try arguments.withInstallation { installation, pool in
            try DatabaseExport(installation).write(selection, to: arguments.operand(0) ?? "")
            try pool.noteDatabaseExport(at: .now)
        }
        return 0
    }
}
