import Basics
import Database
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// The chain over the journal itself.
@Suite struct JournalSealTests {
    /// Ten entries with details, sealed.
    private func journal() throws -> TestApplication {
        let test = try TestApplication()
        let action = Action("test.done", Text("a fait", "did"))
        for number in 1...10 {
            try test.write {
                try $0.record(
                    action, .organisation, nil, label: "écriture \(number)",
                    details: [
                        "b": .int(number), "a": ["d": "é’\u{1F600}\n", "c": [true, nil, -5]],
                    ])
            }
        }
        let end = ContinuousClock.now + .seconds(60)
        while try test.read({ try $0.verifyJournal() }).waiting > 0, ContinuousClock.now < end {
            try test.application.followJournal()
        }
        return test
    }

    private func ids(_ test: TestApplication) throws -> [Int] {
        try test.read {
            try $0.values(
                """
                SELECT id FROM journal_entries WHERE organisation_id = \($0.organisation)
                    AND action = 'test.done' ORDER BY id
                """)
        }
    }

    @Test func everyEntryIsSealedAndTheChainHolds() throws {
        let test = try journal()
        let report = try test.read { try $0.verifyJournal() }
        #expect(report.findings.isEmpty && report.waiting == 0 && report.links > 0)
        #expect(report.head.count == 64)
        let page = try test.get("/journal").text
        #expect(page.contains(report.head), "for whoever keeps it elsewhere")
    }

    /// What somebody with every right on the database may try with one entry.
    private static let changes: [(StaticString, String)] = [
        ("UPDATE journal_entries SET actor_name = 'Somebody else'", "was changed"),
        ("UPDATE journal_entries SET actor_id = NULL", "was changed"),
        ("UPDATE journal_entries SET recorded_at = recorded_at - interval '1 day'", "was changed"),
        ("UPDATE journal_entries SET severity = 'high'", "was changed"),
        ("UPDATE journal_entries SET address = '192.0.2.9'", "was changed"),
        ("UPDATE journal_entries SET user_agent = 'Another/1.0'", "was changed"),
        ("UPDATE journal_entries SET action = 'test.undone'", "was changed"),
        ("UPDATE journal_entries SET subject_label = 'écriture 99'", "was changed"),
        ("UPDATE journal_entries SET subject_id = gen_random_uuid()", "was changed"),
        ("UPDATE journal_entries SET commitment = sha256(commitment)", "was changed"),
        ("DELETE FROM journal_entries", "was removed"),
        ("DELETE FROM journal_details", "was changed"),
        ("UPDATE journal_details SET details = '{\"b\": 99}'", "was changed"),
        ("UPDATE journal_details SET salt = sha256(salt)", "was changed"),
    ]

    @Test func aRowTouchedByDirectSQLIsNamed() throws {
        let test = try journal()
        let id = try ids(test)[4]
        var unnoticed = 0
        for (statement, word) in Self.changes {
            let key: SQL = statement.description.contains("journal_details") ? "entry_id" : "id"
            let fault: SQL = """
                \(raw: statement) WHERE organisation_id = \(test.organisationID) AND \(key) = \(id)
                """
            let found = try test.findings(of: Journal.checks, after: [fault])["journal.seals"] ?? []
            unnoticed += found.isEmpty ? 1 : 0
            #expect(found.count == 1, "\(statement)")
            #expect(found.first?.contains("ntry \(id)") == true, "\(statement): \(found)")
            #expect(found.first?.contains(word) == true, "\(statement): \(found)")
        }
        print(
            "figure: chain: \(Self.changes.count) changes tried by direct SQL, unnoticed \(unnoticed)"
        )
        #expect(unnoticed == 0)
    }

    @Test func anEntryInsertedAmongTheOldOnesIsNamed() throws {
        let test = try journal()
        let id = try ids(test)[4]
        let fault: SQL = """
            INSERT INTO journal_entries (organisation_id, id, transaction_id, actor_name, action,
                subject_kind, commitment)
            OVERRIDING SYSTEM VALUE
            SELECT organisation_id, -id, transaction_id, 'Somebody', action, subject_kind, commitment
            FROM journal_entries WHERE organisation_id = \(test.organisationID) AND id = \(id)
            """
        let found = try test.findings(of: Journal.checks, after: [fault])["journal.seals"] ?? []
        #expect(found == ["Entry -\(id) of the journal was inserted afterwards."])
    }

