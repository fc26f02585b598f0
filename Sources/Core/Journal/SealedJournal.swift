import Basics
import Database

extension Journal {
    /// The journal in batches, each one link: whoever works waits for nothing, and a batch keeps the hash of
    /// each of its entries, so that the one that was touched is named.
    public static let chain = SealChain(
        "journal", follower: "journal_seals",
        kinds: [
            SealedKind(
                "journal_batch", Text("les écritures", "entries"), id: "b.id",
                concerns: { "b.id = ANY (\($0))" },
                contents: { organisation, wanted in
                    """
                    SELECT b.id AS record_id,
                        b.entry_ids[1] || '–' || b.entry_ids[cardinality(b.entry_ids)] AS label,
                        ARRAY[b.id] AS subjects,
                        sha256(convert_to(array_to_string(b.entry_ids, ','), 'UTF8') || b.entry_hashes)
                            AS content_hash
                    FROM journal_batches b
                    WHERE b.organisation_id = \(organisation) AND \(wanted)
                    """
                })
        ])

    public static let checks: [Check] = [
        .organisation("journal.seals") { transaction in
            try transaction.verifyJournal().findings.map { Finding($0.message.english) }
        }
    ]

    public static let listeners = [
        JournalListener(chain.follower) { connection, entries, application in
            let now = application.clock.now()
            for (organisation, entries) in Dictionary(grouping: entries, by: \.organisation) {
                try connection.run(
                    "SELECT set_config('app.organisation', \(organisation.description), true)")
                let batch = UniqueID.make(at: now)
                try connection.run(
                    """
                    INSERT INTO journal_batches (organisation_id, id, entry_ids, entry_hashes)
                    SELECT \(organisation), \(batch), array_agg(e.id ORDER BY t.place),
                        string_agg(journal_entry_hash(e), '' ORDER BY t.place)
                    FROM unnest(\(entries.map(\.id))) WITH ORDINALITY t (id, place)
                    JOIN journal_entries e ON e.organisation_id = \(organisation) AND e.id = t.id
                    HAVING count(*) > 0
                    """)
                try connection.seal([batch], in: chain, of: organisation, at: now)
            }
            return false
        }
    ]
}

extension Transaction {
    /// Computes every link and every entry of the journal anew, and their details. What was erased by law
    /// must be as its erasure left it.
    public func verifyJournal() throws -> SealReport {
        var report = try verify(Journal.chain)
        let erasures = try verifyErasures()
        // What was sealed is laid out first: joined entry by entry to the batches, whose number is seldom guessed
        // right, all entries would be read once for each batch. The hashes of a batch lie apart, as large values
        // do: they are fetched once for it, not once for each entry.
        let touched: [TouchedEntry] = try joiningWholes {
            try all(
                """
                WITH sealed AS MATERIALIZED (
                    SELECT s.position, u.id,
                        substring(h.hashes FROM 32 * u.place::int - 31 FOR 32) AS hash
                    FROM journal_batches b
                    JOIN seals s ON s.organisation_id = \(organisation)
                        AND s.chain = \(Journal.chain.name) AND s.kind = 'journal_batch'
                        AND s.record_id = b.id
                    CROSS JOIN LATERAL (
                        SELECT b.entry_hashes || ''::bytea AS hashes OFFSET 0
                    ) h
                    CROSS JOIN LATERAL unnest(b.entry_ids) WITH ORDINALITY u (id, place)
                    WHERE b.organisation_id = \(organisation)
                ), erased AS MATERIALIZED (
                    SELECT DISTINCT ON (entry_id) entry_id, remaining_hash FROM journal_erasures
                    WHERE organisation_id = \(organisation)
                        AND erased_by_entry = ANY (\(erasures.vouched))
                    ORDER BY entry_id, erased_by_entry DESC
                )
                SELECT t.position, t.id, e.id IS NULL AS is_missing
                FROM sealed t
                LEFT JOIN erased x ON x.entry_id = t.id
                LEFT JOIN journal_entries e ON e.organisation_id = \(organisation) AND e.id = t.id
                LEFT JOIN journal_details d ON d.organisation_id = \(organisation)
                    AND d.entry_id = t.id
                WHERE e.id IS NULL OR journal_entry_hash(e) <> coalesce(x.remaining_hash, t.hash)
                    OR (x.entry_id IS NULL) = (d.entry_id IS NULL)
                    OR e.commitment_form = 2
                        AND journal_commitment(d.salt, d.details) <> e.commitment
                ORDER BY t.position, t.id LIMIT \(SealReport.mostFindings)
                """)
        }
        report.findings += touched.map(SealFinding.init)
        report.findings += try erasures.findings + changedOldDetails() + unsealedEntries()
        report.erased = erasures.entries
        report.findings.sort { ($0.position ?? .max) < ($1.position ?? .max) }
        report.findings = Array(report.findings.prefix(SealReport.mostFindings))
        report.waiting = try waitingEntries()
        return report
    }

