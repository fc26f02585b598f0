import Basics
import Core
import Database
import EInvoice
import HTTP

extension ReceivedInvoice {
    /// The columns that `init(row:)` reads, from `received_invoices r` and `suppliers s`.
    static let columns: SQL = """
        r.id, r.sha256, r.file_name, r.media_type, r.byte_count, r.syntax, r.attachment, r.channel,
        r.received_at, r.number, r.type_code, r.issued_on, r.due_on, r.currency, r.total_net,
        r.total_vat, r.total_gross, r.due_amount, r.seller_name, r.seller_siren,
        r.seller_vat_number, r.breach_count, r.difference_count, r.rules, r.supplier_id,
        coalesce(s.name, '') AS supplier_name, r.status, r.version
        """
}

/// The file of a received invoice.
struct ReceivedFile: Record, Sendable {
    var content: [UInt8]
    var xml: [UInt8]?

    init(row: Row) throws {
        content = try row["content"]
        xml = try row["xml"]
    }

    /// The invoice as it states it. Throws a conflict where it can no longer be read.
    func stated(attachment: String) throws -> EInvoice {
        do {
            return try InvoiceFile(
                xml: xml ?? content, attachment: attachment.isEmpty ? nil : attachment
            ).invoice
        } catch {
            throw Problem.conflict(error.text)
        }
    }
}

extension Transaction {
    private var receivedInvoices: SQL {
        """
        SELECT \(ReceivedInvoice.columns) FROM received_invoices r
        LEFT JOIN suppliers s ON s.organisation_id = \(organisation) AND s.id = r.supplier_id
        WHERE r.organisation_id = \(organisation)
        """
    }

    public func receivedInvoice(_ id: ReceivedInvoice.ID) throws -> ReceivedInvoice {
        try one("\(receivedInvoices) AND r.id = \(id)")
    }

    func receivedInvoice(sha256: String) throws -> ReceivedInvoice? {
        try first("\(receivedInvoices) AND r.sha256 = \(sha256)")
    }

    func receivedInvoices(withIDs ids: [UniqueID]) throws -> [ReceivedInvoice] {
        try all("\(receivedInvoices) AND r.id = ANY (\(ids))")
    }

