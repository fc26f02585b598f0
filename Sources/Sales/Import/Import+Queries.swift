import Basics
import Core
import Database

extension Transaction {
    func importRecord(_ id: Import.ID) throws -> Import {
        try one(
            """
            SELECT \(Import.columns) FROM imports
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }

    /// The same, held until this transaction ends, so that two presses do not both go on from a state.
    func lockedImport(_ id: Import.ID, in states: Set<Import.State>) throws -> Import {
        let found: Import = try one(
            """
            SELECT \(Import.columns) FROM imports
            WHERE organisation_id = \(organisation) AND id = \(id) FOR UPDATE
            """)
        guard states.contains(found.state) else { throw Problem.otherState }
        return found
    }

    func imports(after: PagePosition?) throws -> Listing<Import> {
        var position: SQL = .empty
        if let after, let instant = after.instant {
            position = "AND (started_at, id) < (\(instant), \(after.id))"
        }
        let rows: [Import] = try all(
            """
            SELECT \(Import.columns) FROM imports
            WHERE organisation_id = \(organisation) \(position)
            ORDER BY started_at DESC, id DESC LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition($0.startedAt, id: $0.id.value) }
    }

    func importPiece(_ id: Import.ID, _ position: Int) throws -> [UInt8]? {
        try value(
            """
            SELECT content FROM import_pieces
            WHERE organisation_id = \(organisation) AND import_id = \(id) AND position = \(position)
            """)
    }

    func importRefusals(of id: Import.ID, most: Int) throws -> [RefusedLine] {
        try all(
            """
            SELECT line_number, problems, reason FROM import_refusals
            WHERE organisation_id = \(organisation) AND import_id = \(id)
            ORDER BY line_number LIMIT \(most)
            """)
    }

    /// What an import made or changed, by line; of one that is undone, what was kept.
    func importedRecords(of id: Import.ID, keptOnly: Bool, most: Int) throws -> [ImportedRecord] {
        try all(
            """
            SELECT record_kind, record_id, line_number, label, action, kept_reason
            FROM import_records
            WHERE organisation_id = \(organisation) AND import_id = \(id)
                AND (NOT \(keptOnly) OR outcome = 'kept')
            ORDER BY line_number, record_id LIMIT \(most)
            """)
    }

    /// The import that a record came with, for its page.
    public func importedFile(of kind: ImportedRecord.Kind, _ id: UniqueID) throws -> ImportedFrom? {
        try first(
            """
            SELECT i.id, i.file_name, i.started_at FROM import_records r
            JOIN imports i ON i.organisation_id = \(organisation) AND i.id = r.import_id
            WHERE r.organisation_id = \(organisation) AND r.record_kind = \(kind)
                AND r.record_id = \(id) AND r.action = 'created' AND r.outcome IN ('', 'kept')
            LIMIT 1
            """)
    }

    func savedMappings(_ kind: ImportKind) throws -> [ImportMapping] {
        try all(
            """
            SELECT name, kind, columns FROM import_mappings
            WHERE organisation_id = \(organisation) AND kind = \(kind) ORDER BY name
            """)
    }
}

/// A line that was refused, and why.
struct RefusedLine: Record, Sendable {
    var line: Int
    var problems: [LineProblem]

    init(row: Row) throws {
        line = try row["line_number"]
        let json: JSON = try row["problems"]
        problems = (json.array ?? []).map { LineProblem(json: $0) }
        let reason: String = try row["reason"]
        if let known = ImportRefusal(rawValue: reason) { problems = [LineProblem(known.text)] }
    }
}

/// A record that an import made or changed.
public struct ImportedRecord: Record, Sendable {
    public enum Kind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case contact, invoice, item, client
    }

    var kind: Kind
    var id: UniqueID
    var line: Int
    var label: String
    var isNew: Bool
    var keptReason: String

    public init(row: Row) throws {
        kind = try row["record_kind"]
        id = try row["record_id"]
        line = try row["line_number"]
        label = try row["label"]
        let action: String = try row["action"]
        isNew = action == "created"
        keptReason = try row["kept_reason"]
    }

    /// Its page; a contact stands on that of its client.
    var address: String? {
        switch kind {
        case .client: "/clients/\(id)"
        case .item: "/items/\(id)"
        case .invoice: "/invoices/\(id)"
        case .contact: nil
        }
    }
}

/// The import that a record came with.
public struct ImportedFrom: Record, Sendable {
    public var id: Import.ID
    public var fileName: String
    public var at: Instant

    public init(row: Row) throws {
        id = try row["id"]
        fileName = try row["file_name"]
        at = try row["started_at"]
    }
}

extension ImportMapping: Record {
    public init(row: Row) throws {
        name = try row["name"]
        kind = try row["kind"]
        label = Text(name, name)
        let json: JSON = try row["columns"]
        columns = Dictionary(
            (json.members ?? []).map { ($0.0, [$0.1.string ?? ""]) },
            uniquingKeysWith: { first, _ in first })
    }
}

extension Problem {
    static let otherState = Problem.conflict(
        Text(
            "Cet import a changé d’état depuis. Rechargez la page.",
            "This import has moved on since. Reload the page."))
}