    /// Those of entries that an earlier version wrote, which only the program can hash.
    private func changedOldDetails() throws -> [SealFinding] {
        var found: [SealFinding] = []
        try each(
            """
            SELECT e.id, e.commitment, d.salt, d.details
            FROM journal_entries e
            JOIN journal_details d ON d.organisation_id = \(organisation) AND d.entry_id = e.id
            WHERE e.organisation_id = \(organisation) AND e.commitment_form = 1
            """
        ) { row in
            let (salt, details): ([UInt8], JSON) = (try row["salt"], try row["details"])
            let commitment: [UInt8] = try row["commitment"]
            guard JournalCommitment.bytes(salt: salt, details: details) != commitment else {
                return
            }
            found.append(SealFinding(entry: try row["id"], at: nil))
        }
        return found
    }

    /// Entries that lie before what is sealed and stand in no batch. Counted first: they are none as a rule.
    private func unsealedEntries() throws -> [SealFinding] {
        let passed: SQL = """
            FROM journal_entries e JOIN journal_followers f ON f.name = \(Journal.chain.follower)
            WHERE e.organisation_id = \(organisation)
                AND (e.transaction_id, e.id) <= (f.transaction_id, f.entry_id)
            """
        let missing: Int? = try value(
            """
            SELECT (SELECT count(*) \(passed)) - (
                SELECT count(DISTINCT id) FROM (SELECT unnest(entry_ids) AS id FROM journal_batches
                    WHERE organisation_id = \(organisation)) sealed)
            """)
        guard let missing, missing > 0 else { return [] }
        let ids: [Int] = try values(
            """
            SELECT e.id \(passed) AND NOT EXISTS (
                SELECT FROM (SELECT unnest(entry_ids) AS id FROM journal_batches
                    WHERE organisation_id = \(organisation)) sealed
                WHERE sealed.id = e.id)
            ORDER BY e.id LIMIT \(SealReport.mostFindings)
            """)
        return ids.map { SealFinding(insertedEntry: $0) }
    }

    private func waitingEntries() throws -> Int {
        try value(
            """
            SELECT count(*) FROM journal_entries e
            JOIN journal_followers f ON f.name = \(Journal.chain.follower)
            WHERE e.organisation_id = \(organisation)
                AND (e.transaction_id, e.id) > (f.transaction_id, f.entry_id)
            """) ?? 0
    }
}

private struct TouchedEntry: Record {
    var position: Int
    var id: Int
    var isMissing: Bool

    init(row: Row) throws {
        position = try row["position"]
        id = try row["id"]
        isMissing = try row["is_missing"]
    }
}

extension SealFinding {
    fileprivate init(_ touched: TouchedEntry) {
        self.init(entry: touched.id, at: touched.position)
        guard touched.isMissing else { return }
        message = Text(
            "Maillon \(touched.position) : l’écriture \(touched.id) du journal a été supprimée.",
            "Link \(touched.position): entry \(touched.id) of the journal was removed.")
    }

    fileprivate init(entry: Int, at position: Int?) {
        self.position = position
        message = Text(
            "L’écriture \(entry) du journal, ou son détail, a été modifiée.",
            "Entry \(entry) of the journal, or its details, was changed.")
    }

    fileprivate init(insertedEntry entry: Int) {
        position = nil
        message = Text(
            "L’écriture \(entry) du journal a été insérée après coup.",
            "Entry \(entry) of the journal was inserted afterwards.")
    }
}
