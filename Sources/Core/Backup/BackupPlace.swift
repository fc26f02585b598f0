import Basics
import FoundationEssentials
import Glibc
import ObjectStorage

/// Where backups are kept: a folder, on another disk at best, or a bucket of an object store (S3).
public enum BackupPlace: Sendable, Equatable {
    case folder(String)
    case bucket(BucketAddress)

    /// One backup that lies there.
    public struct Stored: Sendable, Equatable {
        public let name: BackupName
        public let bytes: Int
    }

    public var text: String {
        switch self {
        case .folder(let path): path
        case .bucket(let address): address.text
        }
    }

    var json: JSON {
        switch self {
        case .folder(let path): ["folder": .string(path)]
        case .bucket(let address): ["bucket": address.json]
        }
    }

    init?(_ json: JSON) {
        if let path = json["folder"]?.string {
            self = .folder(path)
        } else if let address = json["bucket"].flatMap(BucketAddress.init) {
            self = .bucket(address)
        } else {
            return nil
        }
    }

    /// The backups that lie there, the newest first; whatever else does is not looked at. Throws when the
    /// place is out of reach: a disk that is not mounted is not an empty one.
    public func stored() throws -> [Stored] {
        switch self {
        case .folder(let path):
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
                throw BackupError.placeMissing(path: path)
            }
            return names.compactMap { text in
                var status = stat()
                guard let name = BackupName(text), stat(path + "/" + text, &status) == 0 else {
                    return nil
                }
                return Stored(name: name, bytes: Int(status.st_size))
            }.sorted { $0.name > $1.name }
        case .bucket(let address):
            return try address.bucket().list(prefix: address.prefix).compactMap { object in
                BackupName(String(object.key.dropFirst(address.prefix.count))).map {
                    Stored(name: $0, bytes: object.bytes)
                }
            }.sorted { $0.name > $1.name }
        }
    }

    /// Makes a backup there.
    public func make(
        _ installation: Installation, at now: Instant, proves: Bool,
        isCancelled: @escaping () -> Bool = { false }
    ) throws -> Backup.Report {
        let backup = Backup(installation, isCancelled: isCancelled)
        switch self {
        case .folder(let path):
            _ = try stored()
            return try backup.write(to: path, at: now, proves: proves)
        case .bucket(let address):
            let outbox = try WorkFolder(in: installation.data, "backup")
            defer { outbox.remove() }
            var report = try backup.write(to: outbox.path, at: now, proves: proves)
            let name = report.path.split(separator: "/").last.map(String.init) ?? ""
            let sum = try BackupManifest.File(describing: name, in: outbox.path).sha256
            try address.bucket().put(report.path, as: address.prefix + name, sha256: sum)
            let erasures = outbox.path + "/" + Tombstones.fileName
            // Lists are only ever joined: another machine may have laid its own there.
            let there = outbox.path + "/erasures.there"
            let key = address.prefix + Tombstones.fileName
            if try address.bucket().list(prefix: key).contains(where: { $0.key == key }) {
                try address.bucket().get(key, to: there)
                try Tombstones(file: there).keep(in: erasures)
            }
            if FileManager.default.fileExists(atPath: erasures) {
                let sum = try BackupManifest.File(
                    describing: Tombstones.fileName, in: outbox.path
                ).sha256
                try address.bucket().put(
                    erasures, as: address.prefix + Tombstones.fileName, sha256: sum)
            }
            report.path = address.text + name
            return report
        }
    }

    /// A backup as a file: itself, or fetched into `folder`.
    public func fetch(_ name: BackupName, into folder: String) throws -> String {
        switch self {
        case .folder(let path): return path + "/" + name.text
        case .bucket(let address):
            let target = folder + "/" + name.text
            try address.bucket().get(address.prefix + name.text, to: target)
            return target
        }
    }

    func remove(_ name: BackupName) throws {
        switch self {
        case .folder(let path):
            guard unlink(path + "/" + name.text) == 0 || errno == ENOENT else {
                throw BackupError.file(
                    path: path + "/" + name.text, reason: String(cString: strerror(errno)))
            }
        case .bucket(let address): try address.bucket().delete(address.prefix + name.text)
        }
    }

    /// What is beyond its days, the newest first. The last good one stays, whatever the rule says.
    public func outdated(
        _ keep: BackupRetention, _ rules: TimeZoneRules?, sparing: BackupName?
    ) throws -> [Stored] {
        let stored = try stored()
        let kept = keep.kept(of: stored.map(\.name), rules)
        return stored.filter { !kept.contains($0.name) && $0.name != sparing }
    }

    /// Removes what is beyond its days, and what programs that were killed left half written.
    @discardableResult
    public func prune(_ settings: BackupSettings, sparing: BackupName?) throws -> [Stored] {
        let outdated = try outdated(settings.keep, settings.rules, sparing: sparing)
        for stored in outdated { try remove(stored.name) }
        if case .folder(let path) = self { BackupPlace.removeDrafts(path) }
        return outdated
    }

    /// `comptoir_20261129_030000.backup.4711.new`, a day after it was last written to.
    private static func removeDrafts(_ path: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasSuffix(".new") {
            let start = name.split(separator: ".").prefix(2).joined(separator: ".")
            var status = stat()
            guard BackupName(start) != nil, stat(path + "/" + name, &status) == 0,
                Instant(seconds: status.st_mtim.tv_sec).adding(seconds: 86_400) < .now
            else { continue }
            unlink(path + "/" + name)
        }
    }
}
