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
    private static let verbose = Flag(
        "--verbose", "Name each table that the file makes and each whose rows it holds.")

    static let command = Command(
        words: ["export", "database"], summary: "Write the database to a file by pg_dump",
        details: """
            Without owners and rights, as of one moment, while the program serves. The file is readable
            by you alone, is not encrypted, and is no backup: the secret key is not in it. Plain SQL and
            schema load into an empty database by psql, custom by pg_restore; data by psql over a
            schema, as an administrator of PostgreSQL, since triggers have to sleep. What was written
            is read back and counted.
            """,
        operands: [
            Operand(
                name: "FILE",
                help:
                    "A new file; SQL is compressed when it ends in .gz. In a folder it gets a dated name"
            )
        ],
        options: InstallationOptions.all + [
            format, table, except, inserts, verbose, InstallationOptions.json,
        ], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        var selection = DatabaseExport.Selection()
        selection.format = arguments[format] ?? .plain
        selection.tables = arguments.all(table)
        selection.exceptions = arguments.all(except)
        selection.usesInserts = arguments[inserts]
        if selection.format == .schema, selection.usesInserts {
            throw UsageError("--inserts: --format schema writes no rows")
        }
        let path = DatabaseExport.path(
            arguments.operand(0) ?? "", selection.format, at: .now)
        let report = try arguments.withInstallation { installation, pool in
            let report = try DatabaseExport(installation).write(selection, to: path)
            try pool.noteDatabaseExport(at: .now)
            return report
        }
        if arguments[InstallationOptions.json] {
            Output.line(report.json.text)
        } else {
            let lines = report.lines.map { "\t\($0) lines" } ?? ""
            Output.line(
                "\(path)\t\(report.bytes) bytes\(lines)\t\(report.created.count) CREATE TABLE\t"
                    + "rows of \(report.filled.count) tables")
            if arguments[verbose] {
                for table in report.created { Output.line("CREATE TABLE\t\(table)") }
                for table in report.filled { Output.line("rows\t\(table)") }
            }
        }
        return 0
    }
}
