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
        /// SQL of the rows without tables, for tables that a file of `schema` made.
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

    /// Where a file goes: into a folder that exists under its date, `comptoir_20261129_030000.dump`, else to
    /// the name itself.
    public static func path(_ target: String, _ format: Format, at now: Instant) -> String {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder), isFolder
        else { return target }
        let name = BackupName(now, isEncrypted: false).text.dropLast(".tar".count)
        return DataFolder(target).path + "/" + name + (format == .custom ? ".dump" : ".sql")
    }

    /// Writes a new file for its owner alone, compressed by gzip when an SQL file's name ends in `.gz`.
    /// Throws `BackupError`; a table that does not exist is one.
    @discardableResult
    public func write(_ selection: Selection, to path: String) throws -> DatabaseExportReport {
        guard let address = installation.addresses.backup else { throw BackupError.noBackupRole }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw BackupError.exists(path: path)
        }
        let known = try tables(address)
        try refuseUnknown(selection.tables + selection.exceptions, among: known)
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
        let report = try DatabaseExportReport(
            draft, selection.format, isCompressed: path.hasSuffix(".gz"), tables: known)
        guard rename(draft, path) == 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
        return report
    }

    private func arguments(_ selection: Selection, isCompressed: Bool) -> [String] {
        var words = ["--format=\(selection.format == .custom ? "custom" : "plain")"]
        if isCompressed, selection.format != .custom { words.append("--compress=6") }
        switch selection.format {
        case .schema: words.append("--schema-only")
        case .data:
            words.append("--data-only")
            // Over a schema, triggers would number, count and refuse, and tables that name each other
            // have no order. Other databases know no such words.
            if !selection.usesInserts { words.append("--disable-triggers") }
        case .plain, .custom: break
        }
        if selection.usesInserts { words.append("--column-inserts") }
        words += selection.tables.map { "--table=public.\($0)" }
        words += selection.exceptions.map { "--exclude-table=public.\($0)" }
        // Others, such as the counting of statements, are the server's, and only its administrator could
        // make them where this goes. The schema itself has no comments.
        if selection.tables.isEmpty {
            words += Schema.extensions.map { "--extension=\($0)" } + ["--no-comments"]
        }
        return words
    }

    /// pg_dump would read a name as a pattern, and say nothing of an exception that fits no table.
    private func refuseUnknown(_ tables: [String], among known: [String]) throws {
        if let name = tables.first(where: { !known.contains($0) }) {
            throw BackupError.noTable(name: name)
        }
    }

    private func tables(_ address: String) throws -> [String] {
        try Connection(address).values(
            """
            SELECT relname::text FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            """)
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
