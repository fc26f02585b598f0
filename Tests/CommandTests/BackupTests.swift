import Basics
import Core
import Database
import Foundation
import Testing

@Suite struct BackupTests {
    @Test(arguments: ["/copy", "/copy.tar"])
    func whatWasBackedUpComesBack(name: String) throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + name
        let backup = try place.run(["backup", saved, "--json"])
        #expect(backup.code == 0)
        #expect(JSON(parsing: backup.output)?["files"]?.array?.count == 2)
        let people = try place.run(["user", "list"]).output
        let other = try Place()
        let restored = try other.run(["restore", saved])
        #expect(restored.code == 0, "\(restored.complaints)")
        #expect(try other.run(["user", "list"]).output == people)
        #expect(try other.run(["doctor"]).code == 0)
        let keys = try [place, other].map {
            try Data(contentsOf: URL(fileURLWithPath: $0.data + "/secret.key"))
        }
        #expect(keys[0] == keys[1])
    }

    @Test func recordsAreReplacedOnlyWhenSaidSo() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        #expect(try place.run(["backup", saved]).code == 1, "a backup is never overwritten")
        try #require(
            try place.run(["user", "add", "late@altavista.example", "--name", "Late"]).code == 0)
        let refused = try place.run(["restore", saved])
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("--replace"))
        #expect(try place.run(["user", "list"]).output.contains("late@"))
        #expect(try place.run(["restore", saved, "--replace"]).code == 0)
        #expect(try !place.run(["user", "list"]).output.contains("late@"))
        #expect(try place.leftovers.isEmpty)
    }

    /// Half of a database may lie there, without the policies that keep organisations apart.
    @Test func nobodyWorksOnARestoreThatWasCutOffUntilItIsDoneAgain() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        try Data().write(to: URL(fileURLWithPath: place.data + "/restoring"))
        for command in [["user", "list"], ["migrate", "--check"], ["restore", saved]] {
            let run = try place.run(command)
            #expect(run.code == 1 && run.complaints.contains("cut off"), "\(command)")
        }
        #expect(try place.run(["restore", saved, "--replace"]).code == 0)
        #expect(try place.run(["user", "list"]).output.contains("claire@"))
    }

    @Test func whatDoesNotStartAnyMoreIsReplacedAllTheSame() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        let control = place.data + "/postgres/data/global/pg_control"
        try Data(repeating: 0, count: 8192).write(to: URL(fileURLWithPath: control))
        #expect(try place.run(["user", "list"]).code == 1)
        #expect(try place.run(["restore", saved]).code == 1, "not without being told")
        let run = try place.run(["restore", saved, "--replace"])
        #expect(run.code == 0, "\(run.complaints)")
        #expect(try place.run(["user", "list"]).output.contains("claire@"))
    }

    @Test func aMasterKeyThatWasReplacedComesBackWithTheBackup() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        try #require(try place.run(["key", "rotate", "--master"]).code == 0)
        try #require(try place.run(["key", "rotate"]).code == 0)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        let keys = try place.run(["key", "list"]).output
        let other = try Place()
        try #require(try other.run(["restore", saved]).code == 0)
        let restored = try other.run(["key", "list"])
        #expect(restored.code == 0 && restored.output == keys)
        #expect(!keys.contains("UNREADABLE"))
    }

    @Test func aDamagedBackupChangesNothing() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        let dump = saved + "/database.dump"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: dump))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: dump))
        let refused = try place.run(["restore", saved, "--replace"])
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("checksum"))
        #expect(try place.run(["user", "list"]).output.contains("claire@"))
        #expect(try place.run(["restore", place.folder + "/nothing"]).code == 1)
    }

    @Test func whatIsReplacedComesBackWhenTheRestoreFails() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        // A dump that is whole by its checksum, and yet no dump.
        try DataFolder.write(Array("nonsense".utf8), to: saved + "/database.dump")
        let manifest = saved + "/manifest.json"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let json = try #require(JSON(parsing: text))
        let old = try #require(json["files"]?.array?.first)
        let oldSum = try #require(old["sha256"]?.string)
        let oldSize = try #require(old["bytes"]?.int)
        let changed = text.replacingOccurrences(
            of: oldSum, with: hexadecimal(Digest.sha256("nonsense"))
        ).replacingOccurrences(of: "\"bytes\":\(oldSize)", with: "\"bytes\":8")
        try DataFolder.write(try wholeManifest(changed), to: manifest)
        let failed = try place.run(["restore", saved, "--replace"])
        #expect(failed.code == 1)
        #expect(failed.complaints.contains("pg_restore"))
        #expect(try place.run(["user", "list"]).output.contains("claire@"))
        #expect(try place.leftovers.isEmpty)
    }

    @Test func followersMissNothingAfterARestore() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        // A cluster that has counted many transactions, and a follower that has seen the first entry.
        try place.asOwner { owner in
            for _ in 0..<200 { try owner.run("SELECT pg_current_xact_id()") }
        }
        try #require(
            try place.run(["user", "add", "paul@altavista.example", "--name", "Paul"]).code == 0)
        #expect(try place.follow(most: 1).count == 1)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        let other = try Place()
        try #require(try other.run(["restore", saved]).code == 0)
        try #require(
            try other.run(["user", "add", "late@altavista.example", "--name", "Late"]).code == 0)
        let seen = try other.follow(most: 100)
        #expect(seen == ["user.added", "user.added", "user.added"])
        #expect(try other.follow(most: 100).isEmpty)
    }

    @Test func theGravestEntriesArePrintedAndTheJournalIsProved() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let recent = try place.run(["audit", "recent", "--json"])
        #expect(recent.code == 0)
        let actions = JSON(parsing: recent.output)?.array?.compactMap { $0["action"]?.string }
        #expect(actions?.contains("user.added") == true)
        let verified = try place.run(["verify", "--json"])
        #expect(verified.code == 0)
        let chains = JSON(parsing: verified.output)?.array?.compactMap { $0["chain"]?.string }
        #expect(chains == ["books", "journal"])
    }

    @Test func aRunningProgramIsNotReplaced() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        let server = try RunningServer(data: place.data)
        #expect(try place.run(["backup", saved]).code == 0, "while it serves")
        let refused = try place.run(["restore", saved, "--replace"])
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("stop it first"))
        #expect(server.stop() == 0)
        #expect(try place.run(["restore", saved, "--replace"]).code == 0)
    }
}

