import Foundation
import Testing

@testable import Database

@Suite struct ClusterArchiveTests {
    /// An archive in a new folder, a piece of a log, and what PostgreSQL would run for it.
    private struct Made {
        let folder = NSTemporaryDirectory() + "archive-" + UUID().uuidString
        let archive: ClusterArchive

        init() throws {
            archive = try ClusterArchive(folder: folder)
            try FileManager.default.createDirectory(
                atPath: archive.log, withIntermediateDirectories: true)
        }

        /// Whether PostgreSQL would take the piece for laid down.
        func layDown(_ text: String) throws -> Bool {
            let piece = folder + "/piece"
            try Data(text.utf8).write(to: URL(fileURLWithPath: piece))
            let command = archive.settings["archive_command", default: ""]
                .replacingOccurrences(of: "%p", with: piece)
                .replacingOccurrences(of: "%f", with: "000000010000000000000007")
            return system("exec 2>/dev/null; " + command) == 0
        }

        func kept() throws -> String {
            let text = folder + "/text"
            _ = system("gzip -dc \(archive.log)/000000010000000000000007.gz >\(text)")
            return try String(contentsOfFile: text, encoding: .utf8)
        }
    }

    @Test func aPieceThatIsThereIsNeverReplacedByAnother() throws {
        let made = try Made()
        defer { try? FileManager.default.removeItem(atPath: made.folder) }
        #expect(try made.layDown("first"))
        #expect(try made.kept() == "first")
        // Asked again for the same one after a crash, all is well.
        #expect(try made.layDown("first"))
        #expect(try !made.layDown("other"))
        #expect(try made.kept() == "first")
        let names = try FileManager.default.contentsOfDirectory(atPath: made.archive.log)
        #expect(names == ["000000010000000000000007.gz"])
    }

    @Test func aFolderThatIsGoneLaysNothingDown() throws {
        let made = try Made()
        defer { try? FileManager.default.removeItem(atPath: made.folder) }
        try FileManager.default.removeItem(atPath: made.archive.log)
        #expect(try !made.layDown("first"))
    }

    @Test(arguments: [
        ("0/2000028", 1, "000000010000000000000002"),
        ("1F/FE000100", 26, "0000001A0000001F000000FE"),
    ])
    func theFirstPieceThatACopyNeedsStandsInItsManifest(
        position: String, timeline: Int, name: String
    ) {
        let manifest = """
            "WAL-Ranges": [
            { "Timeline": \(timeline), "Start-LSN": "\(position)", "End-LSN": "0/2000100" }
            ],
            """
        #expect(ClusterArchive.firstSegment(manifest) == name)
        #expect(ClusterArchive.firstSegment("{}") == nil)
    }

    @Test func onlyPlainPathsBecomePartOfACommand() {
        for path in ["relative", "/a b", "/a'b", "/a$b", "/a;b", "/a`b"] {
            #expect(throws: ClusterError.self) { try ClusterArchive(folder: path) }
        }
    }
}
