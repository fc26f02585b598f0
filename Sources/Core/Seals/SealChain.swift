import Basics
import Database

/// A chain of hashes over the records of each organisation that never change again. Each link holds the
/// SHA-256 of a record's frozen content and the hash of the link before, so that whatever is changed,
/// removed or inserted behind the program's back is found, and where.
///
/// Links are written in batches by a follower of the journal: whoever issues or records waits for no
/// lock of it, and the order of the chain is that in which transactions committed.
public struct SealChain: Sendable {
    /// Stands in every link, and as the name of its position in the journal.
    public let name: String
    public let follower: String
    public let kinds: [SealedKind]

    /// - Parameter follower: its name in `journal_followers`, which a migration has noted.
    public init(_ name: String, follower: String, kinds: [SealedKind]) {
        self.name = name
        self.follower = follower
        self.kinds = kinds
    }

    /// What seals the records that new entries of the journal are about.
    public var listener: JournalListener {
        JournalListener(follower) { connection, entries, application in
            for (organisation, entries) in Dictionary(grouping: entries, by: \.organisation) {
                try connection.run(
                    "SELECT set_config('app.organisation', \(organisation.description), true)")
                try connection.seal(
                    entries.compactMap(\.subjectID), in: self, of: organisation,
                    at: application.clock.now())
            }
            return false
        }
    }
}

/// Records of one kind, as a chain seals them.
public struct SealedKind: Sendable {
    /// Stands in the links; never changed.
    public let name: String
    /// With its article: "la facture".
    public let label: Text
    /// `SELECT record_id, label, subjects, content_hash` of the frozen records of an organisation that a
    /// condition holds for.
    let contents: @Sendable (Organisation.ID, SQL) -> SQL
    /// Holds for records whose journal entries have one of these subjects.
    let concerns: @Sendable ([UniqueID]) -> SQL
    /// The column that holds the record's id, for conditions on it.
    let id: SQL

    /// - Parameters:
    ///   - id: the column of the record's id in `contents`, such as `i.id`.
    ///   - concerns: by an index; what the subjects of an entry of the journal lead to.
    ///   - contents: `label` is what people call the record, `subjects` an array of the subjects that
    ///     its entries of the journal may have, `content_hash` the SHA-256 of what never changes.
    public init(
        _ name: String, _ label: Text, id: SQL,
        concerns: @escaping @Sendable ([UniqueID]) -> SQL,
        contents: @escaping @Sendable (Organisation.ID, SQL) -> SQL
    ) {
        self.name = name
        self.label = label
        self.id = id
        self.concerns = concerns
        self.contents = contents
    }

    /// Holds for what has no link yet.
    func isUnsealed(_ chain: SealChain, _ organisation: Organisation.ID) -> SQL {
        """
        NOT EXISTS (SELECT FROM seals s WHERE s.organisation_id = \(organisation)
            AND s.chain = \(chain.name) AND s.kind = \(name) AND s.record_id = \(id))
        """
    }
}

extension Connection {
    /// Seals what these subjects lead to and has no link yet, in their order. Answers how many links
    /// that were. Whoever calls it holds the follower's row, so that one appends at a time.
    @discardableResult
    func seal(
        _ subjects: [UniqueID], in chain: SealChain, of organisation: Organisation.ID,
        at now: Instant
    ) throws -> Int {
        guard !subjects.isEmpty else { return 0 }
        let fresh = chain.kinds.enumerated().map { rank, kind -> SQL in
            let wanted: SQL = """
                (\(kind.concerns(subjects))) AND \(kind.isUnsealed(chain, organisation))
                """
            return """
                SELECT \(kind.name)::text AS kind, \(rank)::bigint AS rank, k.record_id, k.label,
                    k.content_hash,
                    (SELECT min(array_position(\(subjects), s)) FROM unnest(k.subjects) s) AS step
                FROM (\(kind.contents(organisation, wanted))) k
                """
        }
        // A batch concerns few records, however many there are. A plan that was made when the chain was
        // short, or that reads all of it to leave out what has its link, would grow with it.
        try runScript(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; "
                + "SET LOCAL enable_mergejoin = off")
        return try run(
            """
            INSERT INTO seals (organisation_id, chain, position, kind, record_id, label,
                content_hash, previous_hash, hash, sealed_at)
            SELECT \(organisation), \(chain.name), l.position, l.kind, l.record_id, l.label,
                l.content_hash, lag(l.hash, 1, l.head) OVER (ORDER BY l.position), l.hash, \(now)
            FROM (
                SELECT n.*, seal_chain(n.head, seal_payload(
                        n.position, n.kind, n.record_id, n.label, n.content_hash))
                    OVER (ORDER BY n.position) AS hash
                FROM (
                    SELECT f.*, h.hash AS head, h.position
                        + row_number() OVER (ORDER BY f.step, f.rank, f.record_id) AS position
                    FROM (\(SQL.joined(fresh, separator: " UNION ALL "))) f
                    CROSS JOIN (
                        SELECT t.position, t.hash FROM (
                            (SELECT position, hash FROM seals
                                WHERE organisation_id = \(organisation) AND chain = \(chain.name)
                                ORDER BY position DESC LIMIT 1)
                            UNION ALL
                            SELECT 0, seal_start(\(organisation), \(chain.name))
                        ) t ORDER BY t.position DESC LIMIT 1
                    ) h
                ) n
            ) l
            """)
    }
}
