import Basics
import Core
import Database

/// `comptoir usage`: what takes room, and who asked for what.
enum UsageCommand {
    private static let days = Option<Int>(
        "--days", "N", "Calls of the API of so many days. Default: 30",
        expected: "a number from 1 to 3660",
        parse: { text in Int(text).flatMap { (1...3660).contains($0) ? $0 : nil } })

    static let command = Command(
        words: ["usage"],
        summary: "Print what takes room on the disk, and what each organisation has and asks for",
        details: """
            Tables and indexes, the parts of the data folder, rows of each organisation, calls of the
            API by token and day, mails by state. Numbers and names of tables and tokens, no records.

            \(Surroundings.languageExplanation)
            """,
        options: InstallationOptions.all + [days, InstallationOptions.json], run: run)

    private struct Use {
        var database: Int
        var tables: [TableSpace]
        var folder: [(name: String, bytes: Int)]
        var organisations: [OrganisationUse]
    }

    static func run(_ arguments: Arguments) throws -> Int32 {
        let use = try arguments.withInstallation { installation, pool in
            let (database, tables, organisations) = try pool.withConnection {
                (try $0.databaseBytes(), try $0.tableSpace(), try $0.organisations())
            }
            return Use(
                database: database, tables: tables, folder: installation.data.parts(),
                organisations: try organisations.map { organisation in
                    let scope = Scope(organisation: organisation, user: nil, role: .owner)
                    return try pool.transaction(scope, at: .now, readOnly: true) {
                        try $0.use(days: arguments[days] ?? 30)
                    }
                })
        }
        if arguments[InstallationOptions.json] {
            Output.line(json(use).text)
        } else {
            show(use, Surroundings.language)
        }
        return 0
    }

    private static func show(_ use: Use, _ say: Language) {
        Output.line("# \(say("Disque", "Disk"))")
        line(say("base de données", "database"), say.size(use.database))
        for part in use.folder { line(part.name, say.size(part.bytes)) }
        Output.line("# \(say("Tables", "Tables"))")
        for table in use.tables {
            line(
                table.table, say.size(table.tableBytes),
                say("index ", "indexes ") + say.size(table.indexBytes),
                table.rows < 0
                    ? say("jamais comptée", "never counted")
                    : say("environ ", "about ") + say.integer(table.rows) + say(" lignes", " rows"))
        }
        for organisation in use.organisations {
            Output.line("# \(organisation.organisation.slug)")
            for rows in organisation.rows { line(rows.table, say.integer(rows.count)) }
            for mails in organisation.mails {
                line(
                    say("courriels : ", "mails: ") + state(mails.state, say),
                    say.integer(mails.count))
            }
            for calls in organisation.calls {
                line(
                    say("appels ", "calls ") + calls.token, calls.day.iso,
                    say.integer(calls.calls))
            }
        }
    }

    private static func state(_ name: String, _ say: Language) -> String {
        Mail.Status(rawValue: name).map { say($0.label) } ?? name
    }

    private static func line(_ parts: String...) { Output.line(parts.joined(separator: "\t")) }

    private static func json(_ use: Use) -> JSON {
        [
            "database_bytes": .int(use.database),
            "folder": .object(use.folder.map { ($0.name, .int($0.bytes)) }),
            "tables": .array(
                use.tables.map { table in
                    [
                        "table": .string(table.table), "rows": .int(table.rows),
                        "table_bytes": .int(table.tableBytes),
                        "index_bytes": .int(table.indexBytes),
                    ]
                }),
            "organisations": .array(
                use.organisations.map { use in
                    [
                        "organisation": .string(use.organisation.slug),
                        "rows": .object(use.rows.map { ($0.table, .int($0.count)) }),
                        "mails": .object(use.mails.map { ($0.state, .int($0.count)) }),
                        "api_calls": .array(
                            use.calls.map { calls in
                                [
                                    "token": .string(calls.token), "day": .string(calls.day.iso),
                                    "calls": .int(calls.calls),
                                ]
                            }),
                    ]
                }),
        ]
    }
}
