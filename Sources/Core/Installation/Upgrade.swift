import Basics
import Database
import FoundationEssentials
import Glibc

/// Brings an installation to this version without fear: a snapshot, the migrations on a copy first, what
/// must not change compared, then the same on the real one, in one transaction.
public struct Upgrade {
    public struct Report: Sendable {
        /// How each migration went on the copy.
        public var rehearsal: [MigrationRun]
        /// How it went on the real one; empty after a dry run.
        public var runs: [MigrationRun]
        /// Where the snapshot is; nil when there was nothing to do.
        public var snapshot: String?
        /// Counts, sums and hashes that were the same before and after.
        public var compared: Int
    }

    private let settings: Installation.Settings
    private let checks: [Check]
    private let say: (String) -> Void

    /// - Parameters:
    ///   - checks: what must hold of every organisation afterwards.
    ///   - say: hears each step as it begins.
    public init(
        _ settings: Installation.Settings, checks: [Check], say: @escaping (String) -> Void
    ) {
        self.settings = settings
        self.checks = checks
        self.say = say
    }

    /// Throws `UpgradeError` and what migrations throw; the installation is then as it was.
    ///
    /// - Parameters:
    ///   - isTrial: stops after the rehearsal, which may run while people work.
    ///   - snapshot: a folder that does not exist; nil for one in the data folder.
    public func run(isTrial: Bool, snapshot: String?, at now: Instant) throws -> Report {
        let installation = try Installation(settings, log: { _ in })
        defer { try? installation.close() }
        let owner = try Connection(installation.addresses.owner)
        let pending = try Migrations(installation.program.migrations()).pending(on: owner)
        guard !pending.isEmpty else {
            return Report(rehearsal: [], runs: [], snapshot: nil, compared: 0)
        }
        guard try installation.appliedMigrations() > 0 else { throw UpgradeError.nothingHere }
        if !isTrial { try refuseOthers(owner) }
        try refuseSmallDisk(installation, owner)
        let folder = snapshot ?? installation.data.path + "/before-upgrade-\(now.seconds)"
        say("snapshot: \(folder)")
        _ = try Backup(installation).writeFolder(folder, at: now)
        say("rehearsal: \(pending.count) migrations on a copy")
        let rehearsal: (runs: [MigrationRun], compared: Int)
        do {
            rehearsal = try rehearse(installation, folder, now)
        } catch {
            throw UpgradeError.rehearsal(reason: "\(error)", snapshot: folder)
        }
        guard !isTrial else {
            return Report(
                rehearsal: rehearsal.runs, runs: [], snapshot: folder,
                compared: rehearsal.compared)
        }
        // The rehearsal took its time.
        try refuseOthers(owner)
        say("upgrade")
        do {
            let real = try migrate(installation, owner, now)
            return Report(
                rehearsal: rehearsal.runs, runs: real.runs, snapshot: folder,
                compared: real.compared)
        } catch {
            throw UpgradeError.undone(reason: "\(error)", snapshot: folder)
        }
    }

