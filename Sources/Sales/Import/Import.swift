import Basics
import Core
import Database

/// One file that is brought in: from the naming of its columns to its end, or its undoing.
public struct Import: Record, Sendable {
    public typealias ID = Basics.ID<Import>

    public enum State: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        /// Somebody must say what the columns are.
        case mapping
        /// A job counts what it would do; nothing is changed.
        case checking
        /// Somebody must agree.
        case ready
        case importing, finished
        /// The file as a whole cannot be read.
        case failed
        case undoing, undone

        var isRunning: Bool { [.checking, .importing, .undoing].contains(self) }
        /// Whether it can still be put aside without a trace.
        var isOpen: Bool { [.mapping, .checking, .ready, .failed].contains(self) }
    }

    /// What becomes of records that are here already.
    public enum Existing: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case keep, update

        var label: Text {
            switch self {
            case .keep: Text("Laisser tel quel", "Leave as it is")
            case .update: Text("Mettre à jour", "Update")
            }
        }
    }

    public var id: ID
    public var kind: ImportKind
    public var state: State
    public var fileName: String
    public var mapping: String
    public var startedAt: Instant
    public var finishedAt: Instant?
    public var createdBy: User.ID?
    public var createdByName: String
    var form: FileForm
    var fields: [String]
    public var existing: Existing
    public var counts: ImportCounts
    public var doneLines: Int
    var fault: Text?
    public var undoneAt: Instant?
    public var undoneByName: String
    public var removedRecords: Int
    public var restoredRecords: Int
    public var keptRecords: Int
    /// When its lines and refusals went, which undoing would need.
    public var recordsForgottenAt: Instant?

    public init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        state = try row["state"]
        fileName = try row["file_name"]
        mapping = try row["mapping"]
        startedAt = try row["started_at"]
        finishedAt = try row["finished_at"]
        createdBy = try row["created_by"]
        createdByName = try row["created_by_name"]
        let (encoding, separator): (String, String) = (try row["encoding"], try row["separator"])
        form = FileForm(
            encoding: TextEncoding(rawValue: encoding) ?? .utf8,
            separator: separator.utf8.first ?? 0, headings: try row["headings"])
        fields = try row["fields"]
        existing = try row["existing"]
        counts = try ImportCounts(row: row)
        doneLines = try row["done_lines"]
        let json: JSON? = try row["fault"]
        fault = json.map { Text($0) }
        undoneAt = try row["undone_at"]
        undoneByName = try row["undone_by_name"]
        removedRecords = try row["removed_records"]
        restoredRecords = try row["restored_records"]
        keptRecords = try row["kept_records"]
        recordsForgottenAt = try row["records_forgotten_at"]
    }

    static let columns: SQL = """
        id, kind, state, file_name, mapping, started_at, finished_at, created_by, created_by_name,
        encoding, separator, headings, fields, existing, total_lines, done_lines, new_lines,
        changed_lines, known_lines, skipped_lines, refused_lines, imported_lines, fault, undone_at,
        undone_by_name, removed_records, restored_records, kept_records,
        records_forgotten_at
        """

    public var path: String { "/imports/\(id)" }
    /// Whether it made or changed something that can be taken back.
    var canBeUndone: Bool {
        state == .finished && kind != .sales && counts.written > 0 && recordsForgottenAt == nil
    }
}

/// What becomes, or became, of the lines of a file.
public struct ImportCounts: Sendable, Equatable {
    public var total = 0
    public var new = 0
    public var changed = 0
    /// Here already, and left as they are.
    public var known = 0
    /// Nothing to bring in: paid invoices, suppliers.
    public var skipped = 0
    public var refused = 0

    init() {}

    init(row: Row) throws {
        total = try row["total_lines"]
        changed = try row["changed_lines"]
        known = try row["known_lines"]
        skipped = try row["skipped_lines"]
        refused = try row["refused_lines"]
        let kind: ImportKind = try row["kind"]
        new = try kind == .sales ? row["imported_lines"] : row["new_lines"]
        if kind == .sales { total = new + known + refused }
    }

    /// Lines that make or change a record.
    public var written: Int { new + changed }

    public var json: JSON {
        [
            "lines": .int(total), "new": .int(new), "changed": .int(changed),
            "already_there": .int(known), "skipped": .int(skipped), "refused": .int(refused),
        ]
    }
}
