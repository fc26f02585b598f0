import FoundationEssentials
import Glibc

/// A folder in which a cluster lays down its write-ahead log as it goes, and copies of the whole cluster
/// from which the log leads to any moment since.
///
///     base/20261129_030000/base.tar.gz    a copy of the cluster, by pg_basebackup
///     wal/000000010000000000000007.gz     16 MB of the log each, compressed
public struct ClusterArchive: Sendable, Equatable {
    /// A commit stands in the archive at the latest after so many seconds.
    public static let seconds = 60

    /// Absolute.
    public let folder: String

    /// `folder`: an absolute path that PostgreSQL's own user may pass through.
    public init(folder: String) throws {
        // It becomes part of a command of the shell.
        guard folder.hasPrefix("/"),
            folder.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || "-._/".utf8.contains(byte)
            })
        else {
            throw ClusterError.file(
                path: folder, reason: "expected an absolute path of letters, digits, . - _ and /")
        }
        self.folder = folder
    }

    public var log: String { folder + "/wal" }
    public var bases: String { folder + "/base" }

    /// What `postgresql.conf` says of it. The command writes beside and renames, refuses to replace a
    /// file by another, and says that all is well for one that is there already: PostgreSQL asks again
    /// when it was interrupted between the two.
    public var settings: [String: String] {
        let target = "\(log)/%f.gz"
        return [
            "archive_mode": "on", "archive_timeout": String(ClusterArchive.seconds),
            "archive_command":
                "if [ -e \(target) ]; then gzip -dc \(target) | cmp -s - %p; "
                + "else gzip -1 <%p >\(target).new && sync \(target).new "
                + "&& mv -n \(target).new \(target) && sync \(log); fi",
        ]
    }

    /// What leads a copy of the cluster to a moment, `2026-11-29 13:00:00+00`, or to the end of the log.
    func recovery(until moment: String?) -> [String: String] {
        var settings = [
            "restore_command": "gzip -dc \(log)/%f.gz >%p", "recovery_target_action": "promote",
            "archive_mode": "off",
        ]
        if let moment { settings["recovery_target_time"] = moment }
        return settings
    }
}

extension Cluster {
    /// Seconds within which the log must have led to the moment.
    private static let recoverySeconds = 3600.0

    /// Makes the folders of an archive, for PostgreSQL's own user.
    public func prepare(_ archive: ClusterArchive) throws {
        let account = try ClusterAccount(places)
        for path in [archive.folder, archive.log, archive.bases] {
            try Files.makeFolder(path, mode: path == archive.folder ? 0o711 : 0o700)
            if path != archive.folder { try places.makeFolder(path, for: account) }
        }
    }

    /// Copies the running cluster into the archive; `name` is that of the copy's folder, which appears
    /// when it is complete. Throws `ClusterError`.
    public func copy(to archive: ClusterArchive, named name: String) throws {
        try prepare(archive)
        let account = try ClusterAccount(places)
        let draft = "\(archive.bases)/\(name).new"
        Files.removeTree(draft)
        let command = [
            try Cluster.program("pg_basebackup"), "--pgdata=\(draft)", "--format=tar", "--gzip",
            "--checkpoint=fast", "--wal-method=fetch", "--no-password",
            "--dbname=\(administrator(database: "postgres"))",
        ]
        let start = places.logSize
        let process = try ClusterProcess.spawn(account.launch(command), log: places.log)
        guard process.waitForExit() == 0 else {
            Files.removeTree(draft)
            throw ClusterError.failed(program: "pg_basebackup", log: places.logTail(from: start))
        }
        guard rename(draft, "\(archive.bases)/\(name)") == 0 else {
            throw ClusterError.file(path: draft, reason: Files.lastError)
        }
    }

    /// Removes the log that lies before the oldest copy, which no copy needs.
    public func forgetLog(before name: String, in archive: ClusterArchive) throws {
        let account = try ClusterAccount(places)
        let manifest = Files.text("\(archive.bases)/\(name)/backup_manifest") ?? ""
        guard let start = ClusterArchive.firstSegment(manifest) else { return }
        let command = [try Cluster.program("pg_archivecleanup"), "-x", ".gz", archive.log, start]
        let process = try ClusterProcess.spawn(account.launch(command), log: places.log)
        _ = process.waitForExit()
    }