    /// On a private cluster of its own, which is gone afterwards.
    private func rehearse(
        _ installation: Installation, _ snapshot: String, _ now: Instant
    ) throws -> (runs: [MigrationRun], compared: Int) {
        let folder = installation.data.path + "/rehearsal-\(getpid())"
        guard mkdir(folder, geteuid() == 0 ? 0o711 : 0o700) == 0 else {
            throw InstallationError.folder(path: folder, reason: String(cString: strerror(errno)))
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var copy = settings
        copy.dataFolder = folder
        copy.databaseURL = nil
        copy.migrationDatabaseURL = nil
        copy.backupDatabaseURL = nil
        try DataFolder.write(installation.secretKey, to: DataFolder(folder).secretKeyFile)
        let trial = try Installation(copy, log: { _ in })
        defer { try? trial.close() }
        try DatabaseLoad(addresses: trial.addresses)
            .run(snapshot + "/" + BackupManifest.database, nil)
        return try migrate(trial, Connection(trial.addresses.owner), now)
    }

    /// All of it or nothing: what is not as before, and what is not as it must be, undoes it.
    private func migrate(
        _ installation: Installation, _ owner: Connection, _ now: Instant
    ) throws -> (runs: [MigrationRun], compared: Int) {
        var before: UpgradeFigures?
        let runs = try Schema.migrateTogether(
            installation.program.migrations(), owner: owner,
            runtimeRole: installation.runtimeRole(),
            before: { before = try UpgradeFigures($0) },
            prove: { connection in
                let after = try UpgradeFigures(connection)
                let differences = before.map(after.differences) ?? []
                guard differences.isEmpty else { throw UpgradeError.different(differences) }
                // The checks join whole tables: on a copy that was just filled, and on what was just
                // written anew, plans would be those for empty ones.
                try connection.run("SELECT refresh_statistics()")
                let findings = try connection.findings(
                    of: checks, in: connection.organisations(), at: now)
                guard findings.isEmpty else { throw UpgradeError.unsound(findings) }
            })
        return (runs, before?.values.count ?? 0)
    }

    /// Whoever works while the tables change would see neither the old nor the new. Connections that were just
    /// left take a moment to go.
    private func refuseOthers(_ owner: Connection) throws {
        var others = 0
        for _ in 0..<Upgrade.looks {
            others =
                try owner.value(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND usename IS NOT NULL
                        AND pid <> pg_backend_pid()
                    """) ?? 0
            if others == 0 { return }
            try owner.run("SELECT pg_sleep(\(Upgrade.secondsBetweenLooks))")
        }
        throw UpgradeError.inUse(connections: others)
    }

    private static let looks = 20
    private static let secondsBetweenLooks = 0.1

    /// The copy and the snapshot take about as much as the database does.
    private func refuseSmallDisk(_ installation: Installation, _ owner: Connection) throws {
        let needed: Int = try owner.value("SELECT 2 * pg_database_size(current_database())") ?? 0
        var disk = statvfs()
        guard statvfs(installation.data.path, &disk) == 0 else { return }
        let free = Int(disk.f_bavail) * Int(disk.f_frsize)
        if free < needed { throw UpgradeError.diskTooSmall(free: free, needed: needed) }
    }
}

/// Why an upgrade did not happen. The installation is as it was.
public enum UpgradeError: Error, Sendable, CustomStringConvertible {
    case nothingHere
    case inUse(connections: Int)
    case diskTooSmall(free: Int, needed: Int)
    case rehearsal(reason: String, snapshot: String)
    case undone(reason: String, snapshot: String)
    case different([String])
    case unsound([String])

    public var description: String {
        switch self {
        case .nothingHere:
            "there is nothing to upgrade here: comptoir serve makes a new installation"
        case .inUse(let connections):
            "the program is at work here (\(connections) connections): stop it first, "
                + "or say --dry-run"
        case .diskTooSmall(let free, let needed):
            "the copy needs about \(needed >> 20) MB, and \(free >> 20) MB are free"
        case .rehearsal(let reason, let snapshot):
            "the rehearsal failed, so nothing was changed: \(reason)\nThe snapshot is \(snapshot)"
        case .undone(let reason, let snapshot):
            "the upgrade failed and was undone; everything is as before, and the older version starts "
                + "as it did: \(reason)\nThe snapshot is \(snapshot)"
        case .different(let differences):
            "not the same as before:\n" + differences.joined(separator: "\n")
        case .unsound(let findings):
            "the records are not as they must be:\n" + findings.joined(separator: "\n")
        }
    }
}

extension Connection {
    /// What `comptoir doctor` finds in each organisation, within the open transaction of the role that owns
    /// the tables: before it is known whether that will be kept.
    func findings(
        of checks: [Check], in organisations: [Organisation], at now: Instant
    ) throws -> [String] {
        var findings: [String] = []
        for organisation in organisations {
            try run(
                "SELECT set_config('app.organisation', \(organisation.id.description), true)")
            let scope = Scope(organisation: organisation, user: nil, role: .owner)
            let transaction = Transaction(self, scope, now: now)
            for check in checks {
                guard case .organisation(let examine) = check.subject else { continue }
                let found = try transaction.joiningWholes { try examine(transaction) }
                findings += found.map { "\(organisation.slug), \(check.name): \($0.message)" }
            }
        }
        return findings
    }
}