extension Place {
    /// What a restore should have cleared away.
    fileprivate var leftovers: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: data).filter {
                $0.hasPrefix("replaced-") || $0.hasPrefix("restore-")
            }
        }
    }

    /// The actions that a follower of the journal has not seen, at most so many.
    fileprivate func follow(most: Int) throws -> [String] {
        let cluster = Cluster(folder: data + "/postgres")
        let strings = try cluster.start()
        defer { try? cluster.stop() }
        let connection = try Connection(strings.runtime)
        return try connection.transaction { connection in
            try connection.run(
                "INSERT INTO journal_followers (name) VALUES ('test') ON CONFLICT DO NOTHING")
            let entries: [Seen] = try connection.all(
                """
                SELECT j.transaction_id::text AS transaction_id, j.entry_id, j.action
                FROM journal_followers f,
                    journal_after(f.transaction_id, f.entry_id, \(most)::int) j
                WHERE f.name = 'test'
                """)
            if let last = entries.last {
                try connection.run(
                    """
                    UPDATE journal_followers
                    SET transaction_id = \(last.transaction)::text::xid8, entry_id = \(last.entry)
                    WHERE name = 'test'
                    """)
            }
            return entries.map(\.action)
        }
    }

    private struct Seen: Record {
        let transaction: String
        let entry: Int
        let action: String
        init(row: Row) throws {
            transaction = try row["transaction_id"]
            entry = try row["entry_id"]
            action = try row["action"]
        }
    }
}