    /// Makes a cluster that does not exist yet from a copy in an archive and the log since, up to a
    /// moment, `2026-11-29 13:00:00+00`, or to its end. Throws `ClusterError`, also when the log ends
    /// before that moment; then nothing is left.
    public static func recover(
        folder: String, from archive: ClusterArchive, copy name: String, until moment: String?
    ) throws {
        let cluster = Cluster(folder: folder, settings: archive.recovery(until: moment))
        let places = cluster.places
        let account = try ClusterAccount(places)
        try places.make(for: account)
        guard !Files.exists(places.data) else {
            throw ClusterError.file(path: places.data, reason: "exists already")
        }
        do {
            try places.makeFolder(places.data, for: account)
            let file = "\(archive.bases)/\(name)/base.tar.gz"
            let unpack = try ClusterProcess.spawn(
                account.launch(["/usr/bin/tar", "-xzf", file, "-C", places.data]), log: places.log)
            guard unpack.waitForExit() == 0 else {
                throw ClusterError.failed(program: "tar", log: places.logTail(from: 0))
            }
            try Files.write(
                "", to: places.data + "/recovery.signal", owner: (account.user, account.group))
            let strings = try cluster.start()
            try cluster.waitForPromotion(strings.owner)
            try cluster.stop()
        } catch {
            // PostgreSQL may give up while somebody asks whether it is there.
            let log = places.logTail(from: max(0, places.logSize - 4000))
            try? cluster.stop()
            Files.removeTree(places.data)
            guard error is DatabaseError else { throw error }
            throw ClusterError.failed(program: "recovery", log: log)
        }
    }

    private func waitForPromotion(_ address: String) throws {
        let start = max(0, places.logSize - 4000)
        let deadline = Deadline(seconds: Cluster.recoverySeconds)
        while true {
            do {
                let isRecovering: Bool? = try Connection(address).value(
                    "SELECT pg_is_in_recovery()")
                if isRecovering == false { return }
            } catch {
                guard state.withLock({ $0.postmaster?.isRunning }) == true else {
                    throw ClusterError.failed(
                        program: "recovery", log: places.logTail(from: start))
                }
            }
            guard !deadline.hasPassed else {
                throw ClusterError.failed(program: "recovery", log: places.logTail(from: start))
            }
            deadline.pause()
        }
    }
}

extension ClusterArchive {
    /// The name of the first piece of the log that a copy needs, from its manifest.
    public static func firstSegment(_ manifest: String) -> String? {
        func value(_ name: String) -> Substring? {
            guard let found = manifest.firstRange(of: "\"\(name)\": ") else { return nil }
            return manifest[found.upperBound...].prefix { !",} \n".contains($0) }
        }
        guard let timeline = value("Timeline").flatMap({ UInt32($0) }),
            let position = value("Start-LSN")?.filter({ $0 != "\"" }).split(separator: "/"),
            position.count == 2, let high = UInt32(position[0], radix: 16),
            let low = UInt32(position[1], radix: 16)
        else { return nil }
        // Pieces of 16 MB, 256 to each upper half of a position.
        return segment(timeline, high, low >> 24)
    }

    /// The name of the piece of the log that follows one; nil for what is no such name.
    public static func segment(after name: String) -> String? {
        let digits = Array(name.utf8)
        guard digits.count == 24 else { return nil }
        let numbers = stride(from: 0, to: 24, by: 8).compactMap { start in
            UInt32(String(decoding: digits[start..<start + 8], as: UTF8.self), radix: 16)
        }
        guard numbers.count == 3 else { return nil }
        return numbers[2] < 0xFF
            ? segment(numbers[0], numbers[1], numbers[2] + 1)
            : segment(numbers[0], numbers[1] &+ 1, 0)
    }

    private static func segment(_ numbers: UInt32...) -> String {
        numbers.map { number in
            let text = String(number, radix: 16, uppercase: true)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined()
    }
}
