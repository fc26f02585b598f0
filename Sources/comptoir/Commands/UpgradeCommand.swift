import Basics
import Core
import Database

/// `comptoir upgrade`: to this version, with a snapshot, a rehearsal and a way back.
enum UpgradeCommand {
    private static let trial = Flag("--dry-run", "Stop after the rehearsal; change nothing.")
    private static let snapshot = Option<String>(
        "--snapshot", "FOLDER", "Where the snapshot goes. Default: a new folder in the data folder")

    static let command = Command(
        words: ["upgrade"],
        summary: "Bring an installation of an older version to this one, rehearsed on a copy",
        details: """
            Takes a snapshot, restores it into a database of its own, runs the new migrations there, and
            compares rows, sums, journal and chains. Then the same on the real database, in one
            transaction: when anything fails, everything is as before, and the older version starts as
            it did. Stop the program first; --dry-run may run beside it (docs/deploy.md).
            """,
        options: InstallationOptions.all + [trial, snapshot, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let report = try Upgrade(
            try arguments.settings(), checks: capabilities.flatMap { $0.checks },
            say: { Output.complain($0) }
        ).run(isTrial: arguments[trial], snapshot: arguments[snapshot], at: .now)
        if arguments[InstallationOptions.json] {
            Output.line(json(report).text)
            return 0
        }
        for run in report.runs.isEmpty ? report.rehearsal : report.runs { Output.line(line(run)) }
        guard report.snapshot != nil else {
            Output.complain("The database is up to date.")
            return 0
        }
        Output.complain("\(report.compared) counts, sums and hashes are the same as before.")
        Output.complain(
            report.runs.isEmpty
                ? "Nothing was changed: this was the rehearsal."
                : "Upgraded to Comptoir \(Comptoir.version).")
        return 0
    }

    private static func line(_ run: MigrationRun) -> String {
        let held = run.held.isEmpty ? "" : "\tnobody could read " + run.held.joined(separator: ", ")
        let anew =
            run.rewritten.isEmpty ? "" : "\twritten anew: " + run.rewritten.joined(separator: ", ")
        return "\(run.title)\t\(milliseconds(run)) ms\(held)\(anew)"
    }

    private static func milliseconds(_ run: MigrationRun) -> Int {
        Int((run.seconds * 1000).rounded())
    }

    private static func json(_ report: Upgrade.Report) -> JSON {
        func runs(_ runs: [MigrationRun]) -> JSON {
            .array(
                runs.map {
                    [
                        "migration": .string($0.title), "milliseconds": .int(milliseconds($0)),
                        "held": .array($0.held.map(JSON.string)),
                        "rewritten": .array($0.rewritten.map(JSON.string)),
                    ]
                })
        }
        return [
            "snapshot": JSON(report.snapshot), "rehearsal": runs(report.rehearsal),
            "upgrade": runs(report.runs), "compared": .int(report.compared),
        ]
    }
}
