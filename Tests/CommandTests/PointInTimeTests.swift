import Basics
import Core
import Database
import Foundation
import TestSupport
import Testing

/// The log of the private database, and what it brings back.
@Suite struct PointInTimeTests {
    @Test func anyMomentComesBackFromTheLog() throws {
        let place = try Place(named: "data")
        let log = place.folder + "/log"
        // Before PostgreSQL first starts: one that runs already lays nothing down.
        let set = try place.run(["backup", "archive", "--to", log])
        try #require(set.code == 0, "\(set.complaints)")
        try #require(try place.addOwner().code == 0)
        let early = Instant.now.adding(seconds: -10)
        let server = try RunningServer(data: place.data)
        eventually("the first copy is made") { copies(log).count == 1 }
        try #require(
            try place.run(["user", "add", "paul@altavista.example", "--name", "Paul"]).code == 0)
        let moment = Instant.now
        eventually("the clock goes on") { Instant.now > moment }
        try withDatabase(of: place) { connection in
            let count = try connection.run(
                """
                DELETE FROM memberships
                WHERE user_id = (SELECT id FROM users WHERE email = 'paul@altavista.example')
                """)
            try #require(count == 1)
        }
        // PostgreSQL lays down the rest of its log as it stops.
        #expect(server.stop() == 0)
        let before = try Place(named: "before")
        let restored = try before.run(["restore", log, "--until", moment.rfc3339])
        try #require(restored.code == 0, "\(restored.complaints)")
        #expect(try before.run(["user", "list"]).output.contains("paul@"))
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: before.data + "/secret.key"))
                == Data(contentsOf: URL(fileURLWithPath: place.data + "/secret.key")))
        // It goes on from there, and does not write into the log of the other.
        try #require(
            try before.run(["user", "add", "late@altavista.example", "--name", "L"]).code == 0)
        #expect(try before.run(["backup", "archive"]).output.contains("No log"))
        let end = try Place(named: "end")
        try #require(try end.run(["restore", log, "--until", "end"]).code == 0)
        #expect(try !end.run(["user", "list"]).output.contains("paul@"))
        let none = try Place(named: "none")
        let tooEarly = try none.run(["restore", log, "--until", early.rfc3339])
        #expect(tooEarly.code == 1)
        #expect(tooEarly.complaints.contains("no copy"))
        let tooLate = try none.run(["restore", log, "--until", "2099-01-01 00:00"])
        #expect(tooLate.code == 1)
        #expect(tooLate.complaints.contains("recovery"), "\(tooLate.complaints)")
        #expect(!FileManager.default.fileExists(atPath: none.data + "/postgres/data"))
    }

    @Test func aFolderThatHoldsALogIsNotGivenToAnotherDatabase() throws {
        let place = try Place(named: "data")
        let log = place.folder + "/log"
        try #require(try place.run(["backup", "archive", "--to", log]).code == 0)
        try DataFolder.write([1], to: log + "/wal/000000010000000000000001.gz")
        #expect(try place.run(["backup", "archive", "--to", log]).code == 0, "its own")
        let other = try Place(named: "other").run(["backup", "archive", "--to", log])
        #expect(other.code == 1)
        #expect(other.complaints.contains("another folder"))
        let strange = try place.run(["backup", "archive", "--to", place.folder + "/a'b"])
        #expect(strange.code == 1)
        #expect(try place.run(["backup", "archive", "--off"]).output.contains("No log"))
    }

    private func copies(_ log: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: log + "/base")) ?? [])
            .filter { !$0.hasSuffix(".new") }
    }

    private func withDatabase(of place: Place, _ body: (Connection) throws -> Void) throws {
        let installation = try Installation(
            Installation.Settings(dataFolder: place.data, home: TestDatabase.repository),
            log: { _ in })
        defer { try? installation.close() }
        try body(Connection(installation.addresses.owner))
    }
}
