import Basics
import Database
import FoundationEssentials
import Glibc

/// Brings an exported organisation into an installation where it is not: whole or not at all.
///
/// Everything is loaded in one transaction of the role that owns the tables, bound by row-level security
/// to the organisation that the export names. Triggers that would count, number or refuse sleep
/// meanwhile, foreign keys and constraints do not. Before it commits, each table is read back and must
/// have the hash of its file, and every check of `comptoir doctor` must hold.
public struct OrganisationImport {
    private let installation: Installation
    private let checks: [Check]

    /// How long others may hold what the import needs for itself.
    private static let waitMilliseconds = 10_000

    public init(_ installation: Installation, checks: [Check]) {
        self.installation = installation
        self.checks = checks
    }

    /// - Parameters:
    ///   - source: a folder or a `.tar` file that `OrganisationExport` wrote.
    ///   - slug: the short name here, where it shall be another.
    ///   - takesPasswords: whether passwords that came along open accounts here: whoever wrote the export may
    ///     know them.
    ///   - unusable: a hash of a password that nobody knows, for people who come without theirs.
    ///   - finish: what else happens to it before anybody sees it; when it throws, nothing came in.
    ///   - progress: hears how many of how many tables are loaded.
    public func run(
        from source: String, as slug: String? = nil, takesPasswords: Bool = false,
        unusable: String, at now: Instant, finish: (Transaction) throws -> Void = { _ in },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> ExportManifest {
        let arrived = try ArrivedExport(source, data: installation.data)
        defer { arrived.remove() }
        let folder = arrived.folder
        let manifest = try ExportManifest(
            folder: folder, schema: installation.program.migrations().count)
        guard takesPasswords || !manifest.withPasswords else { throw LeavingError.holdsPasswords }
        let slug = slug ?? manifest.slug
        guard Organisation.isSlug(slug) else { throw LeavingError.badSlug(slug) }
        try verifyHashes(manifest, folder)
        let owner = try Connection(installation.addresses.owner)
        let tables = try ExportedTable.all(on: owner, withPasswords: manifest.withPasswords)
        try compare(tables, manifest)
        let settings = [
            ("app.organisation", manifest.organisation), ("app.user", ""),
            ("app.user_name", "Comptoir"), ("app.now", now.rfc3339), ("app.hidden", ""),
            ("lock_timeout", String(OrganisationImport.waitMilliseconds)),
        ]
        do {
            try owner.transaction(settings: settings) { connection in
                try refuseWhatIsHere(manifest, slug, connection)
                let load = OrganisationLoad(
                    connection, folder: folder, manifest: manifest, slug: slug,
                    unusable: unusable)
                try load.run(tables, progress: progress)
                // The checks join whole tables: their plans must not be those for empty ones.
                try connection.run("SELECT refresh_statistics()")
                try load.readBack(tables)
                let organisation = try load.organisation()
                let scope = Scope(organisation: organisation, user: nil, role: .owner)
                try finish(Transaction(connection, scope, now: now))
                let findings = try connection.findings(of: checks, in: [organisation], at: now)
                guard findings.isEmpty else { throw LeavingError.unsound(findings) }
            }
        } catch let error as DatabaseError where error.sqlState == "55P03" {
            throw LeavingError.othersAtWork
        }
        return manifest
    }

    /// Every byte, before anything is written.
    private func verifyHashes(_ manifest: ExportManifest, _ folder: String) throws {
        for table in manifest.tables {
            let name = "tables/\(table.name).jsonl"
            guard access(folder + "/" + name, F_OK) == 0 else {
                throw LeavingError.missing(file: name)
            }
            let file = try BackupManifest.File(describing: name, in: folder)
            guard file.sha256 == table.sha256, file.bytes == table.bytes else {
                throw LeavingError.damaged(file: name)
            }
        }
        let known = Set(manifest.tables.map { "\($0.name).jsonl" })
        for name in try names(in: folder + "/tables") where !known.contains(name) {
            throw LeavingError.stranger(file: "tables/\(name)")
        }
        var (count, bytes) = (0, 0)
        for group in try names(in: folder + "/files") {
            for name in try names(in: "\(folder)/files/\(group)") {
                let path = "files/\(group)/\(name)"
                let file = try BackupManifest.File(describing: path, in: folder)
                let hash = name.prefix { $0 != "." }
                guard hash == file.sha256, group == hash.prefix(2) else {
                    throw LeavingError.damaged(file: path)
                }
                count += 1
                bytes += file.bytes
            }
        }
        guard count >= manifest.fileCount else {
            throw LeavingError.missing(
                file: "\(manifest.fileCount - count) of \(manifest.fileCount) documents in files")
        }
        guard count == manifest.fileCount, bytes == manifest.fileBytes else {
            throw LeavingError.stranger(file: "something in files")
        }
    }

    private func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw LeavingError.missing(file: folder)
        }
    }

    private func compare(_ tables: [ExportedTable], _ manifest: ExportManifest) throws {
        let here = tables.map { "\($0.name) (\($0.columns.map(\.name).joined(separator: ", ")))" }
        let there = manifest.tables.map { "\($0.name) (\($0.columns.joined(separator: ", ")))" }
        let different = Set(here).symmetricDifference(there)
        guard different.isEmpty, here.count == there.count else {
            throw LeavingError.otherTables(different.sorted().joined(separator: "; "))
        }
    }

    private func refuseWhatIsHere(
        _ manifest: ExportManifest, _ slug: String, _ connection: Connection
    ) throws {
        // In this order: the same organisation under another name is still here.
        let id = manifest.organisation
        if let here: String = try connection.value(
            "SELECT slug FROM organisations WHERE id = \(id)::uuid")
        {
            throw LeavingError.isHere(id: id, slug: here)
        }
        if try connection.organisation(slug: slug) != nil { throw LeavingError.slugTaken(slug) }
    }
}
