import Basics
import Core
import Foundation
import Glibc
import TestSupport
import Testing

/// Where backups go by themselves, through the real program.
@Suite struct BackupPlaceTests {
    /// An installation with one person in it, and an empty folder for its backups.
    private func place() throws -> (Place, saved: String) {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/saved"
        try FileManager.default.createDirectory(atPath: saved, withIntermediateDirectories: false)
        return (place, saved)
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func theServingProgramMakesWhatIsDueProvesItAndNotesIt() throws {
        let (place, saved) = try place()
        let key = place.folder + "/private.pem"
        try #require(try place.run(["key", "recipient", "--create", key]).code == 0)
        let plan = try place.run(["backup", "schedule", "--daily", "00:00", "--to", saved])
        #expect(plan.code == 0, "\(plan.complaints)")
        #expect(plan.output.contains("kept 7d,4w,12m"))
        let server = try RunningServer(data: place.data)
        eventually("the first backup is made at once") {
            BackupRecord(DataFolder(place.data)).succeededAt != nil
        }
        #expect(server.stop() == 0)
        #expect(try names(saved).count == 1)
        #expect(BackupRecord(DataFolder(place.data)).verifiedAt != nil)
        let list = try place.run(["backup", "list", "--json"])
        #expect(list.code == 0, "\(list.complaints)")
        let stored = try #require(JSON(parsing: list.output)?["backups"]?.array?.first)
        #expect(stored["encrypted"]?.bool == true)
        // After a new start it is not due again.
        let again = try RunningServer(data: place.data)
        #expect(again.stop() == 0)
        #expect(try names(saved).count == 1)
        let verified = try place.run(["backup", "verify", "--key", key])
        #expect(verified.code == 0, "\(verified.complaints)")
        #expect(verified.output.contains("Restored and the same"))
        #expect(try place.workFolders.isEmpty)
    }

    @Test func aFolderThatIsGoneIsAFailureThatIsToldAndNoEmptyPlace() throws {
        let (place, saved) = try place()
        try #require(
            try place.run(["backup", "schedule", "--daily", "00:00", "--to", saved]).code == 0)
        try FileManager.default.removeItem(atPath: saved)
        let server = try RunningServer(data: place.data)
        eventually("the failure is noted") {
            BackupRecord(DataFolder(place.data)).failures == 1
        }
        #expect(server.stop() == 0)
        #expect(server.log.contains("is the disk mounted?"))
        #expect(!FileManager.default.fileExists(atPath: saved))
        let list = try place.run(["backup", "list"])
        #expect(list.code == 1)
        #expect(list.complaints.contains("The last backup failed"))
        let plan = try place.run(["backup", "schedule", "--daily", "00:00", "--to", saved])
        #expect(plan.code == 1, "told when it is set, not in the night")
    }

