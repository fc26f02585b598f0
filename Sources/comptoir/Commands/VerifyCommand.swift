import Basics
import Core
import Database
import Sales

/// `comptoir verify`: computes the chains of the books and of the journal anew.
enum VerifyCommand {
    private static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name. Default: each one")

    private static let holds = Option<String>(
        "--holds", "FINGERPRINT", "Also that a chain still holds this one, kept elsewhere")

    static let command = Command(
        words: ["verify"],
        summary: "Prove that no issued document, payment or journal entry was touched",
        details: """
            Computes the hashes of issued documents, payments, allocations and closings, and of the entries
            of the journal anew, and names the first that was changed, removed or inserted outside the
            program. Changes nothing. Exits with 1 when something is wrong. Keep the last hashes that it
            prints elsewhere: the same chains still hold them later.
            """,
        options: InstallationOptions.all + [organisation, holds, InstallationOptions.json], run: run
    )

    static func run(_ arguments: Arguments) throws -> Int32 {
        let slug = arguments[organisation]
        let reports = try arguments.withInstallation { _, pool in
            let organisations = try pool.withConnection { try $0.organisations() }
                .filter { slug == nil || $0.slug == slug }
            guard !organisations.isEmpty else {
                throw Failure("there is no organisation \(slug ?? "yet")")
            }
            return try organisations.flatMap { organisation in
                let scope = Scope(organisation: organisation, user: nil, role: .owner)
                return try pool.transaction(scope, at: .now, readOnly: true) {
                    [
                        Chain(organisation, Books.chain.name, try $0.verify(Books.chain)),
                        Chain(organisation, Journal.chain.name, try $0.verifyJournal()),
                    ]
                }
            }
        }
        let isHeld = try arguments[holds].map { try finds($0, arguments) } ?? true
        if arguments[InstallationOptions.json] {
            Output.line(JSON.array(reports.map(json)).text)
        } else {
            reports.forEach(show)
        }
        return isHeld && reports.allSatisfy(\.report.findings.isEmpty) ? 0 : 1
    }

    /// Says which link has this fingerprint, or that none has.
    private static func finds(_ fingerprint: String, _ arguments: Arguments) throws -> Bool {
        guard let hash = bytes(hexadecimal: fingerprint.lowercased()), hash.count == 32 else {
            throw UsageError("--holds expects 64 hexadecimal digits")
        }
        let held = try arguments.withInstallation { _, pool in
            try pool.withConnection { try $0.organisations() }.compactMap { organisation in
                let scope = Scope(organisation: organisation, user: nil, role: .owner)
                return try pool.transaction(scope, at: .now, readOnly: true) {
                    try $0.seal(withHash: hash).map { (organisation.slug, $0) }
                }
            }
        }
        for (slug, seal) in held {
            Output.complain(
                "held  \(slug) \(seal.chain): link \(seal.position) of \(seal.sealedAt.rfc3339)")
        }
        if held.isEmpty { Output.complain("WRONG no chain holds this fingerprint") }
        return !held.isEmpty
    }

    /// One chain of one organisation.
    private struct Chain {
        var organisation: Organisation
        var name: String
        var report: SealReport

        init(_ organisation: Organisation, _ name: String, _ report: SealReport) {
            self.organisation = organisation
            self.name = name
            self.report = report
        }
        var title: String { "\(organisation.slug) \(name)" }
    }

    private static func show(_ chain: Chain) {
        let (say, report) = (chain.organisation.language, chain.report)
        let state =
            say(
                "\(report.links) maillons, \(report.waiting) en attente, dernier \(report.head)",
                "\(report.links) links, \(report.waiting) waiting, last \(report.head)")
            + (report.erased == 0
                ? ""
                : say(
                    ", \(report.erased) écritures effacées par la loi",
                    ", \(report.erased) entries erased by law"))
        if report.findings.isEmpty { Output.line("ok    \(chain.title): \(state)") }
        for finding in report.findings {
            Output.line("WRONG \(chain.title): \(say(finding.message))")
        }
    }

    private static func json(_ chain: Chain) -> JSON {
        let report = chain.report
        return [
            "organisation": .string(chain.organisation.slug), "chain": .string(chain.name),
            "links": .int(report.links),
            "waiting": .int(report.waiting), "head": .string(report.head),
            "erased": .int(report.erased),
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
