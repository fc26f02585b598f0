import Basics
import Core
import Database

/// A client as a list shows it.
public struct ClientRow: Record, Sendable {
    public var id: Client.ID
    public var number: String
    public var name: String
    public var kind: Client.Kind
    public var stage: Client.Stage
    public var sector: String
    public var city: String
    public var email: String
    public var phone: String
    public var tags: [String]
    public var openAmount: Amount
    public var currency: Currency
    public var sortValue: String

    public init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        name = try row["name"]
        kind = try row["kind"]
        stage = try row["stage"]
        sector = try row["sector"]
        city = try row["city"]
        email = try row["email"]
        phone = try row["phone"]
        tags = try row["tags"]
        openAmount = try row["open_amount"]
        currency = try row["currency"]
        sortValue = try row["sort_value"]
    }

}

extension ClientRow {
    /// From `clients`, but for the id and the value that the list is sorted by.
    static func columns(_ currency: Currency) -> SQL {
        """
        number, name, kind, stage, sector, city, email, phone, tags, open_amount,
        \(currency.code) AS currency
        """
    }
}

extension Transaction {
    public func client(_ id: Client.ID) throws -> Client {
        try one(
            """
            SELECT id, number, kind, stage, name, email, phone, website, sector, siren, siret,
                vat_number, street, street_more, postal_code, city, country, tags, notes,
                payment_days, payment_end_of_month, language, open_amount, credit_amount, version,
                created_at, archived_at
            FROM clients WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }

    /// What is left to use of a client's credit notes.
    func openCreditNotes(of id: Client.ID) throws -> Amount {
        try value(
            """
            SELECT sum(open_amount)::bigint FROM invoices
            WHERE organisation_id = \(organisation) AND client_id = \(id)
                AND kind = 'credit_note' AND open_amount > 0
            """) ?? .zero
    }

    /// Nil when there is no such client; a database that is away is another matter.
    func existingClient(_ id: Client.ID) throws -> Client? {
        do {
            return try client(id)
        } catch Problem.notFound {
            return nil
        }
    }

    /// One page of clients, one row more than a page when there is a next one.
    func clients(_ filter: ClientFilter) throws -> Listing<ClientRow> {
        let rows: [ClientRow] = try all(
            """
            SELECT id, \(ClientRow.columns(currency)),
                \(filter.sortValueText) AS sort_value
            FROM clients c
            WHERE c.organisation_id = \(organisation) \(filter.conditions) \(filter.position)
            ORDER BY \(filter.order) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.sortValue, id: $0.id.value) }
    }

    /// Those whose name, number, city, e-mail or phone holds these words, for suggestions.
    public func clients(matching words: String, most: Int) throws -> [ClientRow] {
        guard let query = SearchQuery(words) else {
            return try all(
                """
                SELECT id, \(ClientRow.columns(currency)),
                sort_name AS sort_value
                FROM clients WHERE organisation_id = \(organisation) AND archived_at IS NULL
                ORDER BY updated_at DESC LIMIT \(most)
                """)
        }
        return try all(
            """
            SELECT c.id, \(ClientRow.columns(currency)),
                sort_name AS sort_value
            FROM search_records('client', \(query.text), 200) s
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = s.record_id
            WHERE c.archived_at IS NULL
            ORDER BY NOT starts_with(sort_name, \(PlainText.folded(words))), sort_name
            LIMIT \(most)
            """)
    }

    func clients(withIDs ids: [UniqueID]) throws -> [ClientRow] {
        try all(
            """
            SELECT id, \(ClientRow.columns(currency)),
                sort_name AS sort_value
            FROM clients WHERE organisation_id = \(organisation) AND id = ANY (\(ids))
            """)
    }

    /// Clients that may be the same as the one described: same company number, e-mail, phone or name.
    func clients(like draft: ClientDraft) throws -> [ClientRow] {
        try all(
            """
            SELECT id, \(ClientRow.columns(currency)),
                sort_name AS sort_value
            FROM clients
            WHERE organisation_id = \(organisation) AND archived_at IS NULL
                AND (sort_name = folded(\(draft.name))
                    OR (email <> '' AND email = \(draft.email))
                    OR (phone <> '' AND phone = \(draft.phone))
                    OR (siren <> '' AND siren = \(draft.siren)))
            ORDER BY sort_name LIMIT 5
            """)
    }

    /// The sectors, cities and tags in use, for the filters.
    func clientFilterChoices() throws -> ClientFilterChoices {
        ClientFilterChoices(
            sectors: try valuesInUse(of: "sector", in: "clients", most: 200),
            cities: try valuesInUse(of: "city", in: "clients", most: 500))
    }

    /// All clients of a filter, one line each.
    func exportClients(_ filter: ClientFilter, to file: TableFile, _ say: Language) throws {
        let currency = self.currency
        try each(
            """
            SELECT id, \(ClientRow.columns(currency)),
                sort_name AS sort_value
            FROM clients c WHERE c.organisation_id = \(organisation) \(filter.conditions)
            ORDER BY sort_name, id
            """
        ) { row in
            let client = try ClientRow(row: row)
            try file.add(
                [
                    client.number, client.name, say(client.kind.label), client.sector, client.city,
                    client.email, client.phone, client.tags.joined(separator: ", "),
                ].map(TableCell.text) + [.amount(client.openAmount, currency)])
        }
    }
}

