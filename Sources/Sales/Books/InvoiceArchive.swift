import Basics
import Core
import Database

/// All documents issued on some days, in one ZIP file with an index.
struct InvoiceArchive: Record, Sendable {
    typealias ID = Basics.ID<InvoiceArchive>

    enum State: String, CaseIterable, Sendable, SQLBindable, SQLDecodable {
        case waiting, ready, failed
    }

    var id: ID
    var days: ClosedRange<Day>
    var state: State
    var documents: Int
    var done: Int
    var size: Int
    var problem: String
    var createdAt: Instant

    init(row: Row) throws {
        id = try row["id"]
        let (from, to): (Day, Day) = (try row["from_on"], try row["to_on"])
        days = from...max(from, to)
        state = try row["state"]
        documents = try row["document_count"]
        done = try row["done_count"]
        size = try row["size"]
        problem = try row["problem"]
        createdAt = try row["created_at"]
    }

    static let columns: SQL = """
        id, from_on, to_on, state, document_count, done_count, size, problem, created_at
        """

    var name: String { "factures-\(days.lowerBound.iso)-\(days.upperBound.iso).zip" }

    /// Within the folder of archives; the organisation's id keeps them apart.
    func path(_ application: Application) -> String {
        "\(application.archives)/\(id).zip"
    }
}

extension Action {
    static let archiveAsked = Action(
        "invoice_archive.asked",
        Text("a demandé une archive de factures", "asked for an archive of"),
        icon: "archive", severity: .high)
}

extension Transaction {
    func invoiceArchive(_ id: InvoiceArchive.ID) throws -> InvoiceArchive {
        try one(
            """
            SELECT \(InvoiceArchive.columns) FROM invoice_archives
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }

    /// The latest first.
    func invoiceArchives(most: Int) throws -> [InvoiceArchive] {
        try all(
            """
            SELECT \(InvoiceArchive.columns) FROM invoice_archives
            WHERE organisation_id = \(organisation) ORDER BY created_at DESC, id DESC LIMIT \(most)
            """)
    }

    /// Leaves a job that makes the file.
    @discardableResult
    func askForArchive(_ days: ClosedRange<Day>) throws -> InvoiceArchive.ID {
        let count: Int =
            try value(
                """
                SELECT count(*) FROM invoices i
                WHERE i.organisation_id = \(organisation) AND \(Invoice.isIssuedHere)
                    AND i.issued_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
                """) ?? 0
        guard count > 0 else {
            throw Problem.invalid(
                "from",
                Text("Aucune pièce émise ces jours-là.", "No document was issued on these days."))
        }
        let id: InvoiceArchive.ID = newID()
        try run(
            """
            INSERT INTO invoice_archives (organisation_id, id, from_on, to_on, document_count,
                created_at, created_by)
            VALUES (\(organisation), \(id), \(days.lowerBound), \(days.upperBound), \(count),
                \(now), \(scope.user?.id))
            """)
        try enqueue(Books.archiving, on: id.value)
        let label = scope.organisation.language.span(days)
        try record(.archiveAsked, .organisation, organisation.value, label: label)
        return id
    }

    /// The next documents of an archive, by the day and the id of the last one.
    func archivedInvoices(_ days: ClosedRange<Day>, after: (Day, Invoice.ID)?, most: Int) throws
        -> [Invoice.ID]
    {
        let behind: SQL = after.map { "AND (i.issued_on, i.id) > (\($0.0), \($0.1))" } ?? ""
        return try values(
            """
            SELECT i.id FROM invoices i
            WHERE i.organisation_id = \(organisation) AND \(Invoice.isIssuedHere)
                AND i.issued_on BETWEEN \(days.lowerBound) AND \(days.upperBound) \(behind)
            ORDER BY i.issued_on, i.id LIMIT \(most)
            """)
    }

    func note(_ archive: InvoiceArchive.ID, done: Int) throws {
        try run(
            """
            UPDATE invoice_archives SET done_count = \(done)
            WHERE organisation_id = \(organisation) AND id = \(archive)
            """)
    }

    func end(
        _ archive: InvoiceArchive.ID, _ state: InvoiceArchive.State, size: Int = 0,
        problem: String = ""
    ) throws {
        try run(
            """
            UPDATE invoice_archives SET state = \(state), size = \(size), problem = \(problem)
            WHERE organisation_id = \(organisation) AND id = \(archive)
            """)
    }
}
