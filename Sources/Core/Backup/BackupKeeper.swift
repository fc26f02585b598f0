import Basics
import Database
import Glibc
import Synchronization

/// Makes the backups that are due, and prunes: a thread of the serving program. When it was not running at
/// the hour, it does so as soon as it is.
public final class BackupKeeper: Sendable {
    private static let lookSeconds = 20
    /// After the first failure, the second, and each later one.
    private static let retrySeconds = [900, 3600, 3 * 3600]
    /// How often the log of the database is looked after, and how long after a failure.
    private static let (logSeconds, logRetrySeconds) = (60, 900)

    private let installation: Installation
    private let clock: Clock
    private let bell = JobBell()
    private let isStopping = Mutex(false)
    private let thread = Mutex<RunnerThread?>(nil)
    private let nextLookAtLog = Mutex(Instant(seconds: 0))

    public init(_ installation: Installation, clock: Clock = .system) {
        self.installation = installation
        self.clock = clock
    }

    public func start() {
        WorkFolder.sweep(installation.data)
        thread.withLock { thread in
            guard thread == nil else { return }
            thread = RunnerThread { self.run() }
        }
    }

    /// Ends a backup that is under way, and returns when nothing of it is left.
    public func stop() {
        isStopping.withLock { $0 = true }
        bell.ring()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    private var mustStop: Bool { isStopping.withLock(\.self) }

    private func run() {
        var complaint = ""
        while !mustStop {
            let rings = bell.count
            do {
                try makeDue()
                try layDown()
                complaint = ""
            } catch {
                // Once, not every few seconds.
                let text = String(describing: error)
                if text != complaint { Log.error("backups", ["error": .string(text)]) }
                complaint = text
            }
            if !mustStop { bell.wait(beyond: rings, seconds: BackupKeeper.lookSeconds) }
        }
    }

    /// Looks after the log of the database, where it is laid down.
    private func layDown() throws {
        let data = installation.data
        let now = clock.now()
        guard nextLookAtLog.withLock({ $0 <= now }) else { return }
        var failure = ""
        defer {
            let wait = failure.isEmpty ? BackupKeeper.logSeconds : BackupKeeper.logRetrySeconds
            nextLookAtLog.withLock { $0 = now.adding(seconds: wait) }
            var record = BackupRecord(data)
            if record.archiveFailure != failure {
                record.archiveFailure = failure
                try? record.save(data)
            }
        }
        do {
            guard let archive = try WriteAheadArchive(data) else { return }
            try archive.copyIfDue(installation, at: now)
            try Tombstones.keep(
                at: archive.erasures, data, Connection(installation.addresses.owner))
            try archive.refuseFailure(installation)
        } catch {
            failure = String(describing: error)
            throw error
        }
    }

    /// Makes the backup that is due; answers whether one was.
    @discardableResult
    public func makeDue() throws -> Bool {
        let data = installation.data
        guard let settings = try BackupSettings(data) else { return false }
        let now = clock.now()
        guard BackupKeeper.isDue(settings, BackupRecord(data), at: now) else { return false }
        do {
            try BackupRun(installation, settings, isCancelled: { self.mustStop }).make(at: now)
        } catch BackupError.underWay {
            return false
        } catch BackupError.stopped {
            return false
        } catch {
            Log.error("backup failed", ["error": .string(String(describing: error))])
        }
        return true
    }

    static func isDue(_ settings: BackupSettings, _ record: BackupRecord, at now: Instant) -> Bool {
        let due = settings.lastDue(at: now)
        if let succeeded = record.succeededAt, succeeded >= due { return false }
        guard let failed = record.failedAt, record.failures > 0 else { return true }
        let step = min(record.failures, retrySeconds.count) - 1
        return failed.adding(seconds: retrySeconds[step]) <= now || failed > now
    }
}

/// One backup by the settings: made, proved when that is due, kept, pruned, and noted.
public struct BackupRun {
    private let installation: Installation
    private let settings: BackupSettings
    private let isCancelled: () -> Bool

    public init(
        _ installation: Installation, _ settings: BackupSettings,
        isCancelled: @escaping () -> Bool = { false }
    ) {
        self.installation = installation
        self.settings = settings
        self.isCancelled = isCancelled
    }

    /// Throws `BackupError.underWay` when another program is at it.
    @discardableResult
    public func make(at now: Instant, proves: Bool = false) throws -> Backup.Report {
        let data = installation.data
        let lock = open(data.backupLockFile, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else {
            throw BackupError.file(
                path: data.backupLockFile, reason: String(cString: strerror(errno)))
        }
        defer { close(lock) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw BackupError.underWay }
        let report: Backup.Report
        do {
            report = try settings.place.make(
                installation, at: now, proves: proves || isProofDue(BackupRecord(data), now),
                isCancelled: isCancelled)
        } catch BackupError.stopped {
            throw BackupError.stopped
        } catch {
            try note { $0.failed(String(describing: error), at: now) }
            throw error
        }
        let name = BackupName(now, isEncrypted: report.isEncrypted)
        try note { $0.succeeded(name, at: now, isProved: report.isProved) }
        Log.info(
            "backup made",
            [
                "name": .string(name.text), "bytes": .int(report.bytes),
                "verified": .bool(report.isProved), "pruned": .int(prune(sparing: name)),
            ])
        return report
    }

    /// Read again each time: a backup takes its time, and others note in the same file meanwhile.
    private func note(_ change: (inout BackupRecord) -> Void) throws {
        var record = BackupRecord(installation.data)
        change(&record)
        try record.save(installation.data)
    }

    /// How many older ones went. When they could not, the new one is as good.
    private func prune(sparing name: BackupName) -> Int {
        do {
            return try settings.place.prune(settings, sparing: name).count
        } catch {
            Log.error("old backups stay", ["error": .string(String(describing: error))])
            return 0
        }
    }

    private func isProofDue(_ record: BackupRecord, _ now: Instant) -> Bool {
        guard settings.verifyDays > 0 else { return false }
        // An hour less, because no day is exactly one.
        let seconds = settings.verifyDays * 86_400 - 3600
        return record.verifiedAt.map { $0.adding(seconds: seconds) <= now } ?? true
    }
}
