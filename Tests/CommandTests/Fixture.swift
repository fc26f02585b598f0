import Core
import DatabaseTesting
import Foundation
import TestSupport
import Testing

/// Dumps in `Tests/Fixtures`, packed.
enum Fixture {
    static func packed(_ release: String) -> String {
        TestDatabase.repository + "/Tests/Fixtures/release-\(release).dump.xz"
    }

    /// The path of the dump of a database that a release left, unpacked into a temporary folder.
    static func dump(of release: String) throws -> String {
        let path = try TestCluster.makeFolder() + "/release.dump"
        try DataFolder.write([], to: path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/xz")
        process.arguments = ["-dc", packed(release)]
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try process.run()
        try #require(process.exitCode() == 0)
        return path
    }
}