    @Test func pruningTouchesDatedBackupsOnlyAndNeverTheLastGoodOne() throws {
        let (place, saved) = try place()
        let old = (1...9).map { "comptoir_2026010\($0)_030000.tar" }
        for name in old + ["notes.txt", "comptoir_20260101_030000.zip"] {
            try DataFolder.write([1], to: saved + "/" + name)
        }
        try #require(
            try place.run([
                "backup", "schedule", "--daily", "03:00", "--to", saved, "--keep", "2d",
            ]).code == 0)
        let shown = try place.run(["backup", "prune", "--dry-run"])
        #expect(shown.output.split(separator: "\n").count == 7)
        #expect(try names(saved).count == 11)
        // The plan's place is where a backup without a target goes, and it prunes.
        let made = try place.run(["backup"])
        #expect(made.code == 0, "\(made.complaints)")
        let left = try names(saved)
        #expect(left.contains("notes.txt"))
        #expect(left.contains("comptoir_20260101_030000.zip"))
        #expect(left.contains("comptoir_20260109_030000.tar"))
        #expect(left.count == 4)
    }

    @Test func aBackupThatIsStoppedLeavesNothing() throws {
        let (place, saved) = try place()
        try #require(
            try place.run(["backup", "schedule", "--daily", "00:00", "--to", saved]).code == 0)
        let server = try RunningServer(data: place.data)
        eventually("a backup is under way") {
            (try? place.workFolders.isEmpty) == false
                || BackupRecord(DataFolder(place.data)).succeededAt != nil
        }
        #expect(server.stop() == 0)
        #expect(try place.workFolders.isEmpty)
        #expect(try names(saved).allSatisfy { $0.hasSuffix(".tar") })
    }

    @Test func whatAKilledProgramLeftInClearIsSwept() throws {
        let (place, saved) = try place()
        // No process has such a number: the kernel gives none above four million.
        let left = place.data + "/backup-4194305-abcd1234"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
        try DataFolder.write([1], to: left + "/database.dump")
        #expect(try place.run(["backup", saved]).code == 0)
        #expect(!FileManager.default.fileExists(atPath: left))
    }

    @Test func backupsGoToAnObjectStoreAndComeBack() throws {
        let (place, _) = try place()
        let store = try ObjectStore()
        let keys = place.folder + "/keys"
        try DataFolder.write(
            Array(
                """
                [default]
                aws_access_key_id = \(ObjectStore.id)
                aws_secret_access_key = \(ObjectStore.secret)

                """.utf8), to: keys)
        let key = place.folder + "/private.pem"
        try #require(try place.run(["key", "recipient", "--create", key]).code == 0)
        let words = [
            "backup", "schedule", "--daily", "03:00", "--to", "s3://\(ObjectStore.bucket)/alta",
            "--endpoint", store.endpoint, "--region", ObjectStore.region, "--path-style",
            "--credentials", keys, "--keep", "4d",
        ]
        let plan = try place.run(words)
        #expect(plan.code == 0, "\(plan.complaints)")
        // Three, because listings of this store come by two.
        var made: [String] = []
        for _ in 0..<3 {
            let backup = try place.run(["backup", "--json"])
            try #require(backup.code == 0, "\(backup.complaints)")
            made.append(JSON(parsing: backup.output)?["path"]?.string ?? "")
            sleepUntilNextSecond()
        }
        // Three of one day: two are pruned.
        let list = try place.run(["backup", "list"])
        #expect(list.code == 0, "\(list.complaints)")
        #expect(list.output.split(separator: "\n").count == 1)
        #expect(made.last?.hasPrefix("s3://\(ObjectStore.bucket)/alta/comptoir_") == true)
        let verified = try place.run(["backup", "verify", "--key", key])
        #expect(verified.code == 0, "\(verified.complaints)")
        // A wrong key of the store is a failure with its name.
        try DataFolder.write(
            Array("aws_access_key_id=\(ObjectStore.id)\naws_secret_access_key=x\n".utf8), to: keys)
        let refused = try place.run(["backup"])
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("SignatureDoesNotMatch"))
        chmod(keys, 0o644)
        let open = try place.run(["backup", "list"])
        #expect(open.code == 1)
        #expect(open.complaints.contains("chmod 600"))
        #expect(try place.workFolders.isEmpty)
    }

    /// Names are by the second.
    private func sleepUntilNextSecond() {
        let now = Instant.now.seconds
        eventually("the next second comes") { Instant.now.seconds > now }
    }
}

@Suite struct DatabaseExportTests {
    @Test func everyFormIsWhatItSaysAndIsForItsOwnerAlone() throws {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        func export(_ name: String, _ words: String...) throws -> String {
            let path = place.folder + "/" + name
            let run = try place.run(["export", "database", path] + words)
            #expect(run.code == 0, "\(run.complaints)")
            #expect(try place.mode(of: path) == 0o600)
            return path
        }
        func text(_ path: String) throws -> String {
            try String(contentsOfFile: path, encoding: .utf8)
        }
        let plain = try text(export("plain.sql"))
        #expect(plain.contains("CREATE TABLE public.invoices"))
        #expect(plain.contains("claire@altavista.example"))
        #expect(!plain.contains("OWNER TO") && !plain.contains("\nGRANT "))
        let schema = try text(export("schema.sql", "--format", "schema"))
        #expect(schema.contains("CREATE TABLE public.invoices"))
        #expect(!schema.contains("claire@altavista.example"))
        let data = try text(export("data.sql", "--format", "data", "--inserts"))
        #expect(!data.contains("CREATE TABLE"))
        #expect(data.contains("INSERT INTO public.users ("))
        let some = try text(export("some.sql", "--table", "users", "--table", "invoices"))
        #expect(some.matches(of: /CREATE TABLE/).count == 2)
        let rest = try text(export("rest.sql", "--except", "users"))
        #expect(!rest.contains("CREATE TABLE public.users"))
        #expect(rest.contains("CREATE TABLE public.invoices"))
        let custom = try Data(
            contentsOf: URL(fileURLWithPath: export("all.dump", "--format", "custom")))
        #expect(custom.starts(with: Array("PGDMP".utf8)))
        let packed = try Data(contentsOf: URL(fileURLWithPath: export("all.sql.gz")))
        #expect(packed.starts(with: [0x1F, 0x8B]))
        let unknown = try place.run(
            ["export", "database", place.folder + "/x.sql", "--table", "nonsense*"])
        #expect(unknown.code == 1)
        #expect(unknown.complaints.contains("nonsense*"))
        #expect(try place.run(["export", "database", place.folder + "/plain.sql"]).code == 1)
        #expect(try place.run(["audit", "recent"]).output.contains("data.exported"))
    }
}
