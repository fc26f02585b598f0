import Basics
import Core
import Database
import DatabaseTesting
import Foundation
import Testing

@Suite struct InstallationTests {
    @Test func peopleAreAddedListedAndGivenANewPassword() throws {
        let place = try Place()
        let added = try place.addOwner()
        #expect(added.code == 0)
        #expect(added.output.isEmpty)
        let again = try place.run(
            ["user", "add", "paul@altavista.example", "--name", "Paul", "--role", "accountant"])
        #expect(again.code == 0)
        let list = try place.run(["user", "list", "--json"])
        let people = try #require(JSON(parsing: list.output)?.array)
        #expect(
            people.compactMap { $0["email"]?.string } == [
                "claire@altavista.example", "paul@altavista.example",
            ])
        #expect(people.compactMap { $0["role"]?.string } == ["owner", "accountant"])
        #expect(try place.run(["user", "password", "paul@altavista.example"]).code == 0)
        let unknown = try place.run(["user", "password", "nobody@altavista.example"])
        #expect(unknown.code == 1)
        #expect(unknown.complaints.contains("email"))
    }

    @Test func aShortPasswordOrNoneIsRefused() throws {
        let place = try Place()
        let words = ["user", "add", "a@b.example", "--name", "A", "--new-organisation", "B"]
        let short = try place.run(words, password: "short")
        #expect(short.code == 1)
        #expect(short.complaints.contains("12"))
        #expect(try place.run(words, password: nil).code == 2)
    }

    @Test func migrateSaysWhatIsPendingAndThenDoesIt() throws {
        let place = try Place()
        #expect(try place.run(["migrate", "--check"]).code == 1)
        let first = try place.run(["migrate", "--json"])
        #expect(first.code == 0)
        #expect(first.output.hasPrefix("{\"migrated\":[\"0001-platform\""))
        #expect(try place.run(["migrate", "--json"]).output == "{\"migrated\":[]}\n")
        #expect(try place.run(["migrate", "--check"]).code == 0)
    }

    @Test func theDataFolderAndItsKeyAreForTheirOwnerOnly() throws {
        let place = try Place(named: "new")
        #expect(try place.run(["migrate"]).code == 0)
        #expect(try place.mode("secret.key") == 0o600)
        // As root others may pass through, since PostgreSQL runs as one of them, but see nothing.
        #expect(try place.mode("") == (geteuid() == 0 ? 0o711 : 0o700))
        let key = try Data(contentsOf: URL(fileURLWithPath: place.data + "/secret.key"))
        #expect(key.count == 32)
        #expect(try place.run(["migrate"]).code == 0)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: place.data + "/secret.key")) == key)
        chmod(place.data + "/secret.key", 0o644)
        let refused = try place.run(["migrate"])
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("chmod 600"))
    }

    @Test func doctorFindsAPlantedFault() throws {
        let place = try Place()
        #expect(try place.addOwner().code == 0)
        let healthy = try place.run(["doctor", "--json"])
        #expect(healthy.code == 0)
        #expect(JSON(parsing: healthy.output)?["healthy"]?.bool == true)
        try place.asOwner {
            try $0.runScript("ALTER TABLE invoices NO FORCE ROW LEVEL SECURITY")
        }
        let ill = try place.run(["doctor"])
        #expect(ill.code == 1)
        #expect(ill.output.contains("WRONG schema.isolation: table invoices"))
    }

    @Test func aDatabaseOfOnesOwnIsUsedWithAnOrdinaryRole() throws {
        let place = try Place()
        let strings = try TestCluster.shared.makeDatabase()
        let environment = [
            "COMPTOIR_DATABASE_URL": strings.runtime,
            "COMPTOIR_MIGRATION_DATABASE_URL": strings.owner,
            "COMPTOIR_BACKUP_DATABASE_URL": strings.backup,
        ]
        #expect(try place.addOwner(environment).code == 0)
        #expect(try place.run(["doctor"], environment: environment).code == 0)
        #expect(
            try place.run(["backup", place.folder + "/own"], environment: environment).code == 0)
        #expect(!FileManager.default.fileExists(atPath: place.data + "/postgres"))
        let superuser = [
            "COMPTOIR_DATABASE_URL": strings.owner.replacingOccurrences(
                of: "comptoir_owner", with: "comptoir_superuser")
        ]
        let refused = try place.run(["user", "list"], environment: superuser)
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("superuser"))
    }
}

/// A data folder of a test's own.
struct Place {
    let folder: String
    let data: String

    init(named name: String? = nil) throws {
        let folder = try TestCluster.makeFolder()
        self.folder = folder
        data = name.map { folder + "/" + $0 } ?? folder
    }

    func run(
        _ words: [String], password: String? = "correct horse battery staple",
        environment: [String: String] = [:]
    ) throws -> CommandLineRun {
        var environment = environment
        environment["COMPTOIR_DATA"] = data
        environment["COMPTOIR_PASSWORD"] = password
        return try CommandLineRun(words, environment: environment)
    }

    func addOwner(_ environment: [String: String] = [:]) throws -> CommandLineRun {
        try run(
            [
                "user", "add", "claire@altavista.example", "--name", "Claire Monnier",
                "--new-organisation", "Alta Vista Drones",
            ], environment: environment)
    }

    func mode(_ name: String) throws -> Int {
        var status = stat()
        try #require(stat(data + "/" + name, &status) == 0)
        return Int(status.st_mode & 0o777)
    }

    /// On the private database, as the role that owns its tables.
    func asOwner<Answer>(_ body: (Connection) throws -> Answer) throws -> Answer {
        let cluster = Cluster(folder: data + "/postgres")
        let strings = try cluster.start()
        defer { try? cluster.stop() }
        return try body(Connection(strings.owner))
    }
}
