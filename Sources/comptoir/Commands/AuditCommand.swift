import Basics
import Core
import Database

/// `comptoir audit recent`: what an administrator should have seen.
enum AuditRecent {
    private static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name. Default: each one")
    private static let most = Option<Int>(
        "--most", "N", "So many entries of each. Default: 10",
        expected: "a number from 1 to 1000",
        parse: { text in Int(text).flatMap { (1...1000).contains($0) ? $0 : nil } })

    static let command = Command(
        words: ["audit", "recent"],
        summary: "Print the latest entries of the journal that are high or critical",
        options: InstallationOptions.all + [organisation, most, InstallationOptions.json],
        run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let (slug, most) = (arguments[organisation], arguments[most] ?? 10)
        let found = try arguments.withInstallation { _, pool in
            let organisations = try pool.withConnection { try $0.organisations() }
                .filter { slug == nil || $0.slug == slug }
            guard !organisations.isEmpty else {
                throw Failure("there is no organisation \(slug ?? "yet")")
            }
            return try organisations.map { organisation in
                let scope = Scope(organisation: organisation, user: nil, role: .owner)
                return (
                    organisation,
                    try pool.transaction(scope, at: .now, readOnly: true) {
                        try $0.graveEntries(most: most)
                    }
                )
            }
        }
        if arguments[InstallationOptions.json] {
            Output.line(
                JSON.array(found.flatMap { place, entries in entries.map { json($0, place) } }).text
            )
        } else {
            for (organisation, entries) in found {
                for entry in entries { Output.line(line(entry, organisation)) }
            }
        }
        return 0
    }

    private static func line(_ entry: JournalEntry, _ organisation: Organisation) -> String {
        [
            entry.recordedAt.rfc3339, entry.severity.rawValue, organisation.slug, entry.actorName,
            entry.action, entry.subjectLabel, entry.address,
        ].joined(separator: "\t")
    }

    private static func json(_ entry: JournalEntry, _ organisation: Organisation) -> JSON {
        [
            "id": .int(entry.id), "at": JSON(entry.recordedAt),
            "severity": .string(entry.severity.rawValue),
            "organisation": .string(organisation.slug),
            "actor": .string(entry.actorName), "action": .string(entry.action),
            "subject_kind": .string(entry.subjectKind.rawValue),
            "subject_id": JSON(entry.subjectID?.description), "label": .string(entry.subjectLabel),
            "address": .string(entry.address), "details": entry.details ?? .null,
        ]
    }
}
