import Basics
import Core
import HTTP

/// The approved platform (« plateforme agréée ») of an organisation: e-invoices between companies go to
/// it and come from it, and what is said of them.
public enum Platforms: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("settings/platform", .manageOrganisation, settings)
        routes.post("settings/platform", .manageOrganisation, save)
        routes.post("settings/platform/check", .manageOrganisation, check)
        routes.post("settings/platform/exchange", .manageOrganisation, exchangeNow)
        routes.get(
            "platform-flows", .readInvoices,
            api: .list(
                PlatformFlow.self, query: [.after],
                Text("Lister les échanges avec la plateforme", "List what went to the platform")),
            list)
        routes.post(
            "platform-flows/:id/retry", .issueInvoices,
            api: .act(
                PlatformFlow.self,
                Text("Renvoyer à la plateforme", "Send to the platform again")), retry)
    }

    public static let actions: [Action] = [
        .platformConnected, .platformChanged, .platformFlowSentAgain,
    ]
    public static var jobs: [JobKind] { [exchange] }

    static func settings(_ request: Request) throws -> Reply { try settingsPage(request) }

    static func save(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let isNew = try request.read { try $0.platformConnection() } == nil
        let draft = PlatformDraft(&input, request, isNew: isNew)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            let keys = try request.keys()
            try request.write { try $0.connectPlatform(draft, version: version, keys) }
            return .done(
                at: "/settings/platform",
                say: draft.isActive
                    ? Text("Plateforme enregistrée.", "Platform saved.")
                    : Text("Enregistré. Rien n’est échangé.", "Saved. Nothing is exchanged."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return try settingsPage(
                request, typed: input.typed, problem.fields, status: problem.status)
        }
    }

    /// Asks the platform while the person waits for its answer.
    static func check(_ request: Request) throws -> Reply {
        guard let connection = try request.read({ try $0.platformConnection() }) else {
            throw Problem.notFound
        }
        do {
            let application = request.application
            let credentials = try connection.credentials(
                request.keys(), request.organisation.id)
            try FlowAPI(
                application.webClient, flowURL: connection.flowURL, tokenURL: connection.tokenURL,
                credentials
            ).check()
            return .done(
                at: "/settings/platform",
                say: Text("La plateforme répond et vous connaît.", "The platform knows you."))
        } catch let failure as PlatformFailure {
            return try settingsPage(request, failure: failure, status: 422)
        }
    }

    static func exchangeNow(_ request: Request) throws -> Reply {
        try request.write { transaction in
            guard try transaction.platformConnection()?.isActive == true else {
                throw Problem.notFound
            }
            try transaction.awaitExchange(at: transaction.now)
        }
        return .done(
            at: "/settings/platform",
            say: Text("L’échange commence.", "The exchange begins."))
    }

    static func list(_ request: Request) throws -> Reply {
        let after = PagePosition(request.http.query["after"])
        return try request.show {
            try $0.platformFlows(after: after)
        } page: {
            PlatformFlowListPage(
                listing: try $0.platformFlows(after: after), isFirst: after == nil,
                request: request
            ).page
        }
    }

    static func retry(_ request: Request) throws -> Reply {
        let id: PlatformFlow.ID = try request.id()
        try request.write { try $0.resendPlatformFlow(id) }
        return request.isAPI
            ? .json(try request.read { try $0.platformFlow(id) }.json)
            : .done(
                at: "/platform-flows",
                say: Text("Le nouvel envoi est demandé.", "It will be sent again."))
    }

    private static func settingsPage(
        _ request: Request, typed: [String: String]? = nil, _ problems: [FieldProblem] = [],
        failure: PlatformFailure? = nil, status: Int = 200
    ) throws -> Reply {
        let (connection, flows) = try request.read {
            (try $0.platformConnection(), try $0.platformFlows(after: nil))
        }
        var values = typed ?? connection?.formValues ?? ["since": request.today.iso]
        // What was typed as a secret never travels back.
        values["client_secret"] = nil
        let page = PlatformSettingsPage(
            fields: FormFields(values, problems, request), connection: connection,
            flows: Array(flows.rows.prefix(10)), failure: failure, request: request)
        return .page(page.page, status: status)
    }
}

extension PlatformFlow: APIRecord {
    public static let schemaName = "PlatformFlow"
    public static let members: [Member<PlatformFlow>] = [
        .id { $0.id }, .choice("direction") { $0.direction },
        .text("flow_id", most: 100) { $0.flowID },
        Member("invoice_id", .nullable(.id)) { JSON($0.invoiceID?.description) },
        Member("received_invoice_id", .nullable(.id)) { JSON($0.receivedInvoiceID?.description) },
        .integer("status") { $0.status?.rawValue }, .text("number") { $0.number },
        .choice("state") { $0.state }, .integer("attempts") { $0.attempts },
        Member("problem", .nullable(.text(most: 1000))) { JSON($0.problem?.french) },
        .instant("created_at") { $0.createdAt },
        .instant("changed_at") { $0.changedAt },
    ]
}

extension Platforms {
    private static let mostOnHome = 4
    /// A platform may be away for so long before somebody is told.
    private static let patienceSeconds = 3600

    /// What the platform did not take, or would not say for an hour.
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.manageOrganisation),
            let connection = try transaction.platformConnection(), connection.isActive
        else { return }
        if let since = connection.failingSince, let problem = connection.problem,
            since.adding(seconds: patienceSeconds) < request.now
        {
            home.toDo.append(
                ToDoGroup(
                    Text("La plateforme ne répond plus", "The platform does not answer"),
                    icon: "triangle-alert", tone: .warn, count: 1, address: "/settings/platform",
                    items: [
                        ToDoItem(
                            connection.host, address: "/settings/platform",
                            note: "\(request.say(problem))", action: Text("Voir", "Look"))
                    ]))
        }
        let troubles = try transaction.platformFlows(in: PlatformFlow.State.troubles, most: 100)
        guard !troubles.isEmpty else { return }
        home.toDo.append(
            ToDoGroup(
                Text("Refusé par la plateforme", "Refused by the platform"), icon: "circle-alert",
                tone: .warn, count: troubles.count, address: "/platform-flows",
                items: troubles.prefix(mostOnHome).map { flow in
                    ToDoItem(
                        flow.title(request.say), address: flow.address ?? "/platform-flows",
                        note: flow.problem.map { "\(request.say($0))" } ?? "",
                        action: Text("Voir", "Look"))
                }))
    }
}
