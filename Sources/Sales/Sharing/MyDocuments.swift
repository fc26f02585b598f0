import Basics
import Core
import HTTP
import Markup

/// What a client who has an account reads: their own quotes, deposit requests and invoices, each on the
/// page that its link opens.
public enum MyDocuments: Capability {
    static let mostOfAKind = 200

    public static func routes(_ routes: inout Routes) {
        routes.get("my-documents", .readOwnDocuments, show)
        routes.get("clients/:id/access", .manageColleagues, access)
        routes.post("clients/:id/access", .manageColleagues, invite)
    }

    static func show(_ request: Request) throws -> Reply {
        guard let client = request.session.client else {
            return .page(MyDocumentsPage(nil, request).page)
        }
        let id: Client.ID = ID(client)
        let documents = try request.read { transaction in
            OwnDocuments(
                client: try transaction.client(id).name,
                quotes: try transaction.quotes(of: id, most: mostOfAKind)
                    .filter { $0.status != .draft },
                deposits: try transaction.depositRequests(ofClient: id, most: mostOfAKind),
                invoices: try transaction.invoices(goingTo: id, most: mostOfAKind))
        }
        return .page(MyDocumentsPage(documents, request).page)
    }

    static func access(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let client = try request.read { try $0.client(id) }
        let name = client.kind == .person ? client.name : ""
        return try page(client, ["name": name, "email": client.email], [], 200, request)
    }

    static func invite(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let client = try request.read { try $0.client(id) }
        var input = Input(try request.form().fields)
        do {
            let path = try request.once { try $0.inviteClient(&input, client: id.value) }
            return .done(at: path, say: Text("Invitation créée.", "Invitation made."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return try page(client, input.typed, problem.fields, problem.status, request)
        }
    }

    private static func page(
        _ client: Client, _ values: [String: String], _ problems: [FieldProblem], _ status: Int,
        _ request: Request
    ) throws -> Reply {
        let people = try request.read { try $0.people(ofClient: client.id.value) }
        return .page(
            ClientAccessPage(client, people, values, problems, request).page, status: status)
    }
}

struct OwnDocuments {
    var client: String
    var quotes: [Quote]
    var deposits: [DepositRequest]
    var invoices: [Invoice]
}

extension Transaction {
    /// Those that its client may see, the newest first.
    func invoices(goingTo client: Client.ID, most: Int) throws -> [Invoice] {
        let invoices: [Invoice] = try all(
            """
            SELECT \(Invoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.client_id = \(client)
                AND i.status = 'issued'
            ORDER BY i.issued_on DESC, i.id DESC LIMIT \(most)
            """)
        return invoices.filter(\.goesToClient)
    }
}

struct MyDocumentsPage {
    let documents: OwnDocuments?
    let request: Request

    init(_ documents: OwnDocuments?, _ request: Request) {
        self.documents = documents
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        Page(
            title: say("Mes documents", "My documents"), section: .myDocuments, frame: .narrow,
            body: """
                <div class="lh"><h1>\(say("Mes documents", "My documents"))</h1></div>
                <div class="stack">\(documents.map(cards) ?? nothing)</div>
                """)
    }

    private var nothing: HTML {
        """
        <section class="empty"><h2>\(say("Rien à lire pour l’instant", "Nothing to read yet"))</h2>\
        <p>\(say("Vos devis et factures de \(request.organisation.name) apparaîtront ici.", "Your quotes and invoices from \(request.organisation.name) will appear here."))</p></section>
        """
    }

    private func cards(_ documents: OwnDocuments) -> HTML {
        let cards =
            card(
                Text("Devis", "Quotes"),
                documents.quotes.map { quote in
                    row(
                        .quote, quote.id.value, quote.number, quote.head.subject, quote.quotedOn,
                        StatusPill(request).quote(quote.status(on: request.today)),
                        say.money(quote.totalGross, quote.currency))
                })
            + card(
                Text("Demandes d’acompte", "Deposit requests"),
                documents.deposits.map { deposit in
                    row(
                        .depositRequest, deposit.id.value, deposit.number, "", deposit.dueOn,
                        DepositPill(deposit, on: request.today, request).html,
                        say.money(deposit.amount, deposit.currency))
                })
            + card(
                Text("Factures", "Invoices"),
                documents.invoices.map { invoice in
                    row(
                        .invoice, invoice.id.value, invoice.number ?? "", invoice.subject,
                        invoice.issuedOn ?? request.today,
                        InvoiceState.states(of: invoice, on: request.today)
                            .map { $0.pill(request) }.joined(),
                        say.money(invoice.signed(invoice.totalGross), invoice.currency))
                })
        let isEmpty =
            documents.quotes.isEmpty && documents.deposits.isEmpty && documents.invoices.isEmpty
        return isEmpty ? nothing : cards
    }

    private func card(_ title: Text, _ rows: [HTML]) -> HTML {
        guard !rows.isEmpty else { return .empty }
        return RecordParts(request).card(
            "own-\(title.english.lowercased().replacing(" ", with: "-"))", title,
            "<ul class=\"rows\">\(rows.joined())</ul>")
    }

    private func row(
        _ kind: SharedSubject.Kind, _ id: UniqueID, _ number: String, _ subject: String, _ day: Day,
        _ state: HTML, _ amount: String
    ) -> HTML {
        let link = SharedLink(
            to: SharedSubject(kind: kind, id: id), of: request.organisation.id, at: request.now)
        let note = [subject, say.longDay(day)].filter { !$0.isEmpty }.joined(separator: " · ")
        return """
            <li><span class="ic">\(request.icon("file-text"))</span><div>\
            <a href="\(link.path(request.application))">\(number)</a> \(state)\
            <small>\(note)</small></div><span class="num">\(amount)</span></li>
            """
    }
}
