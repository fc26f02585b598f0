import Basics
import Core
import HTTP

/// What the law on personal data asks: what is held of somebody, their erasure, their consents, and the
/// register of it all.
public enum Privacy: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("clients/:id/erase", .manageOrganisation, askErasure)
        routes.post("clients/:id/erase", .manageOrganisation, erase)
        routes.post("clients/:id/contacts/:contact/erase", .manageOrganisation, eraseContact)
        routes.get("clients/:id/personal-data", .manageOrganisation, personalData)
        routes.get(
            "clients/:id/personal-data/export", .manageOrganisation, reads: .export(of: .client),
            exportPersonalData)
        routes.get("clients/:id/consents", .readClients, consents)
        routes.post("clients/:id/consents", .writeClients, noteConsent)
        routes.get("settings/privacy", .manageOrganisation, register)
        routes.post("settings/privacy", .manageOrganisation, saveRetention)
    }

    public static let actions: [Action] = [
        .consentGiven, .consentWithdrawn, .retentionChanged, .personalDataRead,
    ]

    static func askErasure(_ request: Request) throws -> Reply {
        .page(try erasurePage(request.id(), [:], [], request))
    }

    private static func erasurePage(
        _ id: Client.ID, _ values: [String: String], _ problems: [FieldProblem], _ request: Request
    ) throws -> Page {
        try request.read { transaction in
            ErasurePage(
                try transaction.client(id), open: try transaction.openMatters(of: id),
                kept: try transaction.legalDocuments(of: id), values, problems, request
            ).page
        }
    }

    static func erase(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let client = try request.read { try $0.client(id) }
        var input = Input(try request.form().fields)
        let typed = input.line("number", required: true, most: 40)
        do {
            try input.check()
            guard typed == client.number else {
                throw Problem.invalid(
                    "number",
                    Text(
                        "Tapez \(client.number) pour confirmer.",
                        "Type \(client.number) to confirm."))
            }
            try request.write { try $0.erasePerson(id) }
            return .done(
                at: client.path,
                say: Text("Données personnelles effacées.", "Personal data erased."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                try erasurePage(id, input.typed, problem.fields, request), status: problem.status)
        }
    }

    static func eraseContact(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        try request.write { try $0.eraseContact(request.id("contact"), of: id) }
        return .done(
            at: "/clients/\(id)",
            say: Text("Données personnelles effacées.", "Personal data erased."))
    }
}
