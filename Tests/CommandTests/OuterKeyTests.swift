import Basics
import Core
import Foundation
import TestSupport
import Testing

/// Master keys that do not lie beside what they open.
@Suite struct OuterKeyTests {
    private static let key = [UInt8](repeating: 11, count: 32)
    private static let fingerprint = MasterKey(key).fingerprint
    private let place: Place

    init() throws { place = try Place(named: "data") }

    private func surroundings(_ key: [UInt8] = key) -> [String: String] {
        ["COMPTOIR_MASTER_KEY": Base64.text(key)]
    }

    /// An organisation with a key of its own.
    private func found(_ environment: [String: String]) throws {
        try #require(try place.addOwner(environment).code == 0)
        try #require(try place.run(["key", "rotate"], environment: environment).code == 0)
    }

    /// By which master keys those of the database are sealed, and whether all open.
    private func list(_ environment: [String: String] = [:], at place: Place? = nil) throws -> (
        masters: Set<String>, open: Bool
    ) {
        let run = try (place ?? self.place).run(
            ["key", "list", "--json"], environment: environment)
        let keys = try #require(JSON(parsing: run.output)?.array)
        #expect(keys.count >= 2)
        return (Set(keys.compactMap { $0["master_key"]?.string }), run.code == 0)
    }

    private func rotate(to file: String, _ environment: [String: String]) throws -> CommandLineRun {
        try place.run(
            ["key", "rotate", "--master", "--new-key", file], environment: environment)
    }

