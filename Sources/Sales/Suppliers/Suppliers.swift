import Basics
import Core
import HTTP

/// Who sends invoices to the organisation.
public enum Suppliers: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "suppliers", .readPurchases,
            api: .list(
                Supplier.self, query: SupplierFilter.parameters,
                Text("Lister les fournisseurs", "List suppliers")), list)
        routes.get("suppliers/export", .readPurchases, reads: .export(of: .supplier), export)
        routes.get("suppliers/new", .writePurchases, new)
        routes.post(
            "suppliers", .writePurchases,
            api: .create(
                SupplierDraft.self, Supplier.self,
                Text("Créer un fournisseur", "Create a supplier")), create)
        routes.get(
            "suppliers/:id", .readPurchases,
            api: .show(Supplier.self, Text("Lire un fournisseur", "Read a supplier")), show)
        routes.get("suppliers/:id/edit", .writePurchases, edit)
        routes.post(
            "suppliers/:id", .writePurchases,
            api: .update(
                SupplierDraft.self, Supplier.self,
                Text("Modifier un fournisseur", "Change a supplier")), update)
    }

    public static var actions: [Action] { [.supplierCreated, .supplierUpdated] }
    public static let sealedTexts = [SealedTextColumn.supplierAccount, .supplierNotes]

    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .supplier, Text("Fournisseurs", "Suppliers"), icon: "truck", .readPurchases,
                list: "/suppliers"
            ) { transaction, ids, _ in
                try transaction.suppliers(withIDs: ids).map { supplier in
                    SearchRow(
                        id: supplier.id.value, title: supplier.name,
                        note: [supplier.siren, supplier.address.city].filter { !$0.isEmpty }
                            .joined(separator: ", "))
                }
            }
        ]
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = SupplierFilter(request.http.query)
        return try request.show {
            try request.noting($0.suppliers(filter))
        } page: {
            try SupplierListPage(filter, $0.suppliers(filter), request).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = SupplierFilter(request.http.query)
        let file = try request.tableFile(
            Text("fournisseurs", "suppliers"), SupplierFilter.headings)
        try request.read { try $0.exportSuppliers(filter, to: file) }
        return try file.reply()
    }

    static func show(_ request: Request) throws -> Reply {
        let id: Supplier.ID = try request.id()
        return try request.show {
            try request.noting($0.supplier(id))
        } page: { transaction in
            let supplier = try transaction.supplier(id)
            return try SupplierPage(
                supplier, transaction.receivedInvoices(from: id, most: 20),
                transaction.journal(of: .supplier, id.value), request,
                sharing: transaction.suppliers(sharingAccountOf: supplier)
            ).page
        }
    }

    static func new(_ request: Request) throws -> Reply {
        let values = [
            "name": request.http.query["name"] ?? "",
            "country": request.organisation.address.country,
        ]
        return .page(SupplierForm(values, [], existing: nil, request).page)
    }

    static func create(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = SupplierDraft(&input, request.organisation)
        do {
            try input.check()
            let path = try request.once { try $0.createSupplier(draft).path }
            return .done(at: path, say: Text("Fournisseur ajouté.", "Supplier added."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                SupplierForm(input.typed, problem.fields, existing: nil, request).page,
                status: problem.status)
        }
    }

    static func edit(_ request: Request) throws -> Reply {
        let supplier = try request.noting(request.read { try $0.supplier(request.id()) })
        return .page(SupplierForm(supplier.formValues, [], existing: supplier, request).page)
    }

    static func update(_ request: Request) throws -> Reply {
        let id: Supplier.ID = try request.id()
        var input = Input(try request.form().fields)
        let draft = SupplierDraft(&input, request.organisation)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            let path = try request.write {
                try $0.updateSupplier(id, draft, version: version).path
            }
            return .done(at: path, say: Text("Fournisseur enregistré.", "Supplier saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let supplier = try request.read { try $0.supplier(id) }
            return .page(
                SupplierForm(input.typed, problem.fields, existing: supplier, request).page,
                status: problem.status)
        }
    }
}

extension Request {
    /// The same supplier, whose account the answer shows in full.
    fileprivate func noting(_ supplier: Supplier) -> Supplier {
        if !supplier.iban.isEmpty {
            showsBankData(of: .supplier, supplier.id.value, label: supplier.name)
        }
        return supplier
    }

    fileprivate func noting(_ listing: Listing<Supplier>) -> Listing<Supplier> {
        let names = listing.rows.filter { !$0.iban.isEmpty }.map(\.name)
        if !names.isEmpty {
            showsBankData(of: .supplier, nil, label: names.joined(separator: ", "))
        }
        return listing
    }
}

extension Supplier {
    var formValues: [String: String] {
        [
            "name": name, "siren": siren, "vat_number": vatNumber, "street": address.street,
            "street_more": address.streetMore, "postal_code": address.postalCode,
            "city": address.city, "country": address.country, "email": email, "iban": iban,
            "notes": notes,
        ]
    }
}
