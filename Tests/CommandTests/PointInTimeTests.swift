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
        let server = try served(place, log)
        let early = Instant.now.adding(seconds: -3600)
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
        try expectThatADryRunChangesNothing(place, log, moment)
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

    /// With --replace too: that of a trial replaces nothing.
    private func expectThatADryRunChangesNothing(
        _ place: Place, _ log: String, _ moment: Instant
    ) throws {
        let state = try files(below: place.folder)
        let words = ["restore", log, "--dry-run", "--until", moment.rfc3339]
        for options in [[], ["--replace"]] {
            let trial = try place.run(words + options)
            #expect(trial.code == 0, "\(trial.complaints)")
            #expect(trial.output.contains("--replace would put this in its place"))
            #expect(trial.output.contains("Nothing was changed"))
            #expect(try files(below: place.folder) == state)
        }
        let json = try #require(
            JSON(parsing: place.run(words + ["--replace", "--json"]).output))
        #expect(json["needs_replace"]?.bool == true)
        #expect(json["until"]?.string == moment.rfc3339)
        #expect((json["pieces"]?.int ?? 0) > 0)
        #expect((json["database_bytes"]?.int ?? 0) > 10_000_000)
        let end = try #require(json["log_ends_at"]?.string.flatMap { Instant(rfc3339: $0) })
        #expect(end > moment && end <= Instant.now)
        let nowhere = try Place(named: "nowhere")
        let first = try nowhere.run(words)
        #expect(first.code == 0 && first.output.contains("is empty"), "\(first.complaints)")
        let late = try nowhere.run(
            ["restore", log, "--dry-run", "--until", Instant.now.rfc3339])
        #expect(late.code == 1 && late.complaints.contains("does not reach that moment"))
        #expect(late.complaints.contains(end.rfc3339), "\(late.complaints)")
        #expect(!FileManager.default.fileExists(atPath: nowhere.data))
        for ignored in [["--key", "x.pem"], ["--erasures", "/nowhere"]] {
            #expect(try place.run(words + ignored).code != 0, "\(ignored)")
        }
        #expect(try place.run(["restore", log, "--time-zone", "Europe/Paris"]).code == 2)
        #expect(try files(below: place.folder) == state)
        try expectThatAMissingPieceIsNamed(nowhere, log, words)
    }

    private func expectThatAMissingPieceIsNamed(
        _ place: Place, _ log: String, _ words: [String]
    ) throws {
        let pieces = try FileManager.default.contentsOfDirectory(atPath: log + "/wal")
            .filter { $0.hasSuffix(".gz") && $0.count == 27 }.sorted()
        let piece = try #require(pieces.dropLast().last)
        try FileManager.default.moveItem(
            atPath: log + "/wal/" + piece, toPath: place.folder + "/" + piece)
        let run = try place.run(words)
        try FileManager.default.moveItem(
            atPath: place.folder + "/" + piece, toPath: log + "/wal/" + piece)
        #expect(run.code == 1)
        #expect(run.complaints.contains(piece.dropLast(3)), "\(run.complaints)")
    }

    /// What is beside the list of who was erased knows them; the log itself, of a moment before, does not.
    @Test func nothingOfWhoWasErasedSinceComesBackFromTheLog() throws {
        let place = try Place(named: "data")
        let log = place.folder + "/log"
        let first = try served(place, log)
        let client = try place.addPerson()
        let moment = Instant.now
        eventually("the clock goes on") { Instant.now > moment }
        try place.work { try $0.erasePerson(client.id) }
        #expect(first.stop() == 0)
        // As it starts it looks after the log, and writes the list that stands there.
        let second = try RunningServer(data: place.data)
        let list = log + "/erasures.jsonl"
        eventually("the list stands beside the log") {
            (try? String(contentsOfFile: list, encoding: .utf8))?
                .contains(client.id.description) == true
        }
        #expect(second.stop() == 0)
        let words = ["restore", log, "--until", moment.rfc3339]
        let restored = try Place(named: "restored")
        let run = try restored.run(words)
        try #require(run.code == 0, "\(run.complaints)")
        #expect(run.complaints.contains("Erased again: 1"))
        try restored.expectErased(client)
        let naming = try restored.linesNamingThePerson()
        #expect(naming == 0)
        #expect(try restored.run(["verify"]).code == 0)
        try FileManager.default.removeItem(atPath: list)
        let unaware = try Place(named: "unaware")
        try #require(try unaware.run(words).code == 0)
        let before = try unaware.linesNamingThePerson()
        #expect(before > 1, "or the test proves nothing")
        print(
            "figure: erasure: moment from before brought back: 1 erased again, "
                + "\(naming) lines name them (\(before) without the list)")
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

    /// An owner and the program, in a place whose log is laid down, with the first copy made.
    private func served(_ place: Place, _ log: String) throws -> RunningServer {
        // Before PostgreSQL first starts: one that runs already lays nothing down.
        let set = try place.run(["backup", "archive", "--to", log])
        try #require(set.code == 0, "\(set.complaints)")
        try #require(try place.addOwner().code == 0)
        let server = try RunningServer(data: place.data)
        eventually("the first copy is made") { copies(log).count == 1 }
        return server
    }

    /// What stands below a folder, and when each was last changed.
    private func files(below folder: String) throws -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var status = stat()
            try #require(lstat(folder + "/" + name, &status) == 0)
            found[name] = [
                Int(status.st_ino), Int(status.st_size), Int(status.st_mode),
                status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ]
        }
        return found
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
