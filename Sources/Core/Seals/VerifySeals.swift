import Basics
import Database

/// What a chain of one organisation says when it is computed anew.
public struct SealReport: Sendable {
    /// Links in the chain.
    public var links: Int
    /// The hash of the last link in hexadecimal, empty without any. Whoever keeps it elsewhere proves
    /// what the chain held that day.
    public var head: String
    /// Entries of the journal whose words were erased by law, and which their erasures vouch for.
    public var erased = 0
    /// Records that will be sealed once the journal has been read up to them.
    public var waiting: Int
    /// What does not hold, the first place of the chain first; `mostFindings` at most.
    public var findings: [SealFinding]

    public static let mostFindings = 20
}

/// Something that was changed, removed or inserted.
public struct SealFinding: Sendable {
    /// The place in the chain; nil for a record that has none.
    public var position: Int?
    public var message: Text
}

extension Transaction {
    /// Computes every link and every content anew.
    public func verify(_ chain: SealChain) throws -> SealReport {
        var placed = try brokenLinks(of: chain)
        var waiting = 0
        var strangers: [SealFinding] = []
        try joiningWholes {
            for kind in chain.kinds {
                placed += try changedRecords(kind, of: chain)
                let unsealed = try unsealed(kind, of: chain)
                waiting += unsealed.waiting
                strangers += unsealed.strangers.map { SealFinding(kind.label, inserted: $0) }
            }
        }
        placed.sort { ($0.position ?? 0) < ($1.position ?? 0) }
        let last = try lastLink(of: chain)
        return SealReport(
            links: last?.position ?? 0, head: last?.hash ?? "", waiting: waiting,
            findings: Array((placed + strangers).prefix(SealReport.mostFindings)))
    }

    private func lastLink(of chain: SealChain) throws -> LastLink? {
        try first(
            """
            SELECT position, encode(hash, 'hex') AS hash FROM seals
            WHERE organisation_id = \(organisation) AND chain = \(chain.name)
            ORDER BY position DESC LIMIT 1
            """)
    }

    /// One pass in the order of the chain.
    private func brokenLinks(of chain: SealChain) throws -> [SealFinding] {
        let links: [BrokenLink] = try all(
            """
            SELECT t.position, t.label, t.position - t.expected AS missing
            FROM (
                SELECT s.position, s.kind, s.record_id, s.label, s.content_hash, s.previous_hash,
                    s.hash, 1 + lag(s.position, 1, 0::bigint) OVER chained AS expected,
                    lag(s.hash, 1, seal_start(\(organisation), \(chain.name))) OVER chained
                        AS before
                FROM seals s
                WHERE s.organisation_id = \(organisation) AND s.chain = \(chain.name)
                WINDOW chained AS (ORDER BY s.position)
            ) t
            WHERE t.position <> t.expected OR t.previous_hash <> t.before
                OR t.hash <> sha256(t.previous_hash || seal_payload(
                    t.position, t.kind, t.record_id, t.label, t.content_hash))
            ORDER BY t.position LIMIT \(SealReport.mostFindings)
            """)
        return links.map(SealFinding.init)
    }

    private func changedRecords(_ kind: SealedKind, of chain: SealChain) throws -> [SealFinding] {
        let records: [ChangedRecord] = try all(
            """
            SELECT s.position, s.label, k.record_id IS NULL AS is_missing
            FROM seals s
            LEFT JOIN (\(kind.contents(organisation, "true"))) k ON k.record_id = s.record_id
            WHERE s.organisation_id = \(organisation) AND s.chain = \(chain.name)
                AND s.kind = \(kind.name)
                AND (k.content_hash IS DISTINCT FROM s.content_hash OR k.label <> s.label)
            ORDER BY s.position LIMIT \(SealReport.mostFindings)
            """)
        return records.map { SealFinding(kind.label, $0) }
    }

