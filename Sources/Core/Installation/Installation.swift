import Basics
import Database
import FoundationEssentials
import Glibc

/// One installed program at work: its data folder, its key and its database, private or given.
public final class Installation: Sendable {
    public struct Settings: Sendable {
        public var dataFolder: String
        /// Of the role that runs the program; without one there is a private cluster in the data folder.
        public var databaseURL: String?
        /// Of the role that owns the tables, where that is another.
        public var migrationDatabaseURL: String?
        /// Of a role that reads everything, for backups.
        public var backupDatabaseURL: String?
        /// The folder of the program's own files, where it is not above the executable.
        public var home: String?
        /// The folder of what the service manager hands over; keys may be there.
        public var credentials: String?
        /// Keys as the environment writes them; see `HandedKeys`.
        public var secretKey: String?
        public var masterKey: String?
        /// Whether this is the restore itself, which may look at what it has half made.
        var isRestoring = false

        public init(
            dataFolder: String, databaseURL: String? = nil, migrationDatabaseURL: String? = nil,
            backupDatabaseURL: String? = nil, home: String? = nil, credentials: String? = nil,
            secretKey: String? = nil, masterKey: String? = nil
        ) {
            self.dataFolder = dataFolder
            self.databaseURL = databaseURL
            self.migrationDatabaseURL = migrationDatabaseURL
            self.backupDatabaseURL = backupDatabaseURL
            self.home = home
            self.credentials = credentials
            self.secretKey = secretKey
            self.masterKey = masterKey
        }
    }

    /// How each role of the program reaches the database.
    public struct Addresses: Sendable, Equatable {
        public var owner: String
        public var runtime: String
        /// Nil when a database was given without one.
        public var backup: String?
    }

    public let data: DataFolder
    public let program: ProgramFolder
    public let secretKey: [UInt8]
    private let handed: HandedKeys
    public let addresses: Addresses
    public let cluster: Cluster?

    /// Makes the data folder if need be, and starts or adopts the private cluster. Throws
    /// `InstallationError`, `ClusterError` or `DatabaseError`.
    public init(
        _ settings: Settings, log: @escaping @Sendable (String) -> Void = { Log.info($0) }
    ) throws {
        program = try ProgramFolder.find(home: settings.home)
        data = DataFolder(settings.dataFolder)
        try data.make()
        if !settings.isRestoring, FileManager.default.fileExists(atPath: data.restoringFile) {
            throw InstallationError.restoreCutOff(path: data.path)
        }
        handed = try HandedKeys(
            credentials: settings.credentials, secret: settings.secretKey,
            master: settings.masterKey)
        secretKey = try data.secretKey(handed: handed.secret)
        data.forgetSealedNextKey(when: handed)
        if let url = settings.databaseURL {
            cluster = nil
            addresses = Addresses(
                owner: settings.migrationDatabaseURL ?? url, runtime: url,
                backup: settings.backupDatabaseURL)
        } else {
            let archive = try WriteAheadArchive(data)
            let cluster = Cluster(
                folder: data.cluster, settings: archive?.archive.settings ?? [:], log: log)
            let strings = try cluster.start()
            self.cluster = cluster
            addresses = Addresses(
                owner: strings.owner, runtime: strings.runtime, backup: strings.backup)
        }
    }

    /// Runs the migrations that are pending and answers them.
    @discardableResult
    public func migrate(log: (String) -> Void = { Log.info($0) }) throws -> [Migration] {
        try Schema.migrate(
            program.migrations(), owner: Connection(addresses.owner), runtimeRole: runtimeRole(),
            log: log)
    }

    /// The number of the last migration that the database has run, whatever this program knows.
    func appliedMigrations() throws -> Int {
        try Connection(addresses.owner).value(
            "SELECT coalesce(max(number), 0) FROM schema_migrations") ?? 0
    }

    /// Connections of the role that runs the program. Refuses one that row-level security would not bind.
    public func makePool(size: Int) throws -> Pool {
        let connection = try Connection(addresses.runtime)
        let isTooPowerful: Bool? = try connection.value(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if isTooPowerful == true {
            throw InstallationError.roleIsTooPowerful(role: try runtimeRole())
        }
        return Pool(connectionString: addresses.runtime, size: size)
    }

    /// The master keys, read anew each time: one may be replaced while the program runs. Throws when they
    /// cannot be read now.
    public func masterKeys() throws -> @Sendable () -> [MasterKey] {
        let (data, secretKey, handed) = (data, secretKey, handed)
        let known = try data.masterKeys(secretKey: secretKey, handed: handed)
        return { (try? data.masterKeys(secretKey: secretKey, handed: handed)) ?? known }
    }

    /// Whether the master key does not lie in the data folder.
    public var keepsMasterKeyElsewhere: Bool { handed.outermost != nil }

    /// Whether this is the master key that was handed over.
    public func isHanded(_ master: MasterKey) -> Bool {
        handed.master.map { MasterKey($0).fingerprint } == master.fingerprint
    }

    /// The next master key, in a file outside of the data folder; see `DataFolder`.
    public func nextMasterKey(in file: String) throws -> MasterKey {
        try data.nextMasterKey(in: file, secretKey: secretKey, handed: handed)
    }

    func masterKeyContents() throws -> [(name: String, bytes: [UInt8])] {
        try data.masterKeyContents(secretKey: secretKey, handed: handed)
    }

    /// What opens and seals notes and accounts, for commands.
    public func vault(_ pool: Pool) throws -> Vault {
        Vault(pool, readMasters: try masterKeys(), secretKey: secretKey, clock: .system)
    }

    /// Stops the private cluster, unless another program uses it too.
    public func close() throws { try cluster?.stop() }

    func runtimeRole() throws -> String {
        try Connection(addresses.runtime).value("SELECT current_user::text") ?? ""
    }
}
