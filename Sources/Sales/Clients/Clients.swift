import Basics
import Core
import HTTP

/// Clients: companies and private persons, their contacts and addresses.
public enum Clients: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "clients", .readClients,
            api: .list(
                ClientRow.self, query: ClientFilter.parameters,
                Text("Lister les clients", "List clients")), list)
        routes.get("clients/export", .readClients, reads: .export(of: .client), export)
        routes.get("clients/suggest", .readClients, suggest)
        routes.get("clients/new", .writeClients, new)
        routes.post(
            "clients", .writeClients,
            api: .create(
                ClientDraft.self, ClientRecord.self, Text("Créer un client", "Create a client")),
            create)
        routes.get(
            "clients/:id", .readClients,
            api: .show(ClientRecord.self, Text("Lire un client", "Read a client")), show)
        routes.get("clients/:id/edit", .writeClients, edit)
        routes.post(
            "clients/:id", .writeClients,
            api: .update(
                ClientDraft.self, ClientRecord.self, Text("Modifier un client", "Change a client")),
            update)
        routes.post(
            "clients/:id/archive", .writeClients,
            api: .act(ClientRecord.self, Text("Archiver un client", "Archive a client")), archive)
        routes.post(
            "clients/:id/restore", .writeClients,
            api: .act(ClientRecord.self, Text("Rétablir un client", "Restore a client")), restore)
        placeRoutes(&routes)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = ClientFilter(request.http.query)
        return try request.show {
            try $0.clients(filter)
        } page: { transaction in
            try ClientListPage(
                filter: filter, listing: transaction.clients(filter),
                choices: transaction.clientFilterChoices(), request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = ClientFilter(request.http.query)
        let file = try request.tableFile(Text("clients", "clients"), ClientRow.headings)
        try request.read { try $0.exportClients(filter, to: file, request.say) }
        return try file.reply()
    }

    static func suggest(_ request: Request) throws -> Reply {
        let words = request.http.query["q"] ?? ""
        let found = try request.read { try $0.clients(matching: words, most: 8) }
        return .fragment(ClientSuggestions(found, request).list)
    }

    static func new(_ request: Request) throws -> Reply {
        let name = request.http.query["name"] ?? ""
        let values = [
            "kind": "company", "country": request.organisation.address.country, "name": name,
            "language": request.organisation.language.rawValue, "stage": "client",
        ]
        return .page(ClientForm(values, [], existing: nil, request).page)
    }

    private static let created = Text("Client créé.", "Client created.")

    static func create(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = ClientDraft(&input, country: request.organisation.address.country)
        do {
            try input.check()
            if !input.flag("confirmed") {
                let alike = try request.read { try $0.clients(like: draft) }
                if !alike.isEmpty {
                    guard !request.isAPI else { throw Problem.clientsAlike(alike) }
                    if let path = try request.earlierPath() {
                        return .done(at: path, say: Clients.created)
                    }
                    return .page(
                        ClientForm(input.typed, [], existing: nil, alike: alike, request).page,
                        status: 409)
                }
            }
            let path = try request.once { try $0.createClient(draft).path }
            return .done(at: path, say: Clients.created)
        } catch Problem.invalid(let problems) where !request.isAPI {
            return .page(
                ClientForm(input.typed, problems, existing: nil, request).page, status: 422)
        }
    }

    static func show(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        return try request.show {
            try $0.clientRecord(id)
        } page: { transaction in
            var record = try transaction.clientRecord(id)
            record.origin = try transaction.importedFile(of: .client, id.value)
            record.activity = try transaction.journal(of: .client, id.value)
            record.openCreditNotes = try transaction.openCreditNotes(of: id)
            record.documents = try ClientDocuments(record, transaction).cards(request)
            return ClientPage(record, request).page
        }
    }

    static func edit(_ request: Request) throws -> Reply {
        let client = try request.read { try $0.client(request.id()) }
        return .page(ClientForm(client.formValues, [], existing: client, request).page)
    }

    static func update(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        var input = Input(try request.form().fields)
        let draft = ClientDraft(&input, country: request.organisation.address.country)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            let client = try request.write { try $0.updateClient(id, draft, version: version) }
            return .done(at: client.path, say: Text("Client enregistré.", "Client saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let client = try request.read { try $0.client(id) }
            return .page(
                ClientForm(input.typed, problem.fields, existing: client, request).page,
                status: problem.status)
        }
    }

    static func archive(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        try request.write { try $0.archiveClient(id) }
        return .done(
            at: "/clients/\(id)", say: Text("Client archivé.", "Client archived."))
    }

    static func restore(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        try request.write { try $0.restoreClient(id) }
        return .done(
            at: "/clients/\(id)", say: Text("Client rétabli.", "Client restored."))
    }
}
