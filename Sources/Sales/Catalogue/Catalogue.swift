import Basics
import Core
import HTTP

/// The catalogue: services and products with their price, VAT, duration or stock.
public enum Catalogue: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "items", .readCatalogue,
            api: .list(
                ItemRow.self, query: ItemFilter.parameters,
                Text("Lister les articles", "List items")),
            list)
        routes.get("items/export", .readCatalogue, reads: .export(of: .item), export)
        routes.get("items/suggest", .readCatalogue, suggest)
        routes.get("items/new", .writeCatalogue, new)
        routes.post(
            "items", .writeCatalogue,
            api: .create(ItemDraft.self, Item.self, Text("Créer un article", "Create an item")),
            create)
        routes.get(
            "items/:id", .readCatalogue,
            api: .show(Item.self, Text("Lire un article", "Read an item")), show)
        routes.get("items/:id/edit", .writeCatalogue, edit)
        routes.post(
            "items/:id", .writeCatalogue,
            api: .update(ItemDraft.self, Item.self, Text("Modifier un article", "Change an item")),
            update)
        routes.post(
            "items/:id/activate", .writeCatalogue,
            api: .act(Item.self, Text("Réactiver un article", "Activate an item")), activate)
        routes.post(
            "items/:id/deactivate", .writeCatalogue,
            api: .act(Item.self, Text("Désactiver un article", "Deactivate an item")), deactivate)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = ItemFilter(request.http.query)
        return try request.show {
            try $0.items(filter)
        } page: { transaction in
            try ItemListPage(
                filter, transaction.items(filter), categories: transaction.itemCategories(), request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = ItemFilter(request.http.query)
        let file = try request.tableFile(Text("catalogue", "catalogue"), ItemFilter.headings)
        try request.read { try $0.exportItems(filter, to: file, request.say) }
        return try file.reply()
    }

    static func suggest(_ request: Request) throws -> Reply {
        let words = PlainText.line(request.http.query["q"] ?? "")
        let found = try request.read { try $0.items(matching: words, most: 8) }
        return .fragment(ItemSuggestions(found, words, request).list)
    }

    static func new(_ request: Request) throws -> Reply {
        let usual = VATRate.usual(for: request.organisation)
        let values = [
            "label": request.http.query["label"] ?? "", "kind": Item.Kind.service.rawValue,
            "unit": Unit.unit.rawValue, "vat": usual.code,
        ]
        let categories = try request.read { try $0.itemCategories() }
        return .page(ItemForm(values, [], existing: nil, categories, request).page)
    }

    static func create(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = ItemDraft(&input, request.organisation)
        do {
            try input.check()
            let path = try request.once { try $0.createItem(draft).path }
            return .done(at: path, say: Text("Article ajouté.", "Item added."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let categories = try request.read { try $0.itemCategories() }
            return .page(
                ItemForm(input.typed, problem.fields, existing: nil, categories, request).page,
                status: problem.status)
        }
    }

    static func show(_ request: Request) throws -> Reply {
        let id: Item.ID = try request.id()
        return try request.show {
            try $0.item(id)
        } page: { transaction in
            try ItemPage(
                transaction.item(id), transaction.journal(of: .item, id.value), request
            ).page
        }
    }

    static func edit(_ request: Request) throws -> Reply {
        let (item, categories) = try request.read {
            (try $0.item(request.id()), try $0.itemCategories())
        }
        let values = item.formValues(request.say, request.currency)
        return .page(ItemForm(values, [], existing: item, categories, request).page)
    }

    static func update(_ request: Request) throws -> Reply {
        let id: Item.ID = try request.id()
        var input = Input(try request.form().fields)
        let draft = ItemDraft(&input, request.organisation)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            let item = try request.write { try $0.updateItem(id, draft, version: version) }
            return .done(at: item.path, say: Text("Article enregistré.", "Item saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let (item, categories) = try request.read {
                (try $0.item(id), try $0.itemCategories())
            }
            return .page(
                ItemForm(input.typed, problem.fields, existing: item, categories, request).page,
                status: problem.status)
        }
    }

    static func activate(_ request: Request) throws -> Reply {
        let item = try request.write { try $0.setItem(request.id(), active: true) }
        return .done(at: item.path, say: Text("Article réactivé.", "Item active again."))
    }

    static func deactivate(_ request: Request) throws -> Reply {
        let item = try request.write { try $0.setItem(request.id(), active: false) }
        return .done(at: item.path, say: Text("Article désactivé.", "Item deactivated."))
    }
}
