import Basics
import FoundationEssentials
import Glibc

/// What a backup consists of, so that a damaged one is noticed before anything is replaced.
public struct BackupManifest: Sendable, Equatable {
    public struct File: Sendable, Equatable {
        public var name: String
        public var bytes: Int
        public var sha256: String
    }

    static let name = "manifest.json"
    static let database = "database.dump"
    static let secretKey = "secret.key"
    /// The key above those of the database, and the one that was taking its place: once it was replaced.
    static let masterKey = "master.key"
    static let nextMasterKey = "master.key.next"
    static let formerMasterKey = "master.key.former"
    static let demonstration = "demonstration.json"
    static let recipient = "recipient.pem"
    static let settings = "backups.json"
    private static let format = 1
    /// What vouches for all others, and those that there are besides.
    private static let hash = "sha256"
    private static let members: Set = [
        "program", "format", "version", "created_at", "migrations", "database_bytes", "figures",
        "files",
    ]
    /// A manifest is a page long; what is larger is something else.
    private static let mostBytes = 1 << 20

    public var version: String
    /// RFC 3339.
    public var createdAt: String
    /// The number of the last migration that the database has run.
    public var migrations: Int
    /// What the database takes on disk; 0 in backups of earlier versions.
    public var databaseBytes: Int
    /// Nil in backups of earlier versions.
    public var figures: BackupFigures?
    public var files: [File]

    /// Of all files together.
    public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    public var json: JSON {
        [
            "program": "comptoir", "format": .int(BackupManifest.format),
            "version": .string(version), "created_at": .string(createdAt),
            "migrations": .int(migrations), "database_bytes": .int(databaseBytes),
            "figures": figures?.json ?? .null,
            "files": .array(
                files.map {
                    [
                        "name": .string($0.name), "bytes": .int($0.bytes),
                        "sha256": .string($0.sha256),
                    ]
                }),
        ]
    }

    /// As it stands in a backup: what it says, and the SHA-256 of that.
    var fileBytes: [UInt8] {
        let hash = BackupManifest.hash(of: json)
        return JSON.object((json.members ?? []) + [(BackupManifest.hash, .string(hash))]).bytes
    }

    private static func hash(of json: JSON) -> String {
        hexadecimal(Digest.sha256(json.canonical.bytes))
    }

    /// Throws when anything in it was changed since it was written. Backups of 0.1 and 0.2 have no hash, and
    /// are restored as they are; what a fault made of the hash's own name is no member that they have.
    private static func refuseChanges(_ json: JSON, _ path: String) throws {
        let members = json.members ?? []
        let content = members.filter { $0.0 != hash }
        let given = members.first { $0.0 == hash }?.1.string
        let isWhole =
            members.count == content.count
            ? content.allSatisfy { BackupManifest.members.contains($0.0) }
            : given == hash(of: .object(content))
        guard isWhole else { throw BackupError.damaged(file: path) }
    }

    init(
        version: String, createdAt: String, migrations: Int, databaseBytes: Int,
        figures: BackupFigures?, files: [File]
    ) {
        self.version = version
        self.createdAt = createdAt
        self.migrations = migrations
        self.databaseBytes = databaseBytes
        self.figures = figures
        self.files = files
    }

    /// Reads the manifest of a folder and compares every file with it.
    init(verifying folder: String) throws {
        let path = folder + "/" + BackupManifest.name
        guard let data = FileManager.default.contents(atPath: path),
            data.count <= BackupManifest.mostBytes, let json = JSON(parsing: Array(data)),
            json["program"]?.string == "comptoir", json["format"]?.int == BackupManifest.format,
            let version = json["version"]?.string, let createdAt = json["created_at"]?.string,
            let migrations = json["migrations"]?.int, let entries = json["files"]?.array
        else { throw BackupError.notABackup(path: folder) }
        try BackupManifest.refuseChanges(json, path)
        let known = [
            BackupManifest.database, BackupManifest.secretKey, BackupManifest.demonstration,
            BackupManifest.recipient, BackupManifest.settings, BackupManifest.masterKey,
            BackupManifest.nextMasterKey, BackupManifest.formerMasterKey,
        ]
        let files = entries.compactMap { entry -> File? in
            guard let name = entry["name"]?.string, known.contains(name),
                let bytes = entry["bytes"]?.int, let sha256 = entry["sha256"]?.string
            else { return nil }
            return File(name: name, bytes: bytes, sha256: sha256)
        }
        guard files.count == entries.count,
            known.prefix(2).allSatisfy({ name in
                files.contains { $0.name == name }
            })
        else { throw BackupError.notABackup(path: folder) }
        for file in files {
            guard try File(describing: file.name, in: folder) == file else {
                throw BackupError.damaged(file: folder + "/" + file.name)
            }
        }
        self.init(
            version: version, createdAt: createdAt, migrations: migrations,
            databaseBytes: json["database_bytes"]?.int ?? 0,
            figures: json["figures"].flatMap(BackupFigures.init), files: files)
    }
}

extension BackupManifest.File {
    private static let chunkBytes = 1 << 20

    /// Reads the file to its end.
    init(describing name: String, in folder: String) throws {
        let path = folder + "/" + name
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(file) }
        var bytes = 0
        let digest = try Digest.sha256(next: {
            let chunk = try [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, count in
                let got = read(file, buffer.baseAddress, buffer.count)
                guard got >= 0 else {
                    throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
                }
                count = got
            }
            bytes += chunk.count
            return chunk
        })
        self.init(name: name, bytes: bytes, sha256: hexadecimal(digest))
    }
}
