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
        let client = try place.addPerson()
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
        let naming = try other.linesNamingThePerson()
        #expect(naming == 0)
        print(
            "figure: erasure: backup from before restored: 1 erased again, \(naming) lines name them"
        )
    }

    /// Who arrives with an export from before is erased in the transaction that brings them.
    @Test func anExportFromBeforeBringsNobodyBack() throws {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        let client = try place.addPerson()
        let export = place.folder + "/exports/old.tar"
        try FileManager.default.createDirectory(
            atPath: place.folder + "/exports", withIntermediateDirectories: true)
        try #require(
            try place.run(
                ["export", "organisation", export, "--organisation", "alta-vista-drones"]
            ).code == 0)
        try place.work { try $0.erasePerson(client.id) }
        try #require(try place.run(["backup", place.folder + "/new"]).code == 0)
        let list = place.folder + "/erasures.jsonl"
        let words = ["import", "organisation", export]
        let unaware = try Place(named: "unaware")
        let arrived = try unaware.run(words)
        #expect(arrived.code == 0, "\(arrived.complaints)")
        let before = try unaware.linesNamingThePerson()
        #expect(before > 1, "or the test proves nothing")
        // A list that cannot be read lets nobody in.
        let other = try Place(named: "other")
        try DataFolder.write(Array("nonsense\n".utf8), to: place.folder + "/bad.jsonl")
        let refused = try other.run(words + ["--erasures", place.folder + "/bad.jsonl"])
        #expect(refused.code == 1 && refused.complaints.contains("line 1"))
        #expect(try other.run(words + ["--erasures", "/nowhere"]).code == 1)
        let named = try other.run(words + ["--erasures", list])
        #expect(named.code == 0, "\(named.complaints)")
        #expect(named.complaints.contains("Erased again: 1"))
        // The list of the data folder, and that beside the export, count without being named.
        let known = try Place(named: "known")
        try #require(try known.run(["migrate"]).code == 0)
        try FileManager.default.copyItem(atPath: list, toPath: known.data + "/erasures.jsonl")
        #expect(try known.run(words).complaints.contains("Erased again: 1"))
        let beside = try Place(named: "beside")
        try FileManager.default.copyItem(
            atPath: list, toPath: place.folder + "/exports/erasures.jsonl")
        #expect(try beside.run(words).complaints.contains("Erased again: 1"))
        var naming = 0
        for place in [other, known, beside] {
            try place.expectErased(client)
            naming += try place.linesNamingThePerson()
            let examined = try place.run(["doctor"])
            #expect(examined.code == 0, "\(examined.output)")
            #expect(try place.run(["verify"]).code == 0)
            #expect(
                try String(contentsOfFile: place.data + "/erasures.jsonl", encoding: .utf8)
                    .contains(client.id.description))
        }
        #expect(naming == 0)
        print(
            "figure: erasure: export from before imported: 3 erased again, "
                + "\(naming) lines name them (\(before) without a list)")
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
    /// A private client of the one organisation.
    func addPerson() throws -> Client {
        try work { transaction in
            var draft = ClientDraft(
                name: "Zéphyrine Dubreuil", kind: .person, address: PostalAddress(country: "FR"),
                language: .french)
            draft.email = "zephyrine@aubrac.example"
            return try transaction.createClient(draft)
        }
    }

    /// In how many lines of all that the database holds the private client stands.
    func linesNamingThePerson() throws -> Int {
        let path = folder + "/lines-\(UniqueID.make(at: .now)).sql"
        let run = try self.run(["export", "database", path, "--format", "data"])
        try #require(run.code == 0, "\(run.complaints)")
        let text = try String(contentsOfFile: path, encoding: .utf8).lowercased()
        return text.split(separator: "\n").count {
            ["dubreuil", "zephyrine", "zéphyrine"].contains(where: $0.contains)
        }
    }

    /// Verbs in the name of the owner, on the private database.
    func work<Answer>(_ body: (Transaction) throws -> Answer) throws -> Answer {
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

    func expectErased(_ client: Client) throws {
        let found = try work { try $0.client(client.id) }
        #expect(found.isErased && found.email.isEmpty && !found.name.contains("Dubreuil"))
    }
}
