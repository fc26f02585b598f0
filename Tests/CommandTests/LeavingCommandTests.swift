import Basics
import Core
import Database
import DatabaseTesting
import Foundation
import TestSupport
import Testing

/// `comptoir export organisation` and `comptoir import organisation`, as somebody types them.
@Suite struct LeavingCommandTests {
    @Test func whatLeavesAsAnArchiveComesInAndLeavesAgainByteForByte() throws {
        let place = try Place(holding: "0.2")
        let slug = try place.slug()
        let first = place.folder + "/first.tar"
        let left = try place.export(to: first, slug)
        #expect(left.code == 0, "\(left.complaints)")
        #expect(try place.mode(of: first) == 0o600)
        #expect(left.output.contains("to be entered again\tpasswords"))
        let other = try Place(named: "other")
        let came = try other.run(["import", "organisation", first, "--json"])
        try #require(came.code == 0, "\(came.complaints)")
        let manifest = try #require(JSON(parsing: came.output))
        let rows = manifest["tables"]?.array?.reduce(0) { $0 + ($1["rows"]?.int ?? 0) } ?? 0
        #expect(rows > 100)
        let doctor = try other.run(["doctor"])
        #expect(doctor.code == 0, "\(doctor.output)")
        let verified = try other.run(["verify"])
        #expect(verified.code == 0, "\(verified.output)")
        let second = other.folder + "/second.tar"
        #expect(try other.export(to: second, slug).code == 0)
        let (before, after) = (try Unpacked(first), try Unpacked(second))
        #expect(before.files.count > 40 && before.files == after.files)
        #expect(before.manifest == after.manifest)
        #expect(try other.leftovers().isEmpty && place.leftovers().isEmpty)
        let again = try other.run(["import", "organisation", first])
        #expect(again.code == 1 && again.complaints.contains("is here already"))
        print(
            "figure: leaving: \(rows) rows in \(before.files.count) files left, came in, and left "
                + "again, \(before.files.count { after.files[$0.key] != $0.value }) files different"
        )
    }

    @Test func anArchiveThatLeadsElsewhereIsRefusedAndNothingIsWritten() throws {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        let honest = place.folder + "/honest.tar"
        try #require(try place.export(to: honest, "alta-vista-drones").code == 0)
        let rest = try Array(Data(contentsOf: URL(fileURLWithPath: honest)))
        let outside = try TestCluster.makeFolder()
        let bait = outside + "/bait"
        try DataFolder.write(Array("as it was".utf8), to: bait)
        let other = try Place(named: "other")
        try #require(try other.run(["migrate"]).code == 0)
        let content = Array("intruder".utf8)
        let cases: [(name: String, entries: [UInt8])] = [
            ("symbolic link", Tar.entry("tables/a.jsonl", .symbolicLink(bait))),
            (
                "folder that is a link",
                Tar.entry("tables", .symbolicLink(outside)) + Tar.entry("tables/x", .file(content))
            ),
            ("hard link", Tar.entry("tables/a.jsonl", .hardLink(bait))),
            ("hard link to the manifest", Tar.entry("files/a", .hardLink("manifest.json"))),
            ("name that leads up", Tar.entry("../intruder", .file(content))),
            ("name that leads up from a table", Tar.entry("tables/../../intruder", .file(content))),
            ("name from the root", Tar.entry(outside + "/intruder", .file(content))),
            ("character device", Tar.entry("tables/zero.jsonl", .device)),
            ("pipe", Tar.entry("tables/pipe.jsonl", .pipe)),
            ("link for a manifest", Tar.entry("manifest.json", .symbolicLink("/dev/zero"))),
        ]
        for (name, entries) in cases {
            let path = place.folder + "/hostile.tar"
            for archive in [entries + rest, Tar.before(end: rest) + entries + Tar.end] {
                try DataFolder.write(archive, to: path)
                let refused = try other.run(["import", "organisation", path])
                #expect(refused.code == 1, "\(name)")
                #expect(refused.complaints.contains("no plain file"), "\(refused.complaints)")
                #expect(refused.complaints.split(separator: "\n").count == 1)
                #expect(try other.leftovers().isEmpty, "\(name)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["bait"])
                #expect(try String(contentsOfFile: bait, encoding: .utf8) == "as it was")
                for folder in [other.data, other.folder, place.folder] {
                    #expect(!FileManager.default.fileExists(atPath: folder + "/intruder"))
                }
            }
        }
        for (name, bytes) in [("noise", Random.bytes(9000)), ("cut", Array(rest.prefix(700)))] {
            let path = place.folder + "/\(name).tar"
            try DataFolder.write(bytes, to: path)
            let refused = try other.run(["import", "organisation", path])
            #expect(refused.code == 1 && refused.complaints.contains("no export"), "\(name)")
        }
        #expect(try other.run(["user", "list"]).output.isEmpty)
        #expect(try other.run(["import", "organisation", honest]).code == 0, "it was not to blame")
    }

