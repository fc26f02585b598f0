import Basics
import Core
import Database
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// Backups for a recipient, through the real program.
@Suite struct EncryptedBackupTests {
    /// An installation with a recipient, and its backup.
    private struct Made {
        let place: Place
        let key: String
        let file: String

        init(passphrase: String? = nil) throws {
            place = try Place(named: "data")
            try #require(try place.addOwner().code == 0)
            key = place.folder + "/private.pem"
            let made = try place.run(
                ["key", "recipient", "--create", key] + (passphrase == nil ? [] : ["--passphrase"]),
                environment: passphrase.map { ["COMPTOIR_KEY_PASSPHRASE": $0] } ?? [:])
            try #require(made.code == 0, "\(made.complaints)")
            let saved = place.folder + "/saved"
            try FileManager.default.createDirectory(
                atPath: saved, withIntermediateDirectories: false)
            let backup = try place.run(["backup", saved, "--json"])
            try #require(backup.code == 0, "\(backup.complaints)")
            let json = try #require(JSON(parsing: backup.output))
            #expect(json["encrypted"]?.bool == true)
            file = try #require(json["path"]?.string)
        }

        /// The file with another content, beside it.
        func changed(_ name: String, _ change: (inout [UInt8]) -> Void) throws -> String {
            var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
            change(&bytes)
            let path = place.folder + "/" + name
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return path
        }
    }

