import Basics
import Core
import Foundation
import Testing

/// What a backup says of itself.
@Suite struct BackupManifestTests {
    @Test func backupsOfEarlierVersionsWhichCountedNothingComeBack() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        let manifest = saved + "/manifest.json"
        let json = try #require(
            JSON(parsing: String(contentsOfFile: manifest, encoding: .utf8))?.members)
        let later = ["figures", "database_bytes", "sha256"]
        let old = JSON.object(json.filter { !later.contains($0.0) })
        try DataFolder.write(old.bytes, to: manifest)
        let other = try Place()
        let restored = try other.run(["restore", saved])
        #expect(restored.code == 0, "\(restored.complaints)")
        #expect(try other.run(["user", "list"]).output.contains("claire@"))
    }

    /// The day, the version and the figures are nobody's record, and yet what a person goes by.
    @Test func aManifestThatWasChangedIsRefused() throws {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        let saved = place.folder + "/copy"
        try #require(try place.run(["backup", saved]).code == 0)
        let manifest = saved + "/manifest.json"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let year = try #require(JSON(parsing: text)?["created_at"]?.string).prefix(4)
        for (before, after) in [
            ("\"created_at\":\"\(year)", "\"created_at\":\"1999"),
            ("\"version\":\"0", "\"version\":\"1"), ("\"rows\":", "\"raws\":"),
            ("\"figures\":", "\"figured\":"), ("\"seals\":\"", "\"seals\":\"0"),
            // Its own name: then it is neither vouched for nor one of a release that had no hash.
            ("],\"sha256\":", "],\"shb256\":"), ("],\"sha256\":\"", "],\"sha256\":\"0"),
            ("{\"program\"", "{\"extra\":1,\"program\""),
        ] {
            let changed = text.replacingOccurrences(of: before, with: after)
            try #require(changed != text, "\(before)")
            try DataFolder.write(Array(changed.utf8), to: manifest)
            let refused = try place.run(["restore", saved, "--replace"])
            #expect(refused.code == 1, "\(before)")
            #expect(refused.complaints.contains("manifest.json"), "\(refused.complaints)")
            #expect(refused.complaints.contains("checksum"))
        }
        try DataFolder.write(Array(text.utf8), to: manifest)
        #expect(try place.run(["restore", saved, "--replace"]).code == 0)
    }
}

/// A manifest that vouches for itself, as somebody makes one who knows how.
func wholeManifest(_ manifest: String) throws -> [UInt8] {
    let members = try #require(JSON(parsing: manifest)?.members).filter { $0.0 != "sha256" }
    let hash = hexadecimal(Digest.sha256(JSON.object(members).canonical.bytes))
    return JSON.object(members + [("sha256", .string(hash))]).bytes
}
