import Basics
import Core
import Database

extension Transaction {
    /// Compares the lines of a file with each other and with what is here.
    func sortImport(_ found: Import) throws {
        switch found.kind {
        case .clients: try sortClients(found.existing)
        case .contacts: try sortContacts()
        case .items: try sortItems(found.existing)
        case .invoices: try sortInvoices()
        case .sales: throw Problem.notFound
        }
    }

    /// Counts what an import would do, and notes every line that it would refuse. Nothing else changes.
    func checkImport(
        _ found: Import, from source: ImportSource = .kept, progress: (Int) throws -> Void
    ) throws -> ImportCounts {
        try lockImports()
        try stage(found, from: source, progress: progress)
        try sortImport(found)
        let counts = try countStaged()
        try noteRefusals(of: found.id)
        try note(counts, of: found.id, .ready)
        return counts
    }

    /// Brings a file in as a whole: its records, its refusals, what it made and the entry of the journal
    /// commit together, so that one that is killed has done nothing and begins again.
    func runImport(
        _ found: Import, from source: ImportSource = .kept, progress: (Int) throws -> Void
    ) throws -> ImportCounts {
        try lockImports()
        try stage(found, from: source, progress: progress)
        try sortImport(found)
        let counts = try countStaged()
        switch found.kind {
        case .clients, .contacts:
            try writeClients(found.id) { try progress(counts.total + $0) }
        case .items: try writeItems(found.id)
        case .invoices: try writeInvoices(found.id)
        case .sales: throw Problem.notFound
        }
        try noteRefusals(of: found.id)
        try note(counts, of: found.id, .finished)
        try forgetPieces(of: found.id)
        try record(
            .salesImported, .importedFile, found.id.value, label: found.fileName,
            details: [
                "kind": .string(found.kind.rawValue), "mapping": .string(found.mapping),
                "counts": counts.json,
            ])
        return counts
    }

    /// Two imports at once would both find the same records new.
    func lockImports() throws {
        try run("SELECT pg_advisory_xact_lock(hashtextextended(\(organisation)::text, 0))")
    }

    private func countStaged() throws -> ImportCounts {
        let states: [StagedCount] = try all(
            "SELECT state, count(*) AS lines FROM staged_lines GROUP BY state")
        var counts = ImportCounts()
        for state in states {
            counts.total += state.lines
            switch state.name {
            case "new": counts.new += state.lines
            case "changed": counts.changed += state.lines
            case "skipped": counts.skipped += state.lines
            case "refused": counts.refused += state.lines
            default: counts.known += state.lines
            }
        }
        return counts
    }

    private func noteRefusals(of id: Import.ID) throws {
        try run(
            """
            DELETE FROM import_refusals
            WHERE organisation_id = \(organisation) AND import_id = \(id)
            """)
        try run(
            """
            INSERT INTO import_refusals (organisation_id, import_id, line_number, document_number,
                amount, reason, problems, cells)
            SELECT \(organisation), \(id), line_number, '', 0, 'invalid', problems, cells
            FROM staged_lines WHERE state = 'refused'
            """)
    }

    private func note(_ counts: ImportCounts, of id: Import.ID, _ state: Import.State) throws {
        try run(
            """
            UPDATE imports SET state = \(state), total_lines = \(counts.total),
                new_lines = \(counts.new), changed_lines = \(counts.changed),
                known_lines = \(counts.known), skipped_lines = \(counts.skipped),
                refused_lines = \(counts.refused),
                imported_lines = CASE WHEN \(state == .finished) THEN \(counts.written) ELSE 0 END,
                finished_at = CASE WHEN \(state == .finished) THEN \(now) END
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }
}

private struct StagedCount: Record {
    let name: String
    let lines: Int

    init(row: Row) throws {
        name = try row["state"]
        lines = try row["lines"]
    }
}
