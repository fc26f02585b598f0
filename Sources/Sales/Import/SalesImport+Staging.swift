import Basics
import Core
import Database

extension SalesImport {
    /// Where a file stands before it is judged as a whole. Temporary, because COPY is refused to tables
    /// under a policy, and because nobody else may see it.
    public static let stagingTables = """
        CREATE TEMPORARY TABLE import_lines (
            line_number bigint NOT NULL,
            document text NOT NULL,
            is_credit_note boolean NOT NULL,
            moment timestamp,
            client text NOT NULL,
            country text NOT NULL,
            reference text NOT NULL,
            label text NOT NULL,
            quantity bigint NOT NULL,
            unit_price bigint NOT NULL,
            amount bigint,
            reason text
        ) ON COMMIT DROP;
        CREATE TEMPORARY TABLE import_documents (
            document text NOT NULL,
            position bigint NOT NULL,
            is_credit_note boolean NOT NULL,
            moment timestamp NOT NULL,
            client text NOT NULL,
            country text NOT NULL,
            total bigint NOT NULL,
            state text NOT NULL
        ) ON COMMIT DROP
        """

    static let copyLines: StaticString = """
        COPY import_lines (line_number, document, is_credit_note, moment, client, country, reference,
            label, quantity, unit_price, amount, reason) FROM STDIN
        """
    /// Lines between two calls of `progress`.
    static let progressLines = 5000
}

extension Transaction {
    /// Reads the file into the staging table, every line with the reason that refuses it, if any.
    func stageSales(
        _ file: ImportedFile, _ mapping: SalesMapping,
        progress: (SalesImport.Progress) -> Void
    ) throws {
        try connection.runScript(SalesImport.stagingTables)
        var lines: SalesLineReader?
        var staged = 0
        var records = CSV.Reader(separator: mapping.separator)
        try connection.copyIn(SalesImport.copyLines) { writer in
            func take(_ number: Int, _ fields: [String]) throws {
                guard var reader = lines.take() else {
                    lines = try SalesLineReader(mapping, heading: fields)
                    return
                }
                let line = reader.line(number, fields)
                lines = reader
                try writer.row(
                    line.number, line.document, line.isCreditNote,
                    line.moment.isEmpty ? nil : line.moment, line.client, line.country,
                    line.reference, line.label, line.quantity, line.price, line.amount,
                    line.refusal?.rawValue)
                staged += 1
            }
            do {
                try file.read { piece, _, _ in
                    let before = staged
                    try records.read(piece, record: take)
                    if before / SalesImport.progressLines != staged / SalesImport.progressLines {
                        progress(.init(step: .reading, done: staged, total: nil))
                    }
                }
                try records.finish(record: take)
            } catch let fault as CSV.Reader.Fault {
                throw fault.problem
            }
        }
        guard lines != nil else {
            throw Problem.invalid("file", Text("Le fichier est vide.", "The file is empty."))
        }
        progress(.init(step: .reading, done: staged, total: staged))
    }

    /// Gathers the lines into documents and refuses those that are not whole.
    func sortSales() throws {
        try connection.runScript("ANALYZE import_lines")
        try run(
            """
            INSERT INTO import_documents (document, position, is_credit_note, moment, client, country,
                total, state)
            SELECT d.document, row_number() OVER (ORDER BY d.line_number), d.is_credit_note, d.moment,
                d.client, d.country, abs(d.total),
                CASE WHEN d.is_broken THEN \(ImportRefusal.incompleteDocument.rawValue)
                    WHEN d.disagrees THEN \(ImportRefusal.linesDisagree.rawValue)
                    WHEN i.id IS NULL THEN 'new'
                    WHEN i.total_gross = abs(d.total) THEN 'known'
                    ELSE \(ImportRefusal.otherContent.rawValue) END
            FROM (
                SELECT document, min(line_number) AS line_number,
                    bool_or(is_credit_note) AS is_credit_note,
                    min(moment) FILTER (WHERE reason IS NULL) AS moment,
                    min(client) FILTER (WHERE reason IS NULL) AS client,
                    min(country) FILTER (WHERE reason IS NULL) AS country,
                    sum(amount) FILTER (WHERE reason IS NULL) AS total,
                    bool_or(reason IS NOT NULL AND amount IS DISTINCT FROM 0) AS is_broken,
                    count(DISTINCT (client, country, moment::date)) FILTER (WHERE reason IS NULL) > 1
                        AS disagrees
                FROM import_lines GROUP BY document HAVING bool_or(reason IS NULL)
            ) d
            LEFT JOIN invoices i ON i.organisation_id = \(organisation) AND i.series = 'import'
                AND i.number = d.document
            """)
        try run(
            """
            UPDATE import_lines l SET reason = d.state FROM import_documents d
            WHERE d.document = l.document AND l.reason IS NULL AND d.state NOT IN ('new', 'known')
            """)
        try connection.runScript(
            """
            CREATE INDEX ON import_documents (position);
            CREATE INDEX ON import_lines (document) WHERE reason IS NULL;
            ANALYZE import_documents, import_lines
            """)
    }
}

extension CSV.Reader.Fault {
    var problem: Problem {
        switch self {
        case .unclosedQuote(let line):
            .invalid(
                "file",
                Text(
                    "Un guillemet ouvert à la ligne \(line) n’est jamais fermé.",
                    "A quote opened on line \(line) is never closed."))
        case .recordTooLong(let line):
            .invalid(
                "file",
                Text(
                    "La ligne \(line) est trop longue : un guillemet manque sans doute.",
                    "Line \(line) is too long: a quote is probably missing."))
        }
    }
}