extension ClientRow {
    static let headings = [
        Text("Numéro", "Number"), Text("Nom", "Name"), Text("Type", "Kind"),
        Text("Secteur", "Sector"), Text("Ville", "City"), Text("E-mail", "E-mail"),
        Text("Téléphone", "Phone"), Text("Étiquettes", "Tags"), Text("Solde dû", "Balance"),
    ]
}

struct ClientFilterChoices: Sendable {
    var sectors: [String]
    var cities: [String]
}

extension ClientFilter {
    /// Every condition is a literal of its own, so that equal filters share one prepared statement.
    var conditions: SQL {
        var out: SQL = archived ? "AND archived_at IS NOT NULL" : "AND archived_at IS NULL"
        if let query = SearchQuery(words) {
            out +=
                " AND c.id IN (SELECT record_id FROM search_records('client', \(query.text), 5000))"
        }
        if !sector.isEmpty { out += " AND sector = \(sector)" }
        if !city.isEmpty { out += " AND city = \(city)" }
        if !tag.isEmpty { out += " AND tags @> \([tag])" }
        if let kind { out += " AND kind = \(kind)" }
        if let stage { out += " AND stage = \(stage)" }
        if owing { out += " AND open_amount > 0" }
        return out
    }

    var sortColumn: SQL {
        switch sort {
        case .name: "sort_name"
        case .city: "city"
        case .sector: "sector"
        case .created: "created_at"
        case .balance: "open_amount"
        }
    }

    /// What a position holds of the last row of a page, as `position` reads it.
    var sortValueText: SQL {
        sort == .created
            ? "(extract(epoch FROM created_at) * 1000000)::bigint::text" : "\(sortColumn)::text"
    }

    var order: SQL {
        descending ? "\(sortColumn) DESC, id DESC" : "\(sortColumn), id"
    }

    /// Behind the last row of the page before.
    var position: SQL {
        guard let after, let value = sortValue(after) else { return "" }
        return descending
            ? " AND (\(sortColumn), id) < (\(value), \(after.id))"
            : " AND (\(sortColumn), id) > (\(value), \(after.id))"
    }

    private func sortValue(_ after: PagePosition) -> SQL? {
        switch sort {
        case .name, .city, .sector: "\(after.value)"
        case .created: after.instant.map { "\($0)" }
        case .balance: Int(after.value).map { "\($0)" }
        }
    }
}