    @Test func aBackupForARecipientIsOneDatedFileThatOnlyItsKeyOpens() throws {
        let made = try Made()
        let name = made.file.split(separator: "/").last.map(String.init) ?? ""
        #expect(name.wholeMatch(of: /comptoir_\d{8}_\d{6}\.backup/) != nil)
        #expect(try made.place.mode(of: made.file) == 0o600)
        #expect(try made.place.mode(of: made.key) == 0o600)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: made.file))
        let key = try Data(contentsOf: URL(fileURLWithPath: made.place.data + "/secret.key"))
        for secret in [key, Data("claire@altavista.example".utf8), Data("PGDMP".utf8)] {
            #expect(bytes.range(of: secret) == nil)
        }
        let people = try made.place.run(["user", "list"]).output
        let other = try Place(named: "data")
        let blind = try other.run(["restore", made.file])
        #expect(blind.code == 1)
        #expect(blind.complaints.contains("--key"))
        let restored = try other.run(["restore", made.file, "--key", made.key])
        #expect(restored.code == 0, "\(restored.complaints)")
        #expect(try other.run(["user", "list"]).output == people)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: other.data + "/secret.key")) == key,
            "the secret key was in it")
        // It goes on making backups for the same recipient.
        #expect(
            try other.run(["key", "recipient"]).output
                == made.place.run(["key", "recipient"]).output)
        #expect(try made.place.workFolders.isEmpty)
        #expect(try other.workFolders.isEmpty)
    }

    @Test func whatIsNotWhatWasWrittenIsRefusedAndNothingIsLeft() throws {
        let made = try Made()
        let stranger = made.place.folder + "/stranger.pem"
        try #require(
            try Place(named: "data").run(["key", "recipient", "--create", stranger]).code == 0)
        let cases = [
            (try made.changed("byte") { $0[$0.count / 2] ^= 1 }, made.key, "use another copy"),
            (try made.changed("cut") { $0.removeLast(100) }, made.key, "use another copy"),
            (try made.changed("more") { $0.append(0) }, made.key, "use another copy"),
            (try made.changed("start") { $0[70] ^= 1 }, made.key, "its beginning was changed"),
            (made.file, stranger, "it is encrypted for the key"),
        ]
        let other = try Place(named: "data")
        try #require(try other.addOwner().code == 0)
        for (file, key, reason) in cases {
            for word in ["--replace", "--dry-run"] {
                let refused = try other.run(["restore", file, "--key", key, word])
                #expect(refused.code == 1)
                #expect(refused.complaints.contains(reason), "\(refused.complaints)")
            }
        }
        #expect(try other.run(["user", "list"]).output.contains("claire@"))
        #expect(try other.workFolders.isEmpty)
    }

    @Test func aPassphraseIsAskedForAndNeverAnArgument() throws {
        let made = try Made(passphrase: "douze caractères au moins")
        let other = try Place(named: "data")
        let words = ["restore", made.file, "--key", made.key, "--dry-run"]
        #expect(try other.run(words).code == 2, "without a terminal it says which variable to set")
        let wrong = try other.run(words, environment: ["COMPTOIR_KEY_PASSPHRASE": "autre"])
        #expect(wrong.code == 1)
        #expect(wrong.complaints.contains("passphrase"))
        let right = try other.run(
            words, environment: ["COMPTOIR_KEY_PASSPHRASE": "douze caractères au moins"])
        #expect(right.code == 0, "\(right.complaints)")
    }

    @Test func aDryRunSaysWhatWouldHappenAndChangesNothing() throws {
        let made = try Made()
        let other = try Place(named: "nowhere")
        let run = try other.run(["restore", made.file, "--key", made.key, "--dry-run"])
        #expect(run.code == 0, "\(run.complaints)")
        #expect(run.output.contains("is empty"))
        #expect(run.output.contains("Nothing was changed"))
        #expect(!FileManager.default.fileExists(atPath: other.data))
        let own = try made.place.run(
            ["restore", made.file, "--key", made.key, "--dry-run", "--json"])
        let json = try #require(JSON(parsing: own.output))
        #expect(json["needs_replace"]?.bool == true)
        #expect((json["rows"]?.int ?? 0) > 0)
    }

    @Test func thePrivateKeyIsNeverKeptNorOverwritten() throws {
        let place = try Place(named: "data")
        #expect(try place.run(["key", "recipient"]).output.contains("not encrypted"))
        let key = place.folder + "/private.pem"
        let inside = try place.run(["key", "recipient", "--create", place.data + "/private.pem"])
        #expect(inside.code == 1)
        #expect(inside.complaints.contains("data folder"))
        try #require(try place.run(["key", "recipient", "--create", key]).code == 0)
        let shown = try place.run(["key", "recipient"]).output
        #expect(try place.run(["key", "recipient", "--create", key]).code == 1)
        #expect(try place.run(["key", "recipient"]).output == shown)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.data)
        for name in names where name.hasSuffix(".pem") {
            let text = try String(contentsOfFile: place.data + "/" + name, encoding: .utf8)
            #expect(!text.contains("PRIVATE"))
        }
        let given = try place.run(["key", "recipient", "--set", key])
        #expect(given.code == 1)
        #expect(given.complaints.contains("private key"))
        let damaged = place.data + "/recipient.pem"
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: damaged))
        try #require(try place.run(["migrate"]).code == 0)
        let refused = try place.run(["backup", place.folder + "/x.tar"])
        #expect(refused.code == 1, "never in clear by mistake")
        #expect(refused.complaints.contains("recipient.pem"))
    }

    @Test func countsAreThoseOfOneMomentWhilePeopleWrite() throws {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        let installation = try Installation(
            Installation.Settings(dataFolder: place.data, home: TestDatabase.repository),
            log: { _ in })
        let address = installation.addresses.runtime
        let busy = Busy()
        try withThread {
            guard let connection = try? Connection(address) else { return }
            while !busy.isOver.load(ordering: .relaxed) {
                _ = try? connection.run(
                    """
                    INSERT INTO sign_in_failures (key, failed_at)
                    SELECT sha256(i::text::bytea), now() FROM generate_series(1, 20) i
                    """)
                busy.written.add(20, ordering: .relaxed)
            }
        } during: {
            defer { busy.isOver.store(true, ordering: .relaxed) }
            eventually("somebody writes") { busy.written.load(ordering: .relaxed) > 100 }
            let before = busy.written.load(ordering: .relaxed)
            let saved = place.folder + "/busy.tar"
            let backup = try place.run(["backup", saved, "--verify", "--json"])
            #expect(backup.code == 0, "\(backup.complaints)")
            #expect(
                busy.written.load(ordering: .relaxed) > before + 100, "they wrote all the while")
            busy.isOver.store(true, ordering: .relaxed)
            let other = try Place(named: "other").run(["restore", saved])
            #expect(other.code == 0, "\(other.complaints)")
        }
        try installation.close()
    }

    private final class Busy: Sendable {
        let written = Atomic(0)
        let isOver = Atomic(false)
    }

    /// Does one thing in a thread of its own as long as the other lasts.
    private func withThread(
        _ body: @escaping @Sendable () -> Void, during: () throws -> Void
    ) throws {
        let thread = Thread(block: body)
        thread.start()
        try during()
        eventually("the thread ends") { thread.isFinished }
    }

    @Test func whatWasCountedIsWhatComesBack() throws {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        let backup = try place.run(["backup", saved, "--verify", "--json"])
        #expect(backup.code == 0, "\(backup.complaints)")
        #expect(JSON(parsing: backup.output)?["verified"]?.bool == true)
        // A manifest that says otherwise, as if the dump had lost a row.
        let manifest = saved + "/manifest.json"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let changed = text.replacing(/"users":\{"rows":1/, with: "\"users\":{\"rows\":2")
        #expect(changed != text)
        try DataFolder.write(try wholeManifest(changed), to: manifest)
        let refused = try Place(named: "data").run(["restore", saved])
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("users has 1 rows instead of 2"))
    }
}

extension Place {
    /// What backups, restores and proofs should have cleared away.
    var workFolders: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: data).filter { name in
                ["backup-", "restore-", "verify-", "replaced-"].contains { name.hasPrefix($0) }
            }
        }
    }

    func mode(of path: String) throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }
}
