import Basics
import Database
import FoundationEssentials
import Glibc

/// The database as a file for other programs, by PostgreSQL's own `pg_dump`: without owners and rights, as
/// of one moment. It is no backup: the secret key is not in it, and nothing of it is encrypted.
public struct DatabaseExport {
    public enum Format: String, Sendable, CaseIterable {
        /// SQL, schema and rows.
        case plain
        /// For `pg_restore`, compressed.
        case custom
        /// SQL of the tables without rows.
        case schema
        /// SQL of the rows without tables.
        case data
    }

    /// What is written of the database.
    public struct Selection: Sendable {
        public var format = Format.plain
        /// Only these tables; all when empty.
        public var tables: [String] = []
        /// All but these tables.
        public var exceptions: [String] = []
        /// INSERT statements that name their columns, which other databases read too.
        public var usesInserts = false

        public init() {}
    }

    private let installation: Installation

    public init(_ installation: Installation) { self.installation = installation }

    /// Writes a new file for its owner alone, compressed by gzip when an SQL file's name ends in `.gz`.
    /// Throws `BackupError`; a table that does not exist is one.
    public func write(_ selection: Selection, to path: String) throws {
        guard let address = installation.addresses.backup else { throw BackupError.noBackupRole }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw BackupError.exists(path: path)
        }
        try refuseUnknown(selection.tables + selection.exceptions, address)
        let (string, password) = try DatabaseAddress.withoutPassword(address)
        let draft = path + ".\(getpid()).new"
        defer { unlink(draft) }
        // The file is made first, so that nobody else can ever read it.
        close(try Descriptor.create(draft))
        try ChildProcess.run(
            [
                try Cluster.program("pg_dump"), "--no-owner", "--no-privileges", "--no-password",
                "--file=\(draft)", "--dbname=\(string)",
            ] + arguments(selection, isCompressed: path.hasSuffix(".gz")),
            environment: password.map { ["PGPASSWORD": $0] } ?? [:])
        guard rename(draft, path) == 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private func arguments(_ selection: Selection, isCompressed: Bool) -> [String] {
        var words = ["--format=\(selection.format == .custom ? "custom" : "plain")"]
        if isCompressed, selection.format != .custom { words.append("--compress=6") }
        switch selection.format {
        case .schema: words.append("--schema-only")
        case .data: words.append("--data-only")
        case .plain, .custom: break
        }
        if selection.usesInserts { words.append("--column-inserts") }
        words += selection.tables.map { "--table=public.\($0)" }
        words += selection.exceptions.map { "--exclude-table=public.\($0)" }
        return words
    }

    /// pg_dump would read a name as a pattern, and say nothing of an exception that fits no table.
    private func refuseUnknown(_ tables: [String], _ address: String) throws {
        guard !tables.isEmpty else { return }
        let known: [String] = try Connection(address).values(
            """
            SELECT relname::text FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            """)
        if let name = tables.first(where: { !known.contains($0) }) {
            throw BackupError.noTable(name: name)
        }
    }
}

extension Pool {
    /// Tells every organisation that its records left as a file.
    public func noteDatabaseExport(at now: Instant) throws {
        for organisation in try withConnection({ try $0.organisations() }) {
            try transaction(Scope(organisation: organisation, user: nil, role: .agent), at: now) {
                try $0.record(
                    .dataExported, .organisation, organisation.id.value,
                    label: "comptoir export database")
            }
        }
    }
}
