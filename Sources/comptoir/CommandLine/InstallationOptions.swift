import Basics
import Core
import Database

/// Options that every command has which works on an installation.
enum InstallationOptions {
    static let data = Option(
        "--data", "FOLDER", "Where everything is kept. Default: .comptoir (see below for root)",
        environment: "COMPTOIR_DATA")
    static let databaseURL = Option(
        "--database-url", "URL", "A PostgreSQL 15 of your own instead of the private one.",
        environment: "COMPTOIR_DATABASE_URL")
    static let json = Flag("--json", "Print JSON.")

    static let all: [any CommandOption] = [data, databaseURL]

    /// The variables that have no option, for the end of a help text.
    static let explanation = """
        Run by root in a folder that others cannot enter, the default is /var/lib/comptoir: PostgreSQL
        never runs as root, and its own user must reach its data. Installed as a Debian package, the
        default is /var/lib/comptoir for everybody. Where the folder belongs to another user, root's
        command becomes that user before it does anything.

        With a database of your own, COMPTOIR_MIGRATION_DATABASE_URL may name the role that owns the
        tables, where the one that runs the program is another, and COMPTOIR_BACKUP_DATABASE_URL one
        that reads everything. Passwords belong into these variables or ~/.pgpass.

        Keys may be kept outside of the data folder: COMPTOIR_MASTER_KEY, above the keys of the database,
        and COMPTOIR_SECRET_KEY, that of the installation; 32 bytes in base64 or as hexadecimal digits,
        or the credentials comptoir-master-key and comptoir-secret-key of systemd. No child process
        inherits them.
        """
}

extension Arguments {
    func settings() throws -> Installation.Settings {
        let url = self[InstallationOptions.databaseURL]
        if let url, url != Surroundings.variable("COMPTOIR_DATABASE_URL"), holdsPassword(url) {
            throw UsageError(
                "--database-url: every user of this machine can read a password there; "
                    + "put it into COMPTOIR_DATABASE_URL, PGPASSWORD or ~/.pgpass")
        }
        let folder = self[InstallationOptions.data] ?? DataFolder.usual.path
        try Privileges.give(upToOwnerOf: folder)
        return Installation.Settings(
            dataFolder: folder, databaseURL: url,
            migrationDatabaseURL: Surroundings.variable("COMPTOIR_MIGRATION_DATABASE_URL"),
            backupDatabaseURL: Surroundings.variable("COMPTOIR_BACKUP_DATABASE_URL"),
            home: Surroundings.variable("COMPTOIR_HOME"),
            credentials: Surroundings.variable("CREDENTIALS_DIRECTORY"),
            secretKey: Surroundings.secretKey, masterKey: Surroundings.masterKey)
    }

    /// Opens the installation, brings its database up to date, and closes it afterwards.
    func withInstallation<Answer>(
        connections: Int = 2, _ body: (Installation, Pool) throws -> Answer
    ) throws -> Answer {
        // The cluster's start is no news to somebody who asked for a list of users.
        let installation = try Installation(settings(), log: { _ in })
        defer {
            do {
                try installation.close()
            } catch {
                Output.complain("comptoir: \(error)")
            }
        }
        try installation.migrate()
        let pool = try installation.makePool(size: connections)
        defer { pool.close() }
        return try body(installation, pool)
    }

    /// `postgresql://user:password@host` or `password=…`.
    private func holdsPassword(_ url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://") else {
            return url.contains("password=") || url.contains("password =")
        }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let user = authority.lastIndex(of: "@").map { authority[..<$0] } ?? ""
        return user.contains(":") || rest.contains("password=")
    }
}
