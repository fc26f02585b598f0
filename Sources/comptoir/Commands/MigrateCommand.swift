import Basics
import Core
import Database

/// `comptoir migrate`: brings the database up to date, or says what that would do.
enum MigrateCommand {
    static let check = Flag("--check", "Change nothing; exit with 1 when something is pending.")

    static let command = Command(
        words: ["migrate"], summary: "Bring the database up to date",
        details: "serve does so by itself.\n\n" + InstallationOptions.explanation,
        options: InstallationOptions.all + [check, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let installation = try Installation(arguments.settings(), log: { _ in })
        defer { try? installation.close() }
        let titles: [String]
        if arguments[check] {
            titles = try Migrations(installation.program.migrations())
                .pending(on: Connection(installation.addresses.owner)).map(\.title)
        } else {
            titles = try installation.migrate(log: { _ in }).map(\.title)
        }
        if arguments[InstallationOptions.json] {
            let member = arguments[check] ? "pending" : "migrated"
            Output.line(JSON.object([(member, .array(titles.map(JSON.string)))]).text)
        } else {
            for title in titles { Output.line(title) }
            if titles.isEmpty { Output.complain("The database is up to date.") }
        }
        return arguments[check] && !titles.isEmpty ? 1 : 0
    }
}
