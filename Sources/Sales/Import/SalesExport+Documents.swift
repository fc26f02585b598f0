import Basics
import Core
import Database

extension Transaction {
    /// Every issued document with its lines, in the order of its day.
    func exportDocuments(to output: inout ExportOutput) throws {
        try output.heading(ExportedLine.columns)
        var current: (document: ExportedDocument, lines: [ExportedLine])?
        let organisation = self.organisation
        try each(
            """
            SELECT i.id, i.kind, i.origin, i.series, i.number, i.issued_on, i.due_on, i.currency,
                i.total_net, i.total_vat, i.total_gross, i.paid_amount, i.credited_amount,
                i.open_amount, c.number AS client_number, i.buyer->>'name' AS buyer_name,
                i.buyer->'address'->>'country' AS buyer_country, l.position,
                l.kind AS line_kind, t.reference, l.label, l.quantity, l.unit, l.unit_price,
                l.vat_category, l.vat_rate, l.net_amount
            FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            LEFT JOIN invoice_lines l ON l.organisation_id = \(organisation) AND l.invoice_id = i.id
            LEFT JOIN items t ON t.organisation_id = \(organisation) AND t.id = l.item_id
            WHERE i.organisation_id = \(organisation) AND i.status = 'issued'
            ORDER BY i.issued_on, i.id, l.position
            """
        ) { row in
            let document = try ExportedDocument(row: row)
            let line = try ExportedLine(row: row, isNegative: document.isNegative)
            if current?.document.id != document.id {
                if let current { try output.document(current.document, current.lines) }
                current = (document, [])
            }
            if let line { current?.lines.append(line) }
        }
        if let current { try output.document(current.document, current.lines) }
    }
}

extension ExportOutput {
    fileprivate mutating func document(_ document: ExportedDocument, _ lines: [ExportedLine]) throws
    {
        if format == .json { return try element(document.json(lines)) }
        if lines.isEmpty { return try row(document.fields + ExportedLine.noFields) }
        for line in lines { try row(document.fields + line.fields(document.currency)) }
    }
}

private struct ExportedDocument {
    let id: UniqueID
    let kind: Invoice.Kind
    let origin: Invoice.Origin
    let series: String
    let number: String
    let issuedOn: Day
    let dueOn: Day
    let currency: Currency
    let clientNumber: String
    let buyerName: String
    let country: String
    let net: Amount
    let vat: Amount
    let gross: Amount
    let open: Amount

    var isNegative: Bool { kind == .creditNote }

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        origin = try row["origin"]
        series = try row["series"]
        number = try row["number"]
        issuedOn = try row["issued_on"]
        dueOn = try row["due_on"]
        currency = try row["currency"]
        clientNumber = try row["client_number"]
        buyerName = try row["buyer_name"] ?? ""
        country = try row["buyer_country"] ?? ""
        let sign = kind == .creditNote ? -1 : 1
        func amount(_ column: StaticString) throws -> Amount {
            let amount: Amount = try row[column]
            return Amount(sign * amount.minorUnits)
        }
        net = try amount("total_net")
        vat = try amount("total_vat")
        gross = try amount("total_gross")
        open = try amount("open_amount")
    }

    var fields: [String] {
        let amounts = [net, vat, gross, open].map {
            ScaledDecimal.plain($0.minorUnits, decimals: currency.exponent)
        }
        return [
            number, kind.rawValue, origin.rawValue, series, issuedOn.iso, dueOn.iso, clientNumber,
            buyerName, country, currency.code,
        ] + amounts
    }

    func json(_ lines: [ExportedLine]) -> JSON {
        [
            "number": .string(number), "kind": .string(kind.rawValue),
            "origin": .string(origin.rawValue), "series": .string(series),
            "issued_on": JSON(issuedOn), "due_on": JSON(dueOn),
            "client_number": .string(clientNumber), "buyer_name": .string(buyerName),
            "country": .string(country), "currency": .string(currency.code),
            "total_net": JSON(net), "total_vat": JSON(vat), "total_gross": JSON(gross),
            "open_amount": JSON(open), "lines": .array(lines.map(\.json)),
        ]
    }
}

private struct ExportedLine {
    static let columns = [
        "number", "kind", "origin", "series", "issued_on", "due_on", "client_number", "buyer_name",
        "country", "currency", "total_net", "total_vat", "total_gross", "open_amount", "position",
        "line_kind", "reference", "label", "quantity", "unit", "unit_price", "vat_category",
        "vat_rate", "net_amount",
    ]
    static let noFields = [String](repeating: "", count: 10)

    let position: Int
    let kind: String
    let reference: String
    let label: String
    let quantity: Quantity
    let unit: String
    let unitPrice: UnitPrice
    let vatCategory: String
    let vatRate: Percentage
    let net: Amount

    /// Nil for a document without lines.
    init?(row: Row, isNegative: Bool) throws {
        guard let position: Int = try row["position"] else { return nil }
        let sign = isNegative ? -1 : 1
        self.position = position
        kind = try row["line_kind"]
        reference = try row["reference"] ?? ""
        label = try row["label"]
        let quantity: Quantity = try row["quantity"]
        self.quantity = Quantity(tenThousandths: sign * quantity.tenThousandths)
        unit = try row["unit"]
        unitPrice = try row["unit_price"]
        vatCategory = try row["vat_category"]
        vatRate = try row["vat_rate"]
        let net: Amount = try row["net_amount"]
        self.net = Amount(sign * net.minorUnits)
    }

    func fields(_ currency: Currency) -> [String] {
        [
            String(position), kind, reference, label,
            ScaledDecimal.plain(
                quantity.tenThousandths, decimals: Quantity.decimals, minimumDecimals: 0), unit,
            ScaledDecimal.plain(
                unitPrice.millionths, decimals: UnitPrice.decimals,
                minimumDecimals: currency.exponent), vatCategory,
            ScaledDecimal.plain(
                vatRate.hundredths, decimals: Percentage.decimals, minimumDecimals: 0),
            ScaledDecimal.plain(net.minorUnits, decimals: currency.exponent),
        ]
    }

    var json: JSON {
        [
            "position": .int(position), "kind": .string(kind), "reference": .string(reference),
            "label": .string(label), "quantity": .int(quantity.tenThousandths),
            "unit": .string(unit), "unit_price": .int(unitPrice.millionths),
            "vat_category": .string(vatCategory), "vat_rate": .int(vatRate.hundredths),
            "net_amount": JSON(net),
        ]
    }
}
