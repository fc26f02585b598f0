import Basics
import Core
import Database

extension Transaction {
    func exportClients(to output: inout ExportOutput) throws {
        try output.heading([
            "number", "kind", "stage", "name", "email", "phone", "website", "sector", "siren",
            "siret", "vat_number", "street", "street_more", "postal_code", "city", "country",
            "tags",
            "notes", "payment_days", "language", "open_amount", "credit_amount", "archived_at",
        ])
        let (organisation, decimals) = (self.organisation, currency.exponent)
        try readTextKeys()
        try each(
            """
            SELECT \(Client.columns)
            FROM clients WHERE organisation_id = \(organisation) ORDER BY number, id
            """
        ) { row in
            let client = try opened(Client(row: row))
            if output.format == .json { return try output.element(client.json) }
            try output.row(client.exportFields(decimals: decimals))
        }
    }

    func exportItems(to output: inout ExportOutput) throws {
        try output.heading([
            "reference", "kind", "label", "description", "category", "unit", "unit_price",
            "vat_category", "vat_rate", "duration_minutes", "is_active",
        ])
        let (organisation, decimals) = (self.organisation, currency.exponent)
        try each(
            """
            SELECT reference, kind, label, description, category, unit, unit_price, vat_category,
                vat_rate, duration_minutes, is_active
            FROM items WHERE organisation_id = \(organisation) ORDER BY reference
            """
        ) { row in
            let item = try ExportedItem(row: row)
            if output.format == .json { return try output.element(item.json) }
            try output.row(item.fields(decimals: decimals))
        }
    }
}

extension Client {
    fileprivate func exportFields(decimals: Int) -> [String] {
        let amounts = [openAmount, creditAmount].map {
            ScaledDecimal.plain($0.minorUnits, decimals: decimals)
        }
        return [
            number, kind.rawValue, stage.rawValue, name, email, phone, website, sector, siren,
            siret,
            vatNumber, address.street, address.streetMore, address.postalCode, address.city,
            address.country, tags.joined(separator: ","), notes,
            paymentDays.map(String.init) ?? "", language.rawValue,
        ] + amounts + [archivedAt?.rfc3339 ?? ""]
    }
}

private struct ExportedItem: Record {
    let reference: String
    let kind: String
    let label: String
    let description: String
    let category: String
    let unit: String
    let unitPrice: UnitPrice
    let vatCategory: String
    let vatRate: Percentage
    let durationMinutes: Int?
    let isActive: Bool

    init(row: Row) throws {
        reference = try row["reference"]
        kind = try row["kind"]
        label = try row["label"]
        description = try row["description"]
        category = try row["category"]
        unit = try row["unit"]
        unitPrice = try row["unit_price"]
        vatCategory = try row["vat_category"]
        vatRate = try row["vat_rate"]
        durationMinutes = try row["duration_minutes"]
        isActive = try row["is_active"]
    }

    func fields(decimals: Int) -> [String] {
        [
            reference, kind, label, description, category, unit,
            ScaledDecimal.plain(
                unitPrice.millionths, decimals: UnitPrice.decimals, minimumDecimals: decimals),
            vatCategory,
            ScaledDecimal.plain(
                vatRate.hundredths, decimals: Percentage.decimals, minimumDecimals: 0),
            durationMinutes.map(String.init) ?? "", isActive ? "true" : "false",
        ]
    }

    var json: JSON {
        [
            "reference": .string(reference), "kind": .string(kind), "label": .string(label),
            "description": .string(description), "category": .string(category),
            "unit": .string(unit), "unit_price": .int(unitPrice.millionths),
            "vat_category": .string(vatCategory), "vat_rate": .int(vatRate.hundredths),
            "duration_minutes": JSON(durationMinutes), "is_active": .bool(isActive),
        ]
    }
}