    func receivedInvoices(_ filter: ReceivedInvoiceFilter) throws -> Listing<ReceivedInvoice> {
        let rows: [ReceivedInvoice] = try all(
            """
            \(receivedInvoices) \(filter.conditions) \(filter.position)
            ORDER BY \(filter.sorting) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) {
            PagePosition(value: filter.sortValue(of: $0), id: $0.id.value)
        }
    }

    func receivedInvoices(from supplier: Supplier.ID, most: Int) throws -> [ReceivedInvoice] {
        try all(
            """
            \(receivedInvoices) AND r.supplier_id = \(supplier)
            ORDER BY r.received_at DESC, r.id DESC LIMIT \(most)
            """)
    }

    /// Other files that state the same number of the same seller.
    func lookalikes(of invoice: ReceivedInvoice) throws -> [ReceivedInvoice] {
        guard !invoice.number.isEmpty else { return [] }
        return try all(
            """
            \(receivedInvoices) AND r.number = \(invoice.number) AND r.id <> \(invoice.id)
                AND r.seller_name = \(invoice.sellerName) ORDER BY r.received_at LIMIT 5
            """)
    }

    func receivedFile(_ id: ReceivedInvoice.ID) throws -> ReceivedFile {
        try one(
            """
            SELECT content, xml FROM received_files
            WHERE organisation_id = \(organisation) AND received_invoice_id = \(id)
            """)
    }

    /// The invoice as its file states it.
    func statedInvoice(_ invoice: ReceivedInvoice) throws -> EInvoice {
        try receivedFile(invoice.id).stated(attachment: invoice.attachment)
    }

    func exportReceivedInvoices(
        _ filter: ReceivedInvoiceFilter, to file: TableFile, _ say: Language
    ) throws {
        try each("\(receivedInvoices) \(filter.conditions) ORDER BY r.received_at DESC, r.id DESC")
        {
            row in
            let invoice = try ReceivedInvoice(row: row)
            func money(_ amount: Amount?) -> TableCell {
                amount.map { .amount($0, invoice.currency) } ?? .empty
            }
            try file.add([
                .text(invoice.number), .text(say(invoice.kind.label)), .text(invoice.supplierName),
                .text(invoice.sellerName), .text(invoice.sellerSIREN), .day(invoice.issuedOn),
                .day(invoice.dueOn), money(invoice.totalNet), money(invoice.totalVAT),
                money(invoice.totalGross), money(invoice.dueAmount), .text(invoice.currencyCode),
                .text(say(invoice.status.label)), .count(invoice.breachCount),
                .count(invoice.differenceCount), .text(invoice.sha256),
            ])
        }
    }
}

/// What the list of received invoices is narrowed to.
struct ReceivedInvoiceFilter: Sendable {
    enum Sort: String, CaseIterable { case received, issued, number, amount }
    enum View: String, CaseIterable { case open, approved, disputed, refused }

    static let open = [
        LifeCycleStatus.received, .madeAvailable, .takenInCharge, .completed,
    ].map(\.rawValue)

    let words: String
    let view: View?
    let supplier: Supplier.ID?
    let from: Day?
    let to: Day?
    let order: ListOrder<Sort>
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        words = PlainText.line(query["q"] ?? "")
        view = query["view"].flatMap(View.init)
        supplier = query["supplier"].flatMap { Supplier.ID($0) }
        from = query["from"].flatMap { Day($0) }
        to = query["to"].flatMap { Day($0) }
        order = ListOrder(query, usual: .received)
    }

    var address: ListAddress {
        ListAddress(
            "/received-invoices", query, keeping: ["q", "view", "supplier", "from", "to", "sort"])
    }
    var isNarrowed: Bool {
        !words.isEmpty || view != nil || supplier != nil || from != nil || to != nil
    }

    var conditions: SQL {
        var out: SQL = state
        if let found = SearchQuery(words) {
            out +=
                """
                 AND r.id IN (
                    SELECT record_id FROM search_records('received_invoice', \(found.text), 5000))
                """
        }
        if let supplier { out += " AND r.supplier_id = \(supplier)" }
        if let from { out += " AND r.issued_on >= \(from)" }
        if let to { out += " AND r.issued_on <= \(to)" }
        return out
    }

    private var state: SQL {
        switch view {
        case nil: ""
        case .open: " AND r.status = ANY (\(Self.open))"
        case .approved: " AND r.status = ANY (\([205, 206, 211, 212]))"
        case .disputed: " AND r.status = ANY (\([207, 208]))"
        case .refused: " AND r.status = ANY (\([210, 213]))"
        }
    }

    private var sortColumn: SQL {
        switch order.column {
        case .received: "r.received_at"
        case .issued: "coalesce(r.issued_on, '1900-01-01'::date)"
        case .number: "r.number"
        case .amount: "coalesce(r.total_gross, 0)"
        }
    }

    var sorting: SQL { order.sorting(by: sortColumn, id: "r.id") }
    var position: SQL { order.position(by: sortColumn, id: "r.id", last: sortValue) }

    private func sortValue(_ text: String) -> SQL? {
        switch order.column {
        case .received:
            order.after?.instant.map { "\($0)" }
        case .issued: Day(text).map { "\($0)" }
        case .number: "\(text)"
        case .amount: Int(text).map { "\($0)" }
        }
    }

    func sortValue(of invoice: ReceivedInvoice) -> String {
        switch order.column {
        case .received: String(invoice.receivedAt.microseconds)
        case .issued: invoice.issuedOn?.iso ?? "1900-01-01"
        case .number: invoice.number
        case .amount: String(invoice.totalGross?.minorUnits ?? 0)
        }
    }
}

extension ReceivedInvoiceFilter {
    static let headings = [
        Text("Numéro", "Number"), Text("Type", "Kind"), Text("Fournisseur", "Supplier"),
        Text("Vendeur", "Seller"), Text("SIREN", "SIREN"), Text("Date", "Date"),
        Text("Échéance", "Due"), Text("Total HT", "Net"), Text("TVA", "VAT"),
        Text("Total TTC", "Total"), Text("Net à payer", "Amount due"), Text("Devise", "Currency"),
        Text("État", "Status"), Text("Règles non respectées", "Rules broken"),
        Text("Écarts", "Differences"), Text("SHA-256", "SHA-256"),
    ]

    static let parameters: [Property] = [
        Property("q", .line), Property("view", .choice(of: View.self)), Property("supplier", .id),
        Property("from", .day), Property("to", .day), .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
}
