import Basics
import HTTP

/// The face for programs: `/api/v1`, its description, and the access tokens of each person.
public enum API: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("api/openapi.json", nil, description)
        routes.get("api/docs", nil) { .response(APIDocsPage(request: $0).response) }
        routes.get("account/tokens", .manageSelf) { try tokens(.person, $0) }
        routes.post("account/tokens", .manageSelf) { try createToken(.person, $0) }
        routes.post("account/tokens/:id/delete", .manageSelf) { try revokeToken(.person, $0) }
        routes.get("settings/tokens", .manageOrganisation) { try tokens(.organisation, $0) }
        routes.post("settings/tokens", .manageOrganisation) { try createToken(.organisation, $0) }
        routes.post("settings/tokens/:id/delete", .manageOrganisation) {
            try revokeToken(.organisation, $0)
        }
    }

    public static let actions: [Action] = [.accessTokenCreated, .accessTokenRevoked]
    public static let sealedColumns = [IdempotencyKey.sealedAnswers]

    static func description(_ request: Request) throws -> Reply {
        let document = OpenAPIDocument(
            routes: request.application.apiRoutes, say: request.say)
        return .response(.json(document.json.bytes))
    }

    static func tokens(_ owner: TokenOwner, _ request: Request) throws -> Reply {
        .page(AccessTokenPage(owner, try list(owner, request), request).page)
    }

    static func createToken(_ owner: TokenOwner, _ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = AccessTokenDraft(&input)
        do {
            try input.check()
            var secret: String?
            let path = try request.once { transaction in
                secret = try transaction.createAccessToken(draft, owner).secret
                return owner.path
            }
            // A form sent twice made its token the first time, and showed the secret then.
            guard let secret else { return .done(at: path) }
            return .page(NewAccessTokenPage(owner, draft.name, secret, request).page)
        } catch let problem as Problem where problem.isShownInForm {
            return .page(
                AccessTokenPage(
                    owner, try list(owner, request), input, problem.fields, request
                ).page, status: problem.status)
        }
    }

    static func revokeToken(_ owner: TokenOwner, _ request: Request) throws -> Reply {
        let id: AccessToken.ID = try request.id()
        try request.write { try $0.revokeAccessToken(id, owner) }
        return .done(at: owner.path, say: Text("Jeton supprimé.", "Token removed."))
    }

    private static func list(_ owner: TokenOwner, _ request: Request) throws -> AccessTokens {
        try request.application.usage.flush(request.application.pool, at: request.now)
        return try request.read {
            AccessTokens(all: try $0.accessTokens(owner), usage: try $0.apiUsage())
        }
    }
}

/// Tokens, with how often each asked.
struct AccessTokens {
    var all: [AccessToken]
    var usage: [AccessToken.ID: TokenUsage]
}
