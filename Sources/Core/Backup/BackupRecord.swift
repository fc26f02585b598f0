import Basics
import FoundationEssentials

/// What became of the backups of this place: `backups-done.json` of the data folder.
public struct BackupRecord: Sendable, Equatable {
    private static let mostBytes = 65_536

    public var succeededAt: Instant?
    /// Of the last good one, which is never pruned.
    public var name: BackupName?
    public var failedAt: Instant?
    public var failure = ""
    /// One after the other since the last good one.
    public var failures = 0
    /// When one was last restored elsewhere and had everything.
    public var verifiedAt: Instant?
    /// Why the log of the database is not laid down as it should be; empty when it is.
    public var archiveFailure = ""

    public init() {}

    /// Empty when nothing was noted yet, or what was cannot be read.
    public init(_ data: DataFolder) {
        self.init()
        guard
            let bytes = readWholeFile(data.backupRecordFile, limit: BackupRecord.mostBytes),
            let json = JSON(parsing: bytes)
        else { return }
        func moment(_ name: String) -> Instant? {
            json[name]?.string.flatMap { Instant(rfc3339: $0) }
        }
        succeededAt = moment("succeeded_at")
        name = json["name"]?.string.flatMap { BackupName($0) }
        failedAt = moment("failed_at")
        failure = json["failure"]?.string ?? ""
        failures = json["failures"]?.int ?? 0
        verifiedAt = moment("verified_at")
        archiveFailure = json["archive_failure"]?.string ?? ""
    }

    public var json: JSON {
        [
            "succeeded_at": JSON(succeededAt), "name": JSON(name?.text),
            "failed_at": JSON(failedAt), "failure": .string(failure), "failures": .int(failures),
            "verified_at": JSON(verifiedAt), "archive_failure": .string(archiveFailure),
        ]
    }

    func save(_ data: DataFolder) throws {
        try data.replace(data.backupRecordFile, with: json.bytes)
    }

    mutating func succeeded(_ name: BackupName, at now: Instant, isProved: Bool) {
        succeededAt = now
        self.name = name
        failedAt = nil
        failure = ""
        failures = 0
        if isProved { verifiedAt = now }
    }

    mutating func failed(_ reason: String, at now: Instant) {
        failedAt = now
        failure = reason
        failures += 1
    }
}