    @Test func entriesSealedTwiceHideNoInsertedOne() throws {
        let test = try journal()
        let id = try ids(test)[4]
        let faults: [SQL] = [
            """
            INSERT INTO journal_batches (organisation_id, id, entry_ids, entry_hashes)
            SELECT organisation_id, gen_random_uuid(), entry_ids, entry_hashes FROM journal_batches
            WHERE organisation_id = \(test.organisationID)
            """,
            """
            INSERT INTO journal_entries (organisation_id, id, transaction_id, actor_name, action,
                subject_kind, commitment)
            OVERRIDING SYSTEM VALUE
            SELECT organisation_id, -id, transaction_id, 'Somebody', action, subject_kind, commitment
            FROM journal_entries WHERE organisation_id = \(test.organisationID) AND id = \(id)
            """,
        ]
        let found = try test.findings(of: Journal.checks, after: faults)["journal.seals"] ?? []
        #expect(found.contains("Entry -\(id) of the journal was inserted afterwards."))
    }

    @Test func askingForTheHeadAloneExportsNothing() throws {
        let test = try TestApplication(Clients.self)
        _ = try test.respond(.head, "/clients/export")
        #expect(try test.read { try $0.graveEntries(most: 10) }.isEmpty)
    }

    @Test func aSealThatIsTouchedOrRemovedIsFound() throws {
        let test = try journal()
        let faults: [SQL] = [
            """
            UPDATE seals SET label = 'x' WHERE organisation_id = \(test.organisationID)
                AND chain = 'journal' AND position = 1
            """,
            """
            DELETE FROM journal_batches WHERE organisation_id = \(test.organisationID)
                AND id = (SELECT record_id FROM seals WHERE organisation_id = \(test.organisationID)
                    AND chain = 'journal' AND position = 1)
            """,
        ]
        for fault in faults {
            let found = try test.findings(of: Journal.checks, after: [fault])["journal.seals"] ?? []
            #expect(!found.isEmpty)
        }
    }

    @Test func theProgramItselfCannotRewriteTheJournal() throws {
        let test = try journal()
        let tables: [StaticString] = [
            "journal_entries", "journal_details", "journal_batches", "seals",
        ]
        for table in tables {
            #expect(throws: DatabaseError.self) {
                try test.write {
                    try $0.run(
                        """
                        UPDATE \(raw: table) SET organisation_id = organisation_id
                        WHERE organisation_id = \($0.organisation)
                        """)
                }
            }
        }
        for table in tables {
            #expect(throws: DatabaseError.self) {
                try test.write {
                    try $0.run(
                        """
                        DELETE FROM \(raw: table) WHERE organisation_id = \($0.organisation)
                        """)
                }
            }
        }
    }

    @Test func exportsAndDocumentsThatAreOpenedAreNoted() throws {
        let test = try TestApplication(Clients.self)
        #expect(try test.get("/clients/export?kind=company", as: .agent).status == 200)
        #expect(try test.get("/journal/export", as: .agent).status == 200)
        let entries = try test.read { try $0.graveEntries(most: 10) }
        #expect(entries.map(\.action) == ["data.exported", "data.exported"])
        #expect(entries.last?.subjectKind == .client)
        #expect(entries.last?.details?["note"]?.string == "kind=company")
        #expect(entries.last?.actorName == "Paul Ancel")
        #expect(try test.get("/").text.contains("À surveiller"))
        #expect(try !test.get("/", as: .agent).text.contains("À surveiller"))
    }

    @Test func theJournalIsFilteredByGravityWordsAndDays() throws {
        let test = try journal()
        _ = try test.get("/journal/export")
        #expect(try test.get("/journal?q=écriture+10").text.contains("écriture 10"))
        #expect(try !test.get("/journal?q=écriture+10").text.contains("écriture 8"))
        #expect(try !test.get("/journal?severity=high").text.contains("écriture"))
        #expect(try test.get("/journal?severity=high").text.contains("a exporté"))
        let today = try test.today.iso
        #expect(try test.get("/journal?from=\(today)&to=\(today)").text.contains("écriture 7"))
        #expect(try !test.get("/journal?to=2020-01-01").text.contains("écriture 7"))
    }
}
