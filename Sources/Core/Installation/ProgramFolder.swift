import Basics
import Database
import FoundationEssentials
import Glibc

/// The folder of the program's own files: the migrations, and style sheet, scripts and icons.
public struct ProgramFolder: Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// `home` when it is given, else the nearest folder above the executable that holds `Migrations`.
    public static func find(home: String?) throws -> ProgramFolder {
        let start = home ?? executableFolder
        var folder = Substring(start)
        while !folder.isEmpty {
            if access(folder + "/Migrations", F_OK) == 0 { return ProgramFolder(String(folder)) }
            guard home == nil, let slash = folder.lastIndex(of: "/") else { break }
            folder = folder[..<slash]
        }
        throw InstallationError.programFilesMissing(name: "Migrations", searchedFrom: start)
    }

    public func migrations() throws -> [Migration] {
        try Migrations.load(folder: path + "/Migrations")
    }

    /// Staged by `bin/assets`.
    public func assets() throws -> Assets {
        let folder = path + "/.assets"
        guard access(folder + "/manifest.txt", R_OK) == 0 else {
            throw InstallationError.folder(path: folder, reason: "not there: run bin/assets first")
        }
        return try Assets(folder: folder)
    }

    /// Whether Debian's package installed this program.
    static var isPackaged: Bool { executableFolder == "/usr/lib/comptoir" }

    private static var executableFolder: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(
            decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
    }
}