    /// Records without a link: those that the journal has still to lead to, and those that it knows
    /// nothing of, which nobody made with the program.
    private func unsealed(_ kind: SealedKind, of chain: SealChain) throws -> UnsealedRecords {
        try one(
            """
            WITH pending AS (
                SELECT DISTINCT e.subject_id
                FROM journal_entries e
                JOIN journal_followers f ON f.name = \(chain.follower)
                WHERE e.organisation_id = \(organisation) AND e.subject_id IS NOT NULL
                    AND (e.transaction_id, e.id) > (f.transaction_id, f.entry_id)
            ), unsealed AS (
                SELECT k.record_id, k.label, bool_or(p.subject_id IS NOT NULL) AS waits
                FROM (\(kind.contents(organisation, kind.isUnsealed(chain, organisation)))) k
                CROSS JOIN LATERAL unnest(k.subjects) s
                LEFT JOIN pending p ON p.subject_id = s
                GROUP BY k.record_id, k.label
            )
            SELECT count(*) FILTER (WHERE waits) AS waiting,
                coalesce((array_agg(label ORDER BY label) FILTER (WHERE NOT waits))
                    [1:\(SealReport.mostFindings)::int], '{}') AS strangers
            FROM unsealed
            """)
    }
}

private struct LastLink: Record {
    var position: Int
    var hash: String
    init(row: Row) throws {
        position = try row["position"]
        hash = try row["hash"]
    }
}

private struct BrokenLink: Record {
    var position: Int
    var label: String
    var missing: Int
    init(row: Row) throws {
        position = try row["position"]
        label = try row["label"]
        missing = try row["missing"]
    }
}

private struct ChangedRecord: Record {
    var position: Int
    var label: String
    var isMissing: Bool
    init(row: Row) throws {
        position = try row["position"]
        label = try row["label"]
        isMissing = try row["is_missing"]
    }
}

private struct UnsealedRecords: Record {
    var waiting: Int
    var strangers: [String]
    init(row: Row) throws {
        waiting = try row["waiting"]
        strangers = try row["strangers"]
    }
}

extension SealFinding {
    fileprivate init(_ link: BrokenLink) {
        position = link.position
        message =
            link.missing > 0
            ? Text(
                "Maillon \(link.position) (\(link.label)) : \(link.missing) maillon(s) manquent juste avant.",
                "Link \(link.position) (\(link.label)): \(link.missing) link(s) before it are missing."
            )
            : Text(
                "Maillon \(link.position) (\(link.label)) : il ne suit pas le précédent ; il a été modifié ou inséré.",
                "Link \(link.position) (\(link.label)): it does not follow the one before; it was changed or inserted."
            )
    }

    fileprivate init(_ kind: Text, _ record: ChangedRecord) {
        let (place, label) = (record.position, record.label)
        position = place
        message =
            record.isMissing
            ? Text(
                "Maillon \(place), \(kind.french) \(label) : suppression hors du programme.",
                "Link \(place): \(kind.english) \(label) was removed outside the program.")
            : Text(
                "Maillon \(place), \(kind.french) \(label) : contenu modifié hors du programme.",
                "Link \(place): \(kind.english) \(label) was changed outside the program.")
    }

    fileprivate init(_ kind: Text, inserted label: String) {
        position = nil
        message = Text(
            "Sans maillon, \(kind.french) \(label) : insertion hors du programme, ou maillon supprimé.",
            "Without a link: \(kind.english) \(label) was inserted outside the program, or its link was removed."
        )
    }
}

/// How long a chain is.
public struct SealCount: Sendable {
    public var links: Int
    /// As in `SealReport`.
    public var head: String
}

extension Transaction {
    /// The length of a chain, which is not proved here.
    public func sealCount(of chain: SealChain) throws -> SealCount {
        let last = try lastLink(of: chain)
        return SealCount(links: last?.position ?? 0, head: last?.hash ?? "")
    }
}
