import Basics
import Core
import Database
import HTTP

/// The program as a whole: finds the command that was asked for, and says how it ended.
enum Program {
    static let commands: [Command] =
        [
            ServeCommand.command, DemoCommand.command, MigrateCommand.command,
            UpgradeCommand.command, UserAdd.command,
            UserList.command, UserPassword.command, UserSecondFactor.command, ImportSales.command,
        ] + ImportFile.commands + [
            OrganisationExportCommand.command, OrganisationImportCommand.command,
            ExportCommand.command, ExportDatabase.command, ReceiveCommand.command,
            FileInvoicesCommand.command,
            InvoiceCheck.command, InvoiceRules.command, DoctorCommand.command,
            VerifyCommand.command, AuditRecent.command, CleanupCommand.command,
            OptimiseCommand.command, SlowQueriesCommand.command, UsageCommand.command,
            StatisticsRebuild.command, KeyList.command, KeyRotate.command, KeyRecipient.command,
            BackupCommand.command, BackupSchedule.command, BackupList.command,
            BackupPrune.command, BackupVerify.command, BackupArchiveCommand.command,
            RestoreCommand.command, VersionCommand.command,
        ]

    /// The exit code: 0 when all is well, 1 when it is not, 2 when the command line makes no sense.
    static func run(_ words: [String]) -> Int32 {
        do {
            guard let first = words.first else {
                throw UsageError("say what to do, such as comptoir serve")
            }
            if ["--help", "-h", "help"].contains(first) {
                let named = Array(words.dropFirst())
                Output.line(try named.isEmpty ? Help.program(commands) : help(on: named))
                return 0
            }
            if let code = HelperCommand.run(first) { return code }
            if first == "--version" { return try VersionCommand.command.run(Arguments()) }
            guard let (command, rest) = find(words) else {
                if let group = help(group: first) {
                    guard words.dropFirst().contains(where: { ["--help", "-h"].contains($0) })
                    else { throw UsageError("comptoir \(first) needs one more word:\n\(group)") }
                    Output.line(group)
                    return 0
                }
                throw UsageError("there is no command \(first)")
            }
            return run(command, rest)
        } catch {
            return report(error, command: nil)
        }
    }

    private static func run(_ command: Command, _ words: [String]) -> Int32 {
        do {
            let options = words.prefix { $0 != "--" }
            if options.contains("--help") || options.contains("-h") {
                Output.line(Help.command(command))
                return 0
            }
            return try command.run(Arguments(words, for: command))
        } catch {
            return report(error, command: command)
        }
    }

    private static func find(_ words: [String]) -> (Command, [String])? {
        let longestFirst = commands.sorted { $0.words.count > $1.words.count }
        for command in longestFirst where words.starts(with: command.words) {
            return (command, Array(words.dropFirst(command.words.count)))
        }
        return nil
    }

    private static func help(on words: [String]) throws -> String {
        if let (command, _) = find(words) { return Help.command(command) }
        if let group = help(group: words[0]) { return group }
        throw UsageError("there is no command \(words.joined(separator: " "))")
    }

    /// The commands that begin with a word, such as `user`; nil when there are none.
    private static func help(group: String) -> String? {
        let members = commands.filter { $0.words.count > 1 && $0.words[0] == group }
        return members.isEmpty ? nil : Help.list(members)
    }

    private static func report(_ error: any Error, command: Command?) -> Int32 {
        let name = (["comptoir"] + (command.map { $0.words } ?? [])).joined(separator: " ")
        if let error = error as? UsageError {
            Output.complain("\(name): \(error.message)")
            Output.complain("Try: \(name) --help")
            return 2
        }
        Output.complain("\(name): \(plain(error))")
        return 1
    }

    private static func plain(_ error: any Error) -> String {
        switch error {
        case let failure as Failure: failure.message
        case Problem.invalid(let fields):
            fields.map { "\($0.field): \($0.message.english)" }.joined(separator: "\n")
        case let problem as Problem: problem.detail.english
        case let error as DatabaseError: Problem(refusal: error) ?? error.description
        default: String(describing: error)
        }
    }
}

extension Program {
    /// What a person can do about a refusal by the database; nil when it is a fault of ours.
    private static func Problem(refusal error: DatabaseError) -> String? {
        error.kind == .unavailable ? "the database does not answer: \(error.message)" : nil
    }
}

/// A command that could not do what it was asked to.
struct Failure: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

/// A command line that makes no sense.
struct UsageError: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
