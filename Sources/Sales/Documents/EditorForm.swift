import Basics
import Core
import Database
import HTTP

/// The form of a quote's or order's editor, as sent or as first shown. Its buttons change lines or the
/// client and show the form again; only the last ones store anything.
struct EditorForm: Sendable {
    enum Button: Sendable, Hashable {
        case line(LineOperation)
        case changeClient
        case findClient
        /// `save`, `send`, …: the page's own.
        case finish(String)
    }

    private(set) var values: [String: String]
    private(set) var lines: LineDrafts
    let rules: LineRules
    let button: Button

    init(values: [String: String], lines: [DocumentLine], _ rules: LineRules) {
        self.values = values
        self.values["prices"] = rules.pricesIncludeVAT ? "gross" : "net"
        self.lines = LineDrafts(lines, rules)
        self.rules = rules
        button = .finish("")
    }

    /// Reads what was sent.
    init(_ request: Request, currency: Currency) throws {
        let fields = try request.form().fields
        values = Dictionary(
            fields.pairs.filter { !$0.name.hasPrefix("lines[") && $0.name != "op" }
                .map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        if values["client", default: ""].isEmpty { values["client"] = values["client_choice"] }
        rules = LineRules(
            request.organisation, currency: currency, say: request.say,
            pricesIncludeVAT: Self.pricesIncludeVAT(values["prices"]),
            on: request.today)
        lines = LineDrafts(fields) { request.newID() }
        button =
            switch fields["op"] {
            case "client": .changeClient
            case "find-client": .findClient
            case let name: LineOperation(fields).map(Button.line) ?? .finish(name ?? "save")
            }
    }

    /// What the field says; nil where it says nothing.
    static func pricesIncludeVAT(_ typed: String?) -> Bool? {
        switch typed {
        case "gross": true
        case "net": false
        default: nil
        }
    }

    /// The fields around the lines, to be read and checked.
    var input: Input {
        Input(Fields(values.map { Fields.Field(name: $0.key, value: $0.value) }))
    }

    var isFinished: Bool { if case .finish = button { true } else { false } }

    /// What the buttons of lines do, and what happens to lines before they are stored.
    mutating func change(with items: KnownItems, _ request: Request) {
        lines.fill(from: items, rules)
        switch button {
        case .line(let operation):
            lines.apply(operation, items: items, rules) { request.newID() }
        case .finish:
            // Words left in the row below the lines would be lost: they become a line.
            if !PlainText.line(lines.newLabel).isEmpty {
                lines.apply(.add, items: items, rules) { request.newID() }
            }
            lines.dropBlankLines()
        case .changeClient, .findClient: break
        }
    }

    mutating func choose(_ client: Client) {
        values["client"] = client.id.description
        if values["sector", default: ""].isEmpty { values["sector"] = client.sector }
    }
    mutating func forgetClient() {
        values["client"] = ""
        values["contact"] = ""
    }
}

/// What an editor shows beside what is typed.
struct EditorSurroundings: Sendable {
    var client: Client?
    var contacts: [Contact] = []
    /// Other addresses of the client, where goods may go.
    var addresses: [Address] = []
    /// Clients to choose from, once words were looked for.
    var candidates: [ClientRow]?
    var items: KnownItems
    var catalogue: [ItemFacts]
    var sectors: [String]
}

extension Transaction {
    /// Carries out what the pressed button does to the form; answers the client that it names now.
    @discardableResult
    func change(_ form: inout EditorForm, _ request: Request) throws -> Client? {
        let items = try knownItems(for: form.lines)
        form.change(with: items, request)
        if form.button == .changeClient { form.forgetClient() }
        let id = form.values["client"].flatMap { Client.ID($0) }
        let client = try id.flatMap { id in try clientIfThere(id) }
        if let client { form.choose(client) }
        return client
    }

    /// The same, and what the editor's page shows.
    func surroundings(of form: inout EditorForm, _ request: Request) throws -> EditorSurroundings {
        let client = try change(&form, request)
        var out = EditorSurroundings(
            client: client, items: try knownItems(for: form.lines), catalogue: try itemsToOffer(),
            sectors: try clientFilterChoices().sectors)
        if form.button == .findClient, client == nil {
            let found = try clients(matching: form.values["client_words"] ?? "", most: 8)
            out.candidates = found
            if found.count == 1 {
                let only = try self.client(found[0].id)
                form.choose(only)
                out.client = only
            }
        }
        if let client = out.client { out.contacts = try contacts(of: client.id) }
        return out
    }

    private func clientIfThere(_ id: Client.ID) throws -> Client? {
        do {
            return try client(id)
        } catch Problem.notFound {
            return nil
        }
    }
}
