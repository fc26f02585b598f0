import Basics
import TestSupport
import Testing

@testable import Core

/// Fingerprints of the chains outside of the database.
struct KeptSealTests {
    /// Until the journal is sealed: transactions of other tests may hold it back.
    private func seal(_ test: TestApplication) throws {
        let end = ContinuousClock.now + .seconds(60)
        while try test.read({ try $0.verifyJournal() }).waiting > 0, ContinuousClock.now < end {
            try test.application.followJournal()
        }
    }

    @Test(.enabled(if: SMTPSink.isAvailable, "aiosmtpd cannot be imported"))
    func theOwnersHaveTheFingerprintsByMailEachMonth() throws {
        let outbox = try Outbox()
        try outbox.setOrigin()
        let test = outbox.test
        try seal(test)
        let form: KeyValuePairs = ["mails_seals": "on"]
        #expect(try test.post("/settings/security", form).status == 303)
        let head = try #require(try test.read { try $0.sealHeads().first })
        let text = try outbox.letter(to: outbox.email(.owner))
        #expect(text.contains(hexadecimal(head.hash)))
        let count = try outbox.sink.messages().count
        try outbox.runJobs()
        #expect(try outbox.sink.messages().count == count, "once a month")
        test.clock.advance(seconds: 12 * 86_400)
        try outbox.runJobs()
        try outbox.runJobs()
        #expect(try outbox.sink.messages().count == count + 1)
        #expect(try test.post("/settings/security").status == 303)
        test.clock.advance(seconds: 32 * 86_400)
        try outbox.runJobs()
        #expect(try outbox.sink.messages().count == count + 1, "switched off, none leaves")
    }

    @Test func theFingerprintsAreAFileAndTheChainStillHoldsThemLater() throws {
        let test = try TestApplication()
        _ = try test.post("/settings/roles", ["name": "Accueil"])
        try seal(test)
        let answer = try test.get("/journal/seals")
        let chains = try #require(JSON(parsing: answer.bytes)?["chains"]?.array)
        let hash = try #require(chains.first?["hash"]?.string.flatMap { bytes(hexadecimal: $0) })
        _ = try test.post("/settings/roles", ["name": "Atelier"])
        try seal(test)
        #expect(try test.read { try $0.seal(withHash: hash) }?.chain == "journal")
        #expect(try test.read { try $0.seal(withHash: [UInt8](repeating: 0, count: 32)) } == nil)
        #expect(try test.get("/journal/seals", as: .technician).status == 403)
    }
}
