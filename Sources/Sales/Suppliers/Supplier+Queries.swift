import Basics
import Core
import Database
import HTTP

/// What the list of suppliers is narrowed to.
struct SupplierFilter: Sendable {
    enum Sort: String, CaseIterable { case name, city }

    let words: String
    let order: ListOrder<Sort>
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        words = PlainText.line(query["q"] ?? "")
        // By name from A to Z, unless the address says otherwise.
        let isSorted = query["sort"].map { !$0.isEmpty } ?? false
        let usual = [Fields.Field(name: "sort", value: Sort.name.rawValue)]
        order = ListOrder(isSorted ? query : Fields(query.pairs + usual), usual: .name)
    }

    var address: ListAddress { ListAddress("/suppliers", query, keeping: ["q", "sort"]) }

    var conditions: SQL {
        guard let found = SearchQuery(words) else { return "" }
        return
            " AND id IN (SELECT record_id FROM search_records('supplier', \(found.text), 5000))"
    }

    private var sortColumn: SQL { order.column == .name ? "name" : "city" }
    var sorting: SQL { order.sorting(by: sortColumn, id: "id") }
    var position: SQL { order.position(by: sortColumn, id: "id") { "\($0)" } }
    func sortValue(of supplier: Supplier) -> String {
        order.column == .name ? supplier.name : supplier.address.city
    }
}

extension Transaction {
    public func supplier(_ id: Supplier.ID) throws -> Supplier {
        try one(
            """
            SELECT \(Supplier.columns) FROM suppliers
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }

    func suppliers(_ filter: SupplierFilter) throws -> Listing<Supplier> {
        let rows: [Supplier] = try all(
            """
            SELECT \(Supplier.columns) FROM suppliers
            WHERE organisation_id = \(organisation) \(filter.conditions) \(filter.position)
            ORDER BY \(filter.sorting) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) {
            PagePosition(value: filter.sortValue(of: $0), id: $0.id.value)
        }
    }

    func suppliers(withIDs ids: [UniqueID]) throws -> [Supplier] {
        try all(
            """
            SELECT \(Supplier.columns) FROM suppliers
            WHERE organisation_id = \(organisation) AND id = ANY (\(ids))
            """)
    }

    /// The one that an invoice's seller is: the same SIREN, or else the same VAT number.
    func supplier(siren: String, vatNumber: String) throws -> Supplier? {
        guard !siren.isEmpty || !vatNumber.isEmpty else { return nil }
        return try first(
            """
            SELECT \(Supplier.columns) FROM suppliers
            WHERE organisation_id = \(organisation)
                AND ((\(siren) <> '' AND siren = \(siren))
                    OR (\(vatNumber) <> '' AND vat_number = \(vatNumber)))
            ORDER BY siren = \(siren) DESC LIMIT 1
            """)
    }

    /// Others that are paid to the same account, by name. One who hides theirs behind another's is found.
    func suppliers(sharingAccountOf supplier: Supplier) throws -> [Supplier] {
        let indexes = try indexes(of: supplier.knownIBAN, in: .supplierAccount).map(hexadecimal)
        guard !indexes.isEmpty else { return [] }
        return try all(
            """
            SELECT \(Supplier.columns) FROM suppliers
            WHERE organisation_id = \(organisation) AND id <> \(supplier.id)
                AND iban_index IN (SELECT decode(x, 'hex') FROM unnest(\(indexes)) x)
            ORDER BY name, id LIMIT 10
            """)
    }

    /// The first by name, to choose from.
    func suppliersToOffer(most: Int = 500) throws -> [Supplier] {
        try all(
            """
            SELECT \(Supplier.columns) FROM suppliers
            WHERE organisation_id = \(organisation) ORDER BY name, id LIMIT \(most)
            """)
    }

    func exportSuppliers(_ filter: SupplierFilter, to file: TableFile) throws {
        try each(
            """
            SELECT \(Supplier.columns) FROM suppliers
            WHERE organisation_id = \(organisation) \(filter.conditions) ORDER BY name, id
            """
        ) { row in
            let supplier = try Supplier(row: row)
            try file.add(
                [
                    supplier.name, supplier.siren, supplier.vatNumber, supplier.address.city,
                    supplier.address.country, supplier.email,
                ].map(TableCell.text))
        }
    }
}

extension SupplierFilter {
    static let headings = [
        Text("Nom", "Name"), Text("SIREN", "SIREN"), Text("N° de TVA", "VAT number"),
        Text("Ville", "City"), Text("Pays", "Country"), Text("E-mail", "E-mail"),
    ]
}
