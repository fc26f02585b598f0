import Basics
import FoundationEssentials
import HTTP
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// Organisation tokens, short-lived ones, and how much programs ask.
@Suite struct TokenExchangeTests {
    private let test: TestApplication
    private let id: AccessToken.ID
    private let secret: String

    init() throws {
        test = try TestApplication(Clients.self)
        var input = Input(
            Fields([
                .init(name: "name", value: "Boutique"), .init(name: "scope", value: "clients:read"),
                .init(name: "scope", value: "clients:write"),
            ]))
        let draft = AccessTokenDraft(&input)
        (id, secret) = try test.write { try $0.createAccessToken(draft, .organisation) }
    }

    private func exchange(_ fields: [(String, String)], basic: String? = nil) throws -> Answer {
        var headers: HTTPHeaders = [:]
        if let basic {
            headers.set("Authorization", "Basic " + Data(basic.utf8).base64EncodedString())
        }
        return try test.respond(
            .post, "/oauth/token", form: [("grant_type", "client_credentials")] + fields, as: nil,
            headers: headers)
    }

    private func token(scope: String? = nil) throws -> String {
        let answer = try exchange(
            scope.map { [("scope", $0)] } ?? [], basic: "\(id):\(secret)")
        #expect(answer.status == 200)
        #expect(answer.response.headers["Cache-Control"] == "no-store")
        #expect(answer.json?["token_type"] == "Bearer" && answer.json?["expires_in"] == 900)
        return try #require(answer.json?["access_token"]?.string)
    }

    private func call(_ token: String, _ method: HTTPMethod = .get, _ body: JSON? = nil) throws
        -> Answer
    {
        var headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        if body != nil { headers.set("Content-Type", "application/json") }
        return test.answer(
            to: try HTTPRequest(
                method: method, target: "/api/v1/clients", headers: headers, body: body?.bytes ?? []
            ))
    }

    @Test func aShortLivedTokenOpensWhatItsScopesSayForAQuarterOfAnHour() throws {
        let (all, reading) = (try token(), try token(scope: "clients:read"))
        #expect(try call(all).status == 200)
        #expect(try call(all, .post, ["name": "Aubrac", "kind": "company"]).status == 201)
        #expect(try call(reading).status == 200)
        #expect(try call(reading, .post, ["name": "Aubrac"]).status == 403)
        test.clock.advance(seconds: 901)
        #expect(try call(all).status == 401)
    }

    @Test func whatAProgramOfTheOrganisationDoesBearsItsName() throws {
        #expect(try call(secret, .post, ["name": "Aubrac", "kind": "company"]).status == 201)
        let entry = try test.read { try $0.journal(most: 1).first }
        #expect(entry?.action == "client.created" && entry?.actorName == "Boutique")
    }

    @Test func aRevokedTokenEndsTheShortLivedOnesAtOnce() throws {
        let short = try token()
        #expect(try call(short).status == 200)
        #expect(try test.post("/settings/tokens/\(id)/delete").status == 303)
        #expect(try call(short).status == 401)
        #expect(try exchange([], basic: "\(id):\(secret)").status == 401)
    }

    @Test func wrongClientsScopesAndGrantsAreRefusedAsTheStandardSays() throws {
        let wrong = try exchange([], basic: "\(id):ct_wrong")
        #expect(wrong.status == 401 && wrong.json?["error"] == "invalid_client")
        #expect(wrong.response.headers["WWW-Authenticate"] == "Basic realm=\"Comptoir\"")
        let another = try exchange([
            ("client_id", UniqueID.make(at: test.clock.now).description), ("client_secret", secret),
        ])
        #expect(another.status == 401)
        let scope = try exchange([("scope", "invoices:issue")], basic: "\(id):\(secret)")
        #expect(scope.status == 400 && scope.json?["error"] == "invalid_scope")
        let grant = try test.respond(
            .post, "/oauth/token", form: [("grant_type", "password")], as: nil)
        #expect(grant.json?["error"] == "unsupported_grant_type")
        let inForm = try exchange([("client_id", id.description), ("client_secret", secret)])
        #expect(inForm.status == 200)
    }

    @Test func forgedTokensOpenNothing() throws {
        let good = try token()
        let parts = good.split(separator: ".").map(String.init)
        let claims = try #require(JSONWebToken(good)?.claims)
        func with(_ header: JSON, _ claims: JSON, _ signature: String) -> String {
            [header.bytes, claims.bytes].map(Base64URL.text).joined(separator: ".") + "."
                + signature
        }
        let stranger = SigningKey(seed: [UInt8](repeating: 3, count: 32))
        let keyID = try #require(JSONWebToken(good)?.keyID)
        let other: JSON = ["sub": JSON(id), "scope": "clients:write"]
        let forged = [
            with(["alg": "none", "typ": "at+jwt", "kid": .string(keyID)], claims, ""),
            with(["alg": "HS256", "typ": "at+jwt", "kid": .string(keyID)], claims, parts[2]),
            parts[0] + "." + Base64URL.text(other.bytes) + "." + parts[2],
            JSONWebToken.signed(claims, type: "at+jwt", by: stranger, id: keyID),
            JSONWebToken.signed(claims, type: "at+jwt", by: stranger, id: "unknown"),
            good + "A", String(good.dropLast()), parts[0] + ".." + parts[2],
        ]
        var accepted = 0
        for token in forged {
            let status = try call(token).status
            accepted += status < 400 ? 1 : 0
            #expect(status == 401, "\(token)")
        }
        print("figure: tokens: \(forged.count) forged tokens sent to the API, accepted \(accepted)")
    }

    @Test func theKeysThatProveATokenArePublishedAndChangeEachMonth() throws {
        let first = try token()
        let keys = try test.get("/oauth/jwks.json", as: nil).json?["keys"]?.array ?? []
        #expect(try #require(JSONWebToken(first)).isSigned(by: keys.compactMap(JSONWebKey.init)))
        #expect(keys.allSatisfy { $0["d"] == nil }, "nothing secret")
        test.clock.advance(seconds: 31 * 86_400)
        let second = try token()
        #expect(JSONWebToken(first)?.keyID != JSONWebToken(second)?.keyID)
        let metadata = try test.get("/.well-known/oauth-authorization-server", as: nil).json
        #expect(metadata?["token_endpoint"]?.string?.hasSuffix("/oauth/token") == true)
    }

    @Test func callsAreCountedByTokenAndDay() throws {
        for _ in 1...3 { _ = try call(secret) }
        let page = try test.get("/settings/tokens").text
        #expect(page.contains("3\u{A0}appels aujourd’hui, 3 en 30 jours"))
        test.clock.advance(seconds: 86_400)
        _ = try call(secret)
        #expect(
            try test.get("/settings/tokens").text.contains(
                "1\u{A0}appel aujourd’hui, 4 en 30 jours"))
    }

    @Test func tokensOfTheOrganisationAreTheOwnersAlone() throws {
        #expect(try test.get("/settings/tokens", as: .agent).status == 403)
        #expect(try test.post("/account/tokens/\(id)/delete").status == 404, "nobody's own")
        #expect(try !test.get("/account/tokens").text.contains("Boutique"))
        let other = try TestApplication(Clients.self)
        #expect(try other.post("/settings/tokens/\(id)/delete").status == 404)
    }
}
