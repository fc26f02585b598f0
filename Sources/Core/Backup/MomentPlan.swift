import Basics
import Database
import FoundationEssentials
import Glibc

/// What a restore of a moment would do.
public struct MomentPlan: Sendable {
    /// When the copy was made from which the log leads on.
    public let copiedAt: Instant
    /// Nil for the end of the log.
    public let moment: Instant?
    /// When the last was committed that the log holds; nil when nothing was since the copy.
    public let logEndsAt: Instant?
    /// How many pieces of the log follow the copy.
    public let pieces: Int
    /// What the copy takes on disk.
    public let databaseBytes: Int
    public let freeBytes: Int
    /// Whether the data folder holds a database, so that `--replace` would be asked for.
    public let holdsDatabase: Bool
}

extension Restore {
    /// Examines what a restore of a moment would need, and changes nothing. Throws `BackupError` when it
    /// could not succeed.
    public func plan(from archive: WriteAheadArchive, until moment: Instant?) throws -> MomentPlan {
        let copy = try archive.copy(before: moment)
        _ = try archive.keys(of: copy, for: data)
        let needed = try archive.databaseBytes(of: copy)
        try refuseTooLittleRoom(for: needed)
        let log = try archive.log(since: copy)
        let end = try archive.lastCommit(in: log.pieces)
        // PostgreSQL knows that a moment is over only by something that was committed later.
        if let moment, end.map({ $0 <= moment }) ?? true {
            throw BackupError.logEnds(folder: archive.archive.log, at: end, missing: log.missing)
        }
        return MomentPlan(
            copiedAt: copy.createdAt, moment: moment, logEndsAt: end, pieces: log.pieces.count,
            databaseBytes: needed, freeBytes: data.freeBytes, holdsDatabase: holdsDatabase)
    }
}

extension WriteAheadArchive {
    /// The list of its files that PostgreSQL lays into each copy: some hundred bytes for each.
    private static let mostManifestBytes = 1 << 28

    private func manifest(of copy: BackupName) throws -> String {
        let folder = "\(archive.bases)/\(folder(copy))"
        guard access(folder + "/base.tar.gz", R_OK) == 0,
            let bytes = readWholeFile(
                folder + "/backup_manifest", limit: WriteAheadArchive.mostManifestBytes)
        else { throw BackupError.file(path: folder, reason: "the copy is not whole") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a copy takes on disk when it is unpacked.
    func databaseBytes(of copy: BackupName) throws -> Int {
        let files = JSON(parsing: try manifest(of: copy))?["Files"]?.array ?? []
        return files.reduce(0) { $0 + ($1["Size"]?.int ?? 0) }
    }

    /// The pieces of the log that follow each other from a copy on, and the first one that is not there
    /// although later ones are.
    func log(since copy: BackupName) throws -> (pieces: [String], missing: String?) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: archive.log)) ?? []
        let there = Set(names.filter { $0.hasSuffix(".gz") }.map { String($0.dropLast(3)) })
        var next = ClusterArchive.firstSegment(try manifest(of: copy))
        var pieces: [String] = []
        while let piece = next, there.contains(piece) {
            pieces.append(piece)
            next = ClusterArchive.segment(after: piece)
        }
        guard let missing = next, there.contains(where: { $0.count == 24 && $0 > missing }) else {
            return (pieces, nil)
        }
        return (pieces, missing)
    }

    /// When the last transaction of these pieces ended. The pieces are read from the last one on, in a
    /// folder of their own that goes again.
    func lastCommit(in pieces: [String]) throws -> Instant? {
        let work = try WorkFolder.temporary()
        defer { work.remove() }
        for piece in pieces.reversed() {
            let path = work.path + "/" + piece
            let file = try Descriptor.create(path)
            defer {
                close(file)
                unlink(path)
            }
            try ChildProcess.run(
                ["/usr/bin/gzip", "-dc", "\(archive.log)/\(piece).gz"], output: file)
            if let end = try lastCommit(path) { return end }
        }
        return nil
    }

    private func lastCommit(_ piece: String) throws -> Instant? {
        var last: Instant?
        let command = [try Cluster.program("pg_waldump"), "--rmgr=Transaction", piece]
        do {
            try ChildProcess.eachLine(of: command, environment: ["TZ": "UTC"]) { line in
                guard let moment = WriteAheadArchive.end(of: line) else { return }
                last = max(moment, last ?? moment)
            }
        } catch BackupError.program {
            // It misses the piece that follows, which is not in the folder.
        }
        return last
    }

    /// `…, desc: COMMIT 2026-11-29 13:00:00.123456 UTC; …`; nil for a record that ends no transaction.
    private static func end(of record: String) -> Instant? {
        guard let found = record.firstRange(of: "desc: ") else { return nil }
        let words = record[found.upperBound...].split(separator: " ")
        guard words.count > 2, words[0].hasPrefix("COMMIT") || words[0].hasPrefix("ABORT") else {
            return nil
        }
        return Instant(rfc3339: "\(words[1])T\(words[2])Z")
    }
}