    /// The same of a folder: a pipe in it would be waited for.
    @Test func aFolderWithAPipeOrALinkIsRefused() throws {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        let export = place.folder + "/export"
        try #require(try place.export(to: export, "alta-vista-drones").code == 0)
        let other = try Place(named: "other")
        let extra = export + "/tables/extra.jsonl"
        for make in [{ mkfifo(extra, 0o600) }, { symlink("/dev/zero", extra) }] {
            try #require(make() == 0)
            let refused = try other.run(["import", "organisation", export])
            #expect(refused.code == 1 && refused.complaints.contains("tables/extra.jsonl"))
            try #require(unlink(extra) == 0)
        }
        #expect(try other.run(["import", "organisation", export]).code == 0)
    }
}

extension Place {
    fileprivate func export(to path: String, _ slug: String) throws -> CommandLineRun {
        try run(["export", "organisation", path, "--organisation", slug])
    }

    /// The short name of the one organisation.
    fileprivate func slug() throws -> String {
        try asOwner { owner in
            let slug: String? = try owner.value("SELECT slug FROM organisations ORDER BY slug")
            return try #require(slug)
        }
    }

    /// What an import should have cleared away.
    fileprivate func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: data).filter {
            $0.hasPrefix("arriving-")
        }
    }
}

/// An export as the files in its archive; the moment in its manifest is left out.
private struct Unpacked {
    var files: [String: Data] = [:]
    var manifest: JSON

    init(_ path: String) throws {
        let folder = try TestCluster.makeFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        process.arguments = ["-xf", path, "-C", folder]
        try process.run()
        try #require(process.exitCode() == 0)
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            files[name] = try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        }
        let bytes = try #require(files["manifest.json"])
        files["manifest.json"] = nil
        let members = try #require(JSON(parsing: Array(bytes))?.members)
        manifest = .object(members.filter { $0.0 != "created_at" })
    }
}

/// Archives as no program makes them.
private enum Tar {
    enum Kind {
        case file([UInt8])
        case hardLink(String)
        case symbolicLink(String)
        case device
        case pipe
    }

    static let end = [UInt8](repeating: 0, count: 1024)

    /// The entries of an archive without what marks its end.
    static func before(end archive: [UInt8]) -> [UInt8] {
        let last = archive.lastIndex { $0 != 0 } ?? 0
        return Array(archive.prefix((last / 512 + 1) * 512))
    }

    /// The header of an entry after POSIX (ustar), and its content.
    static func entry(_ name: String, _ kind: Kind) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        var (content, letter, target): ([UInt8], String, String) = ([], "0", "")
        switch kind {
        case .file(let bytes): content = bytes
        case .hardLink(let path): (letter, target) = ("1", path)
        case .symbolicLink(let path): (letter, target) = ("2", path)
        case .device: letter = "3"
        case .pipe: letter = "6"
        }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(name, at: 0)
        for (text, place) in [
            ("0000644", 100), ("0000000", 108), ("0000000", 116), (octal(content.count, 11), 124),
            (octal(1_700_000_000, 11), 136), ("        ", 148), (letter, 156), (target, 157),
            ("ustar", 257), ("00", 263), ("0000001", 329), ("0000005", 337),
        ] { put(text, at: place) }
        put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
        header[154] = 0
        let filling = (512 - content.count % 512) % 512
        return header + content + [UInt8](repeating: 0, count: filling)
    }
}
