import Basics
import Database

/// Entries of the journal that say something of a person, and what in them.
public struct ErasableEntries: Sendable {
    /// Whose details are taken away.
    public var all: [Int] = []
    /// Whose record is named after the person.
    public var subjects: [Int] = []
    /// What the person did.
    public var actors: [Int] = []

    public init() {}

    public mutating func add(_ id: Int, namesSubject: Bool, namesActor: Bool) {
        all.append(id)
        if namesSubject { subjects.append(id) }
        if namesActor { actors.append(id) }
    }
}

extension Transaction {
    /// Takes what names a person out of entries, and appends the entry that says so: it holds a hash over
    /// all of them as they stand afterwards, by which the chain is still proved. `label` and `details` must
    /// name nobody.
    public func eraseFromJournal(
        _ entries: ErasableEntries, _ kind: SubjectKind, _ id: UniqueID, label: String,
        details: [(String, JSON)]
    ) throws {
        let hash: String? = try value(
            """
            SELECT journal_erasure_hash(\(entries.all), \(entries.subjects), \(entries.actors))
            """)
        try record(
            .personErased, kind, id, label: label,
            details: .object(
                details + [
                    ("entries", .int(entries.all.count)), ("sha256", .string(hash ?? "")),
                ]))
        let act: Int? = try value(
            """
            SELECT max(id) FROM journal_entries
            WHERE organisation_id = \(organisation) AND subject_kind = \(kind)
                AND subject_id = \(id) AND action = \(Action.personErased.name)
            """)
        guard !entries.all.isEmpty else { return }
        let erased: Int? = try value(
            """
            SELECT erase_journal_entries(\(act), \(entries.all), \(entries.subjects),
                \(entries.actors))
            """)
        guard erased == entries.all.count else { throw Problem.unavailable }
    }

    /// What was erased by law: the acts whose word does not hold, and how many entries the others vouch for.
    func verifyErasures() throws -> (findings: [SealFinding], vouched: [Int], entries: Int) {
        let acts: [ErasureAct] = try all(
            """
            SELECT x.erased_by_entry AS id, count(*) AS entries, min(x.entry_id) AS first,
                coalesce(bool_and(a.action = \(Action.personErased.name)
                    AND t.action <> \(Action.personErased.name)
                    AND journal_commitment(d.salt, d.details) = a.commitment)
                    AND min(d.details ->> 'sha256') = encode(sha256(string_agg(
                        int8send(x.entry_id) || x.remaining_hash, '' ORDER BY x.entry_id)), 'hex'),
                    false) AS holds
            FROM journal_erasures x
            LEFT JOIN journal_entries t ON t.organisation_id = \(organisation)
                AND t.id = x.entry_id
            LEFT JOIN journal_entries a ON a.organisation_id = \(organisation)
                AND a.id = x.erased_by_entry
            LEFT JOIN journal_details d ON d.organisation_id = \(organisation)
                AND d.entry_id = x.erased_by_entry
            WHERE x.organisation_id = \(organisation)
            GROUP BY x.erased_by_entry ORDER BY x.erased_by_entry
            """)
        let holding = acts.filter(\.holds)
        return (
            acts.filter { !$0.holds }.prefix(SealReport.mostFindings).map(SealFinding.init),
            holding.map(\.id), holding.reduce(0) { $0 + $1.entries }
        )
    }
}

private struct ErasureAct: Record {
    var id: Int
    var entries: Int
    var first: Int
    var holds: Bool

    init(row: Row) throws {
        id = try row["id"]
        entries = try row["entries"]
        first = try row["first"]
        holds = try row["holds"]
    }
}

extension SealFinding {
    fileprivate init(_ act: ErasureAct) {
        position = nil
        message = Text(
            "\(act.entries) écriture(s) du journal, dont \(act.first), notées comme effacées : l’écriture \(act.id) ne le confirme pas.",
            "\(act.entries) entries of the journal, such as \(act.first), noted as erased: entry \(act.id) does not say so."
        )
    }
}

extension Action {
    public static let personErased = Action(
        "person.erased",
        Text("a effacé les données personnelles de", "erased the personal data of"),
        icon: "eraser", severity: .critical)
}
