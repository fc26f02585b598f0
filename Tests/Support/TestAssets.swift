import Basics
import Core
import DatabaseTesting
import FoundationEssentials

extension TestApplication {
    /// Assets under their plain names, so that pages read the same whatever was staged.
    static func makeAssets() throws -> Assets {
        let folder = try TestCluster.makeFolder() + "/assets"
        try FileManager.default.createDirectory(
            atPath: folder + "/static", withIntermediateDirectories: true)
        try DataFolder.write(Array("body{}".utf8), to: folder + "/static/app.css")
        try DataFolder.write([], to: folder + "/manifest.txt")
        try DataFolder.write(
            Array("motdepasse\nazertyuiop\n1qaz2wsx3edc\n".utf8),
            to: folder + "/common-passwords.txt")
        return try Assets(folder: folder)
    }
}
