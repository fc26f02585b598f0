import Basics
import Database
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// What an erasure takes out of the journal is vouched for; anything else is named.
@Suite struct JournalErasureTests {
    /// A person who was made, changed and erased, all of it sealed.
    private func erased() throws -> (TestApplication, Client) {
        let test = try TestApplication(Clients.self, Privacy.self)
        let client = try test.client("Zéphyrine Dubreuil", kind: .person)
        _ = try test.client("Odile Martin", kind: .person) { $0.email = "odile@aubrac.example" }
        try test.write { try $0.archiveClient(client.id) }
        try follow(test)
        try test.write { try $0.erasePerson(client.id) }
        try follow(test)
        return (test, client)
    }

    private func follow(_ test: TestApplication) throws {
        let end = ContinuousClock.now + .seconds(60)
        while try test.read({ try $0.verifyJournal() }).waiting > 0, ContinuousClock.now < end {
            try test.application.followJournal()
        }
    }

    /// "Martin" is also a part of "Martinez", and "total" a word of every invoice.
    @Test(arguments: ["Martin", "total", "client"])
    func aNameThatOthersBearTooErasesNothingOfTheirs(name: String) throws {
        let test = try TestApplication(Clients.self, Privacy.self)
        let erased = try test.client(name, kind: .person)
        let other = try test.client("Jeanne Martinez", kind: .person) {
            $0.email = "jeanne@aubrac.example"
        }
        try test.write { transaction in
            try transaction.record(
                .clientUpdated, .client, other.id.value, label: other.name,
                details: ["total": .int(4711), "note": "Martinez, client fidèle"])
        }
        func entries() throws -> [String] {
            try test.read {
                try $0.values(
                    """
                    SELECT e.subject_label || coalesce(d.details::text, '') FROM journal_entries e
                    LEFT JOIN journal_details d ON d.organisation_id = \($0.organisation)
                        AND d.entry_id = e.id
                    WHERE e.organisation_id = \($0.organisation) AND e.subject_id = \(other.id)
                    ORDER BY e.id
                    """)
            }
        }
        let before = try entries()
        try test.write { try $0.erasePerson(erased.id) }
        #expect(try entries() == before)
        #expect(before.contains { $0.contains("4711") })
    }

    private func entry(_ action: String, _ client: Client, _ test: TestApplication) throws -> Int {
        try #require(
            try test.read {
                try $0.value(
                    """
                    SELECT max(id) FROM journal_entries WHERE organisation_id = \($0.organisation)
                        AND action = \(action) AND subject_id = \(client.id)
                    """) as Int?
            })
    }

    private func findings(_ test: TestApplication, after faults: SQL...) throws -> [String] {
        try test.findings(of: Journal.checks, after: faults)["journal.seals"] ?? []
    }

    @Test func theChainHoldsAndSaysHowManyEntriesTheLawErased() throws {
        let (test, client) = try erased()
        let report = try test.read { try $0.verifyJournal() }
        #expect(report.findings.map(\.message.english) == [])
        #expect(report.erased == 2)
        let entries = try test.read { try $0.journal(of: .client, client.id.value) }
        #expect(entries.map(\.action) == ["person.erased", "client.archived", "client.created"])
        #expect(entries.map(\.subjectLabel) == [client.number, "", ""])
        #expect(entries.first?.severity == .critical)
        #expect(entries.first?.details?.text.contains("Dubreuil") == false)
        #expect(entries.dropFirst().allSatisfy { $0.details == nil })
    }

    @Test func aRowThatNoErasureVouchesForIsNamed() throws {
        let (test, _) = try erased()
        let other = try test.client("Paul Roux", kind: .person) { $0.email = "paul@aubrac.example" }
        try follow(test)
        let id = try entry("client.created", other, test)
        let blank: SQL = """
            UPDATE journal_entries SET subject_label = '' WHERE organisation_id = \(test.organisationID)
                AND id = \(id)
            """
        // Named after itself, and after an erasure that says nothing of it.
        let itself: SQL = """
            INSERT INTO journal_erasures SELECT organisation_id, id, id, journal_entry_hash(e)
            FROM journal_entries e WHERE organisation_id = \(test.organisationID) AND id = \(id)
            """
        let erasing: SQL = """
            INSERT INTO journal_erasures
            SELECT e.organisation_id, e.id, (SELECT max(erased_by_entry) FROM journal_erasures
                WHERE organisation_id = e.organisation_id), journal_entry_hash(e)
            FROM journal_entries e WHERE e.organisation_id = \(test.organisationID) AND e.id = \(id)
            """
        #expect(try findings(test, after: blank).contains { $0.contains("ntry \(id) ") })
        for row in [itself, erasing] {
            let found = try findings(test, after: blank, row)
            #expect(found.contains { $0.contains("ntry \(id) ") && $0.contains("changed") })
            #expect(found.contains { $0.contains("noted as erased") })
            #expect(try findings(test, after: row).contains { $0.contains("noted as erased") })
        }
    }

    @Test func anErasedEntryIsStillProvedInWhatRemains() throws {
        let (test, client) = try erased()
        let id = try entry("client.archived", client, test)
        let act = try entry("person.erased", client, test)
        let faults: [SQL] = [
            "UPDATE journal_entries SET action = 'client.updated'",
            "UPDATE journal_entries SET subject_label = 'Somebody'",
            "UPDATE journal_entries SET recorded_at = recorded_at - interval '1 day'",
        ]
        for fault in faults {
            let found = try findings(
                test,
                after: "\(fault) WHERE organisation_id = \(test.organisationID) AND id = \(id)")
            #expect(found.contains { $0.contains("ntry \(id)") }, "\(fault)")
        }
        let removed = try findings(
            test,
            after: """
                DELETE FROM journal_details WHERE organisation_id = \(test.organisationID)
                    AND entry_id = \(act)
                """)
        #expect(removed.contains { $0.contains("entry \(act) does not say so") })
        let forged = try findings(
            test,
            after: """
                DELETE FROM journal_erasures WHERE organisation_id = \(test.organisationID)
                    AND entry_id = \(id)
                """)
        #expect(forged.contains { $0.contains("does not say so") })
    }

    @Test func theProgramErasesOnlyWithAnEntryThatSaysSo() throws {
        let (test, client) = try erased()
        let act = try entry("person.erased", client, test)
        #expect(throws: DatabaseError.self, "an erasure of another transaction") {
            try test.write {
                try $0.run("SELECT erase_journal_entries(\(act), \([act - 1]), '{}', '{}')")
            }
        }
        #expect(throws: DatabaseError.self, "an entry that says something else") {
            try test.write { transaction in
                try transaction.record(
                    .personErased, .client, client.id.value, details: ["sha256": "00"])
                let own: Int? = try transaction.value(
                    "SELECT max(id) FROM journal_entries WHERE organisation_id = \(transaction.organisation)"
                )
                try transaction.run(
                    "SELECT erase_journal_entries(\(own), \([act - 1]), '{}', '{}')")
            }
        }
        for statement: StaticString in [
            "INSERT INTO journal_erasures SELECT organisation_id, id, id, '' FROM journal_entries",
            "DELETE FROM journal_erasures", "DELETE FROM journal_details", "DELETE FROM erasures",
            "UPDATE journal_entries SET subject_label = ''",
        ] {
            #expect(throws: DatabaseError.self, "\(statement)") {
                try test.write {
                    try $0.run(
                        "\(raw: statement) WHERE organisation_id = \($0.organisation)")
                }
            }
        }
    }
}
