import Basics
import Database
import FoundationEssentials
import Glibc

/// Writes everything of one organisation into a folder that another installation reads, and that anybody
/// can read without Comptoir: one file of JSON lines for each table, documents as files of their own.
///
/// Reads as the role that row-level security binds to the organisation, as of one moment, while people
/// work; memory holds few rows at a time.
public struct OrganisationExport {
    private let pool: Pool
    private let organisation: Organisation
    private let schema: Int
    private let texts: [SealedTextColumn]
    private let vault: Vault
    private let withPasswords: Bool

    /// - Parameters:
    ///   - schema: the number of the last migration.
    ///   - texts: what is sealed here and leaves in clear, with what opens it.
    ///   - withPasswords: whether the hashes of passwords go along, so that people sign in as before.
    public init(
        _ organisation: Organisation, pool: Pool, schema: Int, texts: [SealedTextColumn],
        vault: Vault, withPasswords: Bool = false
    ) {
        self.texts = texts
        self.vault = vault
        self.organisation = organisation
        self.pool = pool
        self.schema = schema
        self.withPasswords = withPasswords
    }

    /// Writes a folder, or one file when the name ends in `.tar`. It appears when it is complete.
    /// `progress` hears how many of how many tables are written.
    @discardableResult
    public func write(
        to target: String, at now: Instant, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> ExportManifest {
        var target = target
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        guard !FileManager.default.fileExists(atPath: target) else {
            throw LeavingError.exists(path: target)
        }
        let draft = target + ".\(getpid()).new"
        for folder in [draft, draft + "/tables", draft + "/files"] {
            guard mkdir(folder, 0o700) == 0 else { throw LeavingError.lastFault(folder) }
        }
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let scope = Scope(organisation: organisation, user: nil, role: .owner)
        let manifest = try pool.withConnection { connection in
            try connection.transaction(
                settings: scope.settings(now: now), readOnly: true, isolation: .repeatableRead
            ) { try fill(draft, $0, now, progress) }
        }
        try DataFolder.write(manifest.json.bytes, to: draft + "/" + ExportManifest.name)
        let complete = target.hasSuffix(".tar") ? try packed(draft) : draft
        guard rename(complete, target) == 0 else { throw LeavingError.lastFault(target) }
        return manifest
    }

    private func fill(
        _ folder: String, _ connection: Connection, _ now: Instant, _ progress: (Int, Int) -> Void
    ) throws -> ExportManifest {
        let tables = try ExportedTable.all(on: connection, withPasswords: withPasswords)
        let files = ExportedFiles(folder: folder)
        let opening = try OpenedLines(
            texts,
            Transaction(
                connection,
                Scope(organisation: organisation, user: nil, role: .owner, vault: vault), now: now))
        var entries: [ExportManifest.Table] = []
        for table in tables {
            let output = try LineFile(folder + "/" + table.path)
            var rows = 0
            try connection.each(table.lines(of: organisation.id), rowsAtOnce: table.rowsAtOnce) {
                row in
                try output.write(line: opening.line(row["line"], of: table.name))
                for column in table.fileColumns.indices {
                    let bytes: [UInt8]? =
                        column == 0 ? try row["first_file"] : try row["second_file"]
                    if let bytes { try files.write(bytes) }
                }
                rows += 1
            }
            let written = try output.close()
            entries.append(
                ExportManifest.Table(
                    name: table.name, columns: table.columns.map(\.name), rows: rows,
                    bytes: written.bytes, sha256: written.sha256))
            progress(entries.count, tables.count)
        }
        return ExportManifest(
            version: Comptoir.version, schema: schema, createdAt: now.rfc3339,
            organisation: organisation.id.description, slug: organisation.slug,
            title: organisation.name, withPasswords: withPasswords, tables: entries,
            fileCount: files.count, fileBytes: files.bytes,
            toEnterAgain: try secretsLeftBehind(connection))
    }

    /// What has to be entered again where the organisation goes, by names that stay the same.
    private func secretsLeftBehind(_ connection: Connection) throws -> [String] {
        let id = organisation.id
        let names: [String] = try connection.values(
            """
            SELECT 'smtp_password' FROM organisations WHERE id = \(id) AND smtp_host <> ''
                AND smtp_username <> ''
            UNION ALL SELECT 'platform_secret' FROM platform_connections WHERE organisation_id = \(id)
            UNION ALL SELECT 'identity_provider_secret' FROM identity_providers
                WHERE organisation_id = \(id)
            UNION ALL (SELECT 'webhook_secret ' || id FROM webhooks WHERE organisation_id = \(id)
                ORDER BY id)
            """)
        return names + (withPasswords ? [] : ["passwords"]) + ["second_factors", "access_tokens"]
    }

    private func packed(_ folder: String) throws -> String {
        let file = folder + "/archive"
        try DataFolder.write([], to: file)
        try ChildProcess.run(
            ["/usr/bin/tar", "-cf", file, "-C", folder, ExportManifest.name, "tables", "files"])
        return file
    }
}

extension LeavingError {
    static func lastFault(_ path: String) -> LeavingError {
        .file(path: path, reason: String(cString: strerror(errno)))
    }
}

extension Transaction {
    /// Notes that everything has left, and with which manifest. It stands in the journal after what left.
    public func noteExport(_ manifest: ExportManifest) throws {
        let rows = manifest.tables.reduce(0) { $0 + $1.rows }
        try record(
            .organisationExported, .organisation, organisation.value,
            label: scope.organisation.name,
            details: [
                "manifest": .string(hexadecimal(Digest.sha256(manifest.json.bytes))),
                "rows": .int(rows), "files": .int(manifest.fileCount),
                "with_passwords": .bool(manifest.withPasswords),
            ])
    }
}

extension Action {
    static let organisationExported = Action(
        "organisation.exported",
        Text("a exporté toute l’organisation", "exported the whole organisation"),
        icon: "download", severity: .critical)
}
