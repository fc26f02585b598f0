import Basics
import HTTP

/// The face for programs: `/api/v1`, its description, and the access tokens of each person.
public enum API: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("api/openapi.json", nil, description)
        routes.get("api/docs", nil) { .response(APIDocsPage(request: $0).response) }
        routes.get("account/tokens", .manageSelf, tokens)
        routes.post("account/tokens", .manageSelf, createToken)
        routes.post("account/tokens/:id/delete", .manageSelf, revokeToken)
    }

    public static let actions: [Action] = [.accessTokenCreated, .accessTokenRevoked]

    static func description(_ request: Request) throws -> Reply {
        let document = OpenAPIDocument(
            routes: request.application.apiRoutes, say: request.say)
        return .response(.json(document.json.bytes))
    }

    static func tokens(_ request: Request) throws -> Reply {
        let tokens = try request.read { try $0.accessTokens() }
        return .page(AccessTokenPage(tokens, ["days": "90"], [], request).page)
    }

    static func createToken(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = AccessTokenDraft(&input)
        do {
            try input.check()
            var secret: String?
            let path = try request.once { transaction in
                secret = try transaction.createAccessToken(draft).secret
                return "/account/tokens"
            }
            // A form sent twice made its token the first time, and showed the secret then.
            guard let secret else { return .done(at: path) }
            return .page(NewAccessTokenPage(draft.name, secret, request).page)
        } catch let problem as Problem where problem.isShownInForm {
            let tokens = try request.read { try $0.accessTokens() }
            return .page(
                AccessTokenPage(tokens, input, problem.fields, request).page,
                status: problem.status)
        }
    }

    static func revokeToken(_ request: Request) throws -> Reply {
        let id: AccessToken.ID = try request.id()
        try request.write { try $0.revokeAccessToken(id) }
        return .done(at: "/account/tokens", say: Text("Jeton supprimé.", "Token removed."))
    }
}
