import Basics
import Core
import Database

/// `comptoir doctor`: proves that the installation and its records are as they must be.
enum DoctorCommand {
    static let command = Command(
        words: ["doctor"], summary: "Check the installation and every record in it",
        details: "Changes nothing. Exits with 1 when something is wrong.",
        options: InstallationOptions.all + [InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let installation = try Installation(arguments.settings(), log: { _ in })
        defer { try? installation.close() }
        let pool = try installation.makePool(size: 2)
        defer { pool.close() }
        let reports = try examine(installation, pool)
        if arguments[InstallationOptions.json] {
            Output.line(json(reports).text)
        } else {
            for report in reports { show(report) }
        }
        return reports.allSatisfy(\.findings.isEmpty) ? 0 : 1
    }

    static func examine(_ installation: Installation, _ pool: Pool) throws -> [Doctor.Report] {
        let progress = Progress()
        return try Doctor(installation, pool: pool, checks: capabilities.flatMap { $0.checks })
            .examine { progress.show($0, of: $1, "checks") }
    }

    private static func show(_ report: Doctor.Report) {
        if report.findings.isEmpty { Output.line("ok    \(place(report))") }
        for line in findings(report) { Output.line(line) }
    }

    /// The findings on standard error, for commands whose data are something else.
    static func complain(_ report: Doctor.Report) {
        for line in findings(report) { Output.complain(line) }
    }

    private static func findings(_ report: Doctor.Report) -> [String] {
        report.findings.map { "WRONG \(place(report)): \($0.message)" }
    }

    private static func place(_ report: Doctor.Report) -> String {
        report.check + (report.organisation.map { " (\($0))" } ?? "")
    }

    private static func json(_ reports: [Doctor.Report]) -> JSON {
        [
            "healthy": .bool(reports.allSatisfy(\.findings.isEmpty)),
            "checks": .array(
                reports.map { report in
                    [
                        "check": .string(report.check), "organisation": JSON(report.organisation),
                        "findings": .array(report.findings.map { .string($0.message) }),
                    ]
                }),
        ]
    }
}
