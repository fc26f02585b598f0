import Basics
import FoundationEssentials
import HTTP

/// OAuth 2 for programs (RFC 6749, 4.4): an access token, shown as client and secret, becomes a short-lived one.
/// The keys that prove it are published (RFC 7517), and so is where all of this stands (RFC 8414).
public enum TokenExchange: Capability {
    /// Wrong secrets of an address in a quarter of an hour.
    private static let failuresPerAddress = 50

    public static func routes(_ routes: inout Routes) {
        routes.post("oauth/token", nil, token)
        routes.get("oauth/jwks.json", nil, keys)
        routes.get(".well-known/oauth-authorization-server", nil, metadata)
    }

    static func token(_ request: Request) throws -> Reply {
        let form = try request.form().fields
        guard form["grant_type"] == "client_credentials" else {
            return failure("unsupported_grant_type", "grant_type must be client_credentials")
        }
        let key = ThrottleKey.address("oauth", most: failuresPerAddress, request)
        try request.application.checkThrottle([key], at: request.now)
        guard let (client, secret) = credentials(form, request),
            let found = try request.application.pool.withConnection({
                try $0.session(accessToken: secret, at: request.now)
            }), found.grant.id.description == client
        else {
            try request.application.recordFailure([key], at: request.now)
            return failure("invalid_client", "unknown client, or wrong secret", status: 401)
        }
        let asked = form["scope"].map { $0.split(separator: " ").map(String.init) }
        let scopes = asked ?? found.grant.scopes.sorted()
        guard !scopes.isEmpty, found.grant.scopes.isSuperset(of: scopes) else {
            return failure(
                "invalid_scope",
                "the client has: \(found.grant.scopes.sorted().joined(separator: " "))")
        }
        let jwt = try ShortLivedToken.issue(
            for: found.grant.id, of: found.session.organisation.id, scopes: scopes,
            request.application, at: request.now)
        return answer([
            "access_token": .string(jwt), "token_type": "Bearer",
            "expires_in": .int(ShortLivedToken.lifetimeSeconds),
            "scope": .string(scopes.joined(separator: " ")),
        ])
    }

    static func keys(_ request: Request) throws -> Reply {
        let keys = try request.application.signingKeys
            .published(request.application, at: request.now)
        return answer(["keys": .array(keys.map(\.json))])
    }

    static func metadata(_ request: Request) throws -> Reply {
        answer([
            "issuer": .string(ShortLivedToken.issuer),
            "token_endpoint": .string(request.origin + "/oauth/token"),
            "jwks_uri": .string(request.origin + "/oauth/jwks.json"),
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "scopes_supported": .array(AccessToken.Scope.allCases.map { .string($0.rawValue) }),
            "response_types_supported": [],
        ])
    }

    /// From the header, as the standard prefers it, or from the form.
    private static func credentials(_ form: Fields, _ request: Request) -> (
        client: String, secret: String
    )? {
        guard let header = request.http.headers["Authorization"] else {
            guard let client = form["client_id"], let secret = form["client_secret"] else {
                return nil
            }
            return (client, secret)
        }
        let parts = header.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let decoded = Data(base64Encoded: String(parts[1]))
        else { return nil }
        let pair = String(decoding: decoded, as: UTF8.self).split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return pair.count == 2 ? (String(pair[0]), String(pair[1])) : nil
    }

    private static func answer(_ json: JSON, status: Int = 200) -> Reply {
        var response = HTTPResponse.json(json.bytes)
        response.status = status
        response.headers.set("Cache-Control", "no-store")
        return .response(response)
    }

    private static func failure(_ error: String, _ text: String, status: Int = 400) -> Reply {
        let reply = answer(
            ["error": .string(error), "error_description": .string(text)], status: status)
        guard status == 401, case .response(var response) = reply else { return reply }
        response.headers.set("WWW-Authenticate", "Basic realm=\"Comptoir\"")
        return .response(response)
    }
}
