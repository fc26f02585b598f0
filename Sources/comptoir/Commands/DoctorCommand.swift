import Basics
import Core
import Database

/// `comptoir doctor`: proves that the installation and its records are as they must be.
enum DoctorCommand {
    private static let mend = Flag(
        "--mend", "Compute again what is computed and wrong; say what to do about the rest.")

    static let command = Command(
        words: ["doctor"], summary: "Check the installation and every record in it",
        details: """
            Changes nothing, unless told to mend. Mending computes sums, balances, statistics and indexes
            again from what they are made of, each in one transaction that the journal notes as high; what
            takes a decision is left to you, with a word on what to do. Exits with 1 when something is wrong
            in the end.

            \(Surroundings.languageExplanation)
            """,
        options: InstallationOptions.all + [mend, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let installation = try Installation(arguments.settings(), log: { _ in })
        defer { try? installation.close() }
        let pool = try installation.makePool(size: 2)
        defer { pool.close() }
        var reports = try examine(installation, pool)
        if arguments[mend], !reports.allSatisfy(\.findings.isEmpty) {
            let checks = capabilities.flatMap { $0.checks }
            let results = try Doctor(installation, pool: pool, checks: checks).mend(reports)
            for result in results { complain(result, reports) }
            reports = try examine(installation, pool)
        }
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

    /// What became of something wrong, beside the data of the command.
    private static func complain(_ result: Doctor.MendReport, _ reports: [Doctor.Report]) {
        let say = result.organisation?.language ?? Surroundings.language
        let place = result.organisation.map { " (\($0.slug))" } ?? ""
        let checks = result.checks.joined(separator: ", ") + place
        switch result.outcome {
        case .mended: Output.complain("MENDED \(checks): \(say(result.text))")
        case .refused(let reason):
            Output.complain(
                "NOT MENDED \(checks): \(say(result.text))"
                    + say(". Refusé, rien n’a changé : ", ". Refused, nothing changed: ") + reason)
        case .leftToYou:
            for report in reports where result.checks.contains(report.check) {
                guard report.organisation == result.organisation?.slug else { continue }
                findings(report).forEach(Output.complain)
            }
            Output.complain("TO DO  \(checks): \(say(result.text))")
        }
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
