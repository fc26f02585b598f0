import Basics
import Database
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// A backup from before an erasure brings nobody back.
@Suite struct TombstoneTests {
    /// An owner and a private client, backed up to `/backups/old`, erased afterwards.
    private func erasedSince(_ place: Place) throws -> Client {
        try #require(try place.addOwner().code == 0)
        let client = try place.work { transaction in
            var draft = ClientDraft(
                name: "Zéphyrine Dubreuil", kind: .person, address: PostalAddress(country: "FR"),
                language: .french)
            draft.email = "zephyrine@aubrac.example"
            return try transaction.createClient(draft)
        }
        try FileManager.default.createDirectory(
            atPath: place.folder + "/backups", withIntermediateDirectories: true)
        try #require(try place.run(["backup", place.folder + "/backups/old.tar"]).code == 0)
        try place.work { try $0.erasePerson(client.id) }
        return client
    }

    @Test func anOlderBackupErasesAgainByTheListThatANewerOneLeftBesideIt() throws {
        let place = try Place(named: "data")
        let client = try erasedSince(place)
        #expect(try place.run(["backup", place.folder + "/backups/new"]).code == 0)
        let list = try String(
            contentsOfFile: place.folder + "/backups/erasures.jsonl", encoding: .utf8)
        #expect(list.contains(client.id.description) && !list.contains("Dubreuil"))
        let other = try Place()
        let restored = try other.run(["restore", place.folder + "/backups/old.tar"])
        #expect(restored.code == 0, "\(restored.complaints)")
        #expect(restored.complaints.contains("Erased again: 1"))
        try other.expectErased(client)
        #expect(try other.run(["verify"]).code == 0)
    }

    /// Whatever the files say: what is replaced says whom it had erased.
    @Test func whatIsReplacedPassesOnWhomItHadErased() throws {
        let place = try Place(named: "data")
        let client = try erasedSince(place)
        let restored = try place.run(
            ["restore", place.folder + "/backups/old.tar", "--replace"])
        #expect(restored.code == 0, "\(restored.complaints)")
        try place.expectErased(client)
        #expect(
            try String(contentsOfFile: place.data + "/erasures.jsonl", encoding: .utf8)
                .contains(client.id.description))
    }

    @Test func aListFromElsewhereIsAppliedAndADamagedOneRefused() throws {
        let place = try Place(named: "data")
        let client = try erasedSince(place)
        #expect(try place.run(["backup", place.folder + "/new"]).code == 0)
        let (list, saved) = (place.folder + "/erasures.jsonl", place.folder + "/backups/old.tar")
        let other = try Place()
        #expect(try other.run(["restore", saved, "--erasures", "/nowhere"]).code == 1)
        let restored = try other.run(["restore", saved, "--erasures", list])
        #expect(restored.code == 0, "\(restored.complaints)")
        try other.expectErased(client)
        try DataFolder.write(Array("nonsense\n".utf8), to: place.folder + "/bad.jsonl")
        let refused = try Place().run(
            ["restore", saved, "--erasures", place.folder + "/bad.jsonl"])
        #expect(refused.code == 1 && refused.complaints.contains("line 1"))
    }

    /// Somebody who was not erased stays as they were.
    @Test func theListIsWrittenByTheJournalsFollowerToo() throws {
        let place = try Place(named: "data")
        let client = try erasedSince(place)
        let server = try RunningServer(data: place.data)
        let end = ContinuousClock.now + .seconds(30)
        var list = ""
        while !list.contains(client.id.description), ContinuousClock.now < end {
            list =
                (try? String(contentsOfFile: place.data + "/erasures.jsonl", encoding: .utf8)) ?? ""
            sched_yield()
        }
        #expect(server.stop() == 0)
        #expect(list.contains(client.id.description))
    }
}

extension Place {
    /// Verbs in the name of the owner, on the private database.
    fileprivate func work<Answer>(_ body: (Transaction) throws -> Answer) throws -> Answer {
        let cluster = Cluster(folder: data + "/postgres")
        let strings = try cluster.start()
        defer { try? cluster.stop() }
        let pool = Pool(connectionString: strings.runtime, size: 1)
        defer { pool.close() }
        let organisation = try #require(
            try pool.withConnection { try $0.organisations() }.first)
        let scope = Scope(organisation: organisation, user: nil, role: .owner)
        return try pool.transaction(scope, at: .now, body)
    }

    fileprivate func expectErased(_ client: Client) throws {
        let found = try work { try $0.client(client.id) }
        #expect(found.isErased && found.email.isEmpty && !found.name.contains("Dubreuil"))
    }
}
