import Basics
import Core
import Database

extension SalesImport {
    /// Documents written by one statement.
    static let documentsAtOnce = 1000
}

extension Transaction {
    func importSales(
        _ file: ImportedFile, _ mapping: SalesMapping, report: inout ReportFile?,
        progress: (SalesImport.Progress) -> Void
    ) throws -> SalesImportResult {
        // Two imports at once would both find the documents new.
        try run("SELECT pg_advisory_xact_lock(hashtextextended(\(organisation)::text, 0))")
        try stageSales(file, mapping, progress: progress)
        progress(.init(step: .sorting, done: 0, total: nil))
        try sortSales()
        let id = UniqueID.make(at: now)
        var result = SalesImportResult(id: id)
        result.clients = try importClients(mapping)
        result.items = try importItems(mapping)
        try importDocuments(mapping, progress: progress)
        progress(.init(step: .checking, done: 0, total: nil))
        try countLines(into: &result)
        try noteImport(result, file.name, mapping.name)
        try report?.write(refusalsOf: id, in: self)
        return result
    }

    /// Clients that were not known by their number yet.
    private func importClients(_ mapping: SalesMapping) throws -> Int {
        let rule = mapping.clients
        return try run(
            """
            INSERT INTO clients (organisation_id, id, number, kind, name, country, language,
                created_at, updated_at)
            SELECT \(organisation), gen_random_uuid(), d.client, \(rule.kind),
                CASE WHEN d.client = \(rule.withoutNumber) THEN \(rule.withoutName)
                    ELSE left(replace(\(rule.name), '{number}', d.client), 200) END,
                mode() WITHIN GROUP (ORDER BY d.country), \(scope.organisation.language), \(now),
                \(now)
            FROM import_documents d WHERE d.state = 'new' GROUP BY d.client
            ON CONFLICT (organisation_id, number) DO NOTHING
            """)
    }

    /// Items that were not in the catalogue yet, with their most usual description and price.
    private func importItems(_ mapping: SalesMapping) throws -> Int {
        try run(
            """
            INSERT INTO items (organisation_id, id, reference, kind, label, unit, unit_price,
                vat_category, vat_rate, created_at, updated_at)
            SELECT \(organisation), gen_random_uuid(), l.reference,
                CASE WHEN l.reference = ANY (\(mapping.services)) THEN 'service' ELSE 'product' END,
                mode() WITHIN GROUP (ORDER BY l.label), \(mapping.unit),
                coalesce(mode() WITHIN GROUP (ORDER BY l.unit_price)
                    FILTER (WHERE l.unit_price > 0), 0),
                'O', 0, \(now), \(now)
            FROM import_lines l JOIN import_documents d ON d.document = l.document
            WHERE l.reason IS NULL AND l.reference <> '' AND d.state = 'new' GROUP BY l.reference
            ON CONFLICT (organisation_id, reference) DO NOTHING
            """)
    }

    private func importDocuments(
        _ mapping: SalesMapping, progress: (SalesImport.Progress) -> Void
    ) throws {
        let total: Int =
            try value(
                """
                SELECT coalesce(max(position), 0) FROM import_documents WHERE state = 'new'
                """) ?? 0
        // Ids in the order of the file, so that rows made together stand together in every index.
        let prefix = String(UniqueID.make(at: now).description.prefix(24))
        let linePrefix = String(UniqueID.make(at: now).description.prefix(24))
        var start = 1
        while start <= total {
            let end = start + SalesImport.documentsAtOnce - 1
            try run(all: [
                insertInvoices(start, end, prefix, mapping), insertVATRows(start, end, prefix),
                insertInvoiceLines(start, end, prefix, linePrefix, mapping),
            ])
            progress(.init(step: .writing, done: min(end, total), total: total))
            start = end + 1
        }
    }

    /// Issued from the start; their parts must follow in this transaction.
    private func insertInvoices(
        _ start: Int, _ end: Int, _ prefix: String, _ mapping: SalesMapping
    ) -> SQL {
        """
        INSERT INTO invoices (organisation_id, id, kind, origin, series, status, number, client_id,
            issued_on, due_on, payment_days, language, currency, total_net, total_gross, seller,
            buyer, mentions, issued_at)
        SELECT \(organisation), (\(prefix) || lpad(to_hex(d.position), 12, '0'))::uuid,
            CASE WHEN d.is_credit_note THEN 'credit_note' ELSE 'invoice' END, 'import', 'import',
            'issued', d.document, c.id, d.moment::date, d.moment::date, 0, c.language,
            \(mapping.currency), d.total, d.total, \(ImportedSeller.json(scope.organisation)),
            jsonb_build_object('name', c.name, 'number', c.number,
                'address', jsonb_build_object('country', d.country)), '[]'::jsonb,
            d.moment AT TIME ZONE \(mapping.timeZone)
        FROM import_documents d
        JOIN clients c ON c.organisation_id = \(organisation) AND c.number = d.client
        WHERE d.position BETWEEN \(start) AND \(end) AND d.state = 'new'
        """
    }

    private func insertVATRows(_ start: Int, _ end: Int, _ prefix: String) -> SQL {
        """
        INSERT INTO invoice_vat_rows (organisation_id, invoice_id, vat_category, vat_rate,
            base_amount, vat_amount)
        SELECT \(organisation), (\(prefix) || lpad(to_hex(d.position), 12, '0'))::uuid, 'O', 0,
            d.total, 0
        FROM import_documents d
        WHERE d.position BETWEEN \(start) AND \(end) AND d.state = 'new'
        """
    }

    /// What the file has as negative on credit notes stands positive here, as on ours.
    private func insertInvoiceLines(
        _ start: Int, _ end: Int, _ prefix: String, _ linePrefix: String, _ mapping: SalesMapping
    ) -> SQL {
        """
        INSERT INTO invoice_lines (organisation_id, id, invoice_id, position, kind, item_id, label,
            quantity, unit, unit_price, vat_category, vat_rate, net_amount)
        SELECT \(organisation), (\(linePrefix) || lpad(to_hex(l.line_number), 12, '0'))::uuid,
            (\(prefix) || lpad(to_hex(d.position), 12, '0'))::uuid,
            row_number() OVER (PARTITION BY d.position ORDER BY l.line_number), 'item', t.id, l.label,
            abs(l.quantity), \(mapping.unit), l.unit_price, 'O', 0, abs(l.amount)
        FROM import_documents d
        JOIN import_lines l ON l.document = d.document AND l.reason IS NULL
        LEFT JOIN items t ON t.organisation_id = \(organisation) AND t.reference = l.reference
        WHERE d.position BETWEEN \(start) AND \(end) AND d.state = 'new'
        """
    }
}

/// Who sold, as far as the file can know: today's identity, not that of the day.
enum ImportedSeller {
    static func json(_ organisation: Organisation) -> JSON {
        ["name": .string(organisation.name), "address": organisation.address.json]
    }
}
