import Basics
import Core
import Database
import Sales

/// `comptoir verify`: computes the chain of the books anew.
enum VerifyCommand {
    private static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name. Default: each one")

    static let command = Command(
        words: ["verify"], summary: "Prove that no issued document or payment was touched",
        details: """
            Computes the hashes of issued documents, payments, allocations and closings anew, and names
            the first that was changed, removed or inserted outside the program. Changes nothing. Exits
            with 1 when something is wrong. Keep the last hash that it prints elsewhere: the same chain
            still holds it later.
            """,
        options: InstallationOptions.all + [organisation, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let slug = arguments[organisation]
        let reports = try arguments.withInstallation { _, pool in
            let organisations = try pool.withConnection { try $0.organisations() }
                .filter { slug == nil || $0.slug == slug }
            guard !organisations.isEmpty else {
                throw Failure("there is no organisation \(slug ?? "yet")")
            }
            return try organisations.map { organisation in
                let scope = Scope(organisation: organisation, user: nil, role: .owner)
                let report = try pool.transaction(scope, at: .now, readOnly: true) {
                    try $0.verify(Books.chain)
                }
                return (organisation, report)
            }
        }
        if arguments[InstallationOptions.json] {
            Output.line(JSON.array(reports.map(json)).text)
        } else {
            for (organisation, report) in reports { show(report, organisation) }
        }
        return reports.allSatisfy(\.1.findings.isEmpty) ? 0 : 1
    }

    private static func show(_ report: SealReport, _ organisation: Organisation) {
        let say = organisation.language
        let state = say(
            "\(report.links) maillons, \(report.waiting) en attente, dernier \(report.head)",
            "\(report.links) links, \(report.waiting) waiting, last \(report.head)")
        if report.findings.isEmpty { Output.line("ok    \(organisation.slug): \(state)") }
        for finding in report.findings {
            Output.line("WRONG \(organisation.slug): \(say(finding.message))")
        }
    }

    private static func json(_ organisation: Organisation, _ report: SealReport) -> JSON {
        [
            "organisation": .string(organisation.slug), "links": .int(report.links),
            "waiting": .int(report.waiting), "head": .string(report.head),
            "intact": .bool(report.findings.isEmpty),
            "findings": .array(
                report.findings.map { finding in
                    [
                        "position": JSON(finding.position),
                        "french": .string(finding.message.french),
                        "english": .string(finding.message.english),
                    ]
                }),
        ]
    }
}