    /// Whether a file of the data folder, the database aside, holds these bytes, as they are or written out.
    private func folderHolds(_ key: [UInt8]) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: place.data).contains { name in
            let content = FileManager.default.contents(atPath: place.data + "/" + name) ?? Data()
            return [Data(key), Data(hexadecimal(key).utf8), Data(Base64.text(key).utf8)].contains {
                content.firstRange(of: $0) != nil
            }
        }
    }

    private func hasFile(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: place.data + "/" + name)
    }

    @Test(arguments: [Base64.text(key), hexadecimal(key)])
    func theKeyOfTheEnvironmentSealsAndIsNeverWrittenToTheFolder(text: String) throws {
        let environment = ["COMPTOIR_MASTER_KEY": text]
        try found(environment)
        #expect(try list(environment) == ([Self.fingerprint], true))
        #expect(try !folderHolds(Self.key))
        #expect(try list() == ([Self.fingerprint], false), "nothing there opens it")
    }

    @Test(arguments: ["nonsense", "00", Base64.text([UInt8](repeating: 1, count: 31)), " "])
    func whatIsNoKeyIsRefusedAndNotRepeated(text: String) throws {
        let run = try place.run(["key", "list"], environment: ["COMPTOIR_MASTER_KEY": text])
        #expect(run.code == 1 && run.complaints.contains("COMPTOIR_MASTER_KEY is not 32 bytes"))
        #expect(!run.complaints.contains("nonsense"))
    }

    @Test func theSecretKeyMayComeFromTheEnvironmentToo() throws {
        let environment = ["COMPTOIR_SECRET_KEY": hexadecimal(Self.key)]
        try found(environment)
        #expect(!hasFile("secret.key"))
        #expect(try list(environment) == ([Self.fingerprint], true))
        #expect(try place.run(["key", "list"]).complaints.contains("secret.key is missing"))
        let other = ["COMPTOIR_SECRET_KEY": Base64.text([UInt8](repeating: 12, count: 32))]
        try DataFolder.write(Self.key, to: place.data + "/secret.key")
        let refused = try place.run(["key", "list"], environment: other)
        #expect(refused.code == 1 && refused.complaints.contains("COMPTOIR_SECRET_KEY"))
    }

    @Test func neitherPostgreSQLNorTheListOfProcessesSeesTheKey() throws {
        let server = try RunningServer(data: place.data, environment: surroundings())
        defer { _ = server.stop() }
        let postmaster = try String(
            contentsOfFile: place.data + "/postgres/data/postmaster.pid", encoding: .utf8)
        let database = try #require(postmaster.split(separator: "\n").first.flatMap { Int32($0) })
        for process in [database, server.process.processIdentifier] {
            // Read to its end: its size says nothing.
            let environment = try #require(
                FileHandle(forReadingAtPath: "/proc/\(process)/environ")?.readDataToEndOfFile())
            let text = String(decoding: environment, as: UTF8.self)
            #expect(!text.contains(Base64.text(Self.key)))
            #expect(process == database || text.contains("COMPTOIR_HOME"), "it can be read")
        }
    }

    @Test func aRotationLeavesTheNewKeyWhereItWasToldToAndNothingBesideTheData() throws {
        try found(surroundings())
        let without = try place.run(["key", "rotate", "--master"], environment: surroundings())
        #expect(without.code == 2 && without.complaints.contains("--new-key"))
        let link = place.folder + "/link"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: place.data)
        for file in [place.data + "/new.key", link + "/new.key"] {
            let refused = try rotate(to: file, surroundings())
            #expect(refused.code == 1 && refused.complaints.contains("in the data folder"))
            #expect(!hasFile("new.key"))
        }
        let file = place.folder + "/new.key"
        let rotation = try rotate(to: file, surroundings())
        #expect(rotation.code == 0, "\(rotation.complaints)")
        #expect(rotation.output.contains("comptoir-master-key"))
        let next = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        #expect(next.count == 32 && next != Self.key)
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try !folderHolds(next) && !folderHolds(Self.key) && !hasFile("master.key"))
        // Whoever has the one before goes on, until the new one is handed over.
        let sealedBy = MasterKey(next).fingerprint
        #expect(try list(surroundings()) == ([sealedBy], true))
        #expect(hasFile("master.key.next.sealed"))
        #expect(try list(surroundings(next)) == ([sealedBy], true))
        #expect(!hasFile("master.key.next.sealed"))
        #expect(try list(surroundings()) == ([sealedBy], false), "the old one opens nothing more")
        let again = try rotate(to: file, surroundings(next))
        #expect(again.code == 0 && again.output.contains("handed over already"))
    }

    @Test func aRotationThatWasBrokenOffGoesOnWithItsKey() throws {
        try found(surroundings())
        let file = place.folder + "/new.key"
        try #require(try rotate(to: file, surroundings()).code == 0)
        let first = try Data(contentsOf: URL(fileURLWithPath: file))
        // What is founded before the new key is handed over is sealed with it.
        let added = try place.run(
            ["user", "add", "b@b.example", "--name", "B", "--new-organisation", "B"],
            environment: surroundings())
        try #require(added.code == 0)
        try #require(try place.run(["key", "rotate"], environment: surroundings()).code == 0)
        try FileManager.default.removeItem(atPath: file)
        try DataFolder.write(Self.key.map { $0 + 1 }, to: place.folder + "/other.key")
        let other = try rotate(to: place.folder + "/other.key", surroundings())
        #expect(other.code == 1 && other.complaints.contains("another key"))
        #expect(try rotate(to: file, surroundings()).code == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == first)
        let sealedBy = MasterKey(Array(first)).fingerprint
        #expect(try list(surroundings(Array(first))) == ([sealedBy], true))
    }

    @Test func aCredentialIsRotatedToAnotherCredential() throws {
        let folder = place.folder + "/credentials"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try DataFolder.write(Self.key, to: folder + "/comptoir-secret-key")
        let environment = ["CREDENTIALS_DIRECTORY": folder]
        try found(environment)
        #expect(try rotate(to: folder + "/comptoir-master-key", environment).code == 0)
        let next = Array(
            try Data(contentsOf: URL(fileURLWithPath: folder + "/comptoir-master-key")))
        #expect(try list(environment) == ([MasterKey(next).fingerprint], true))
        #expect(!hasFile("secret.key") && !hasFile("master.key"))
        #expect(!hasFile("master.key.next.sealed"), "it is handed over")
        let differs = environment.merging(surroundings()) { $1 }
        #expect(try place.run(["key", "list"], environment: differs).code == 1)
    }

    @Test func aBackupOpensElsewhereWithoutWhatWasHandedOver() throws {
        try found(surroundings())
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved], environment: surroundings()).code == 0)
        let other = try Place()
        try #require(try other.run(["restore", saved]).code == 0)
        #expect(try list(at: other) == ([Self.fingerprint], true))
    }
}
