import Basics
@testable import Core
import HTTP
import TestSupport
import Testing
import WebClient

/// Signing in with a company account at a provider that lies, or between which and us somebody stands.
@Suite struct ForgedIdentityTests {
    private static let clientID = "comptoir"
    private static let callback = "/sign-in/company/callback"

    private let provider: ForgingProvider
    private let test: TestApplication

    init() throws {
        provider = try ForgingProvider()
        test = try TestApplication(all: [], webClient: WebClient(allowsLoopback: true))
        try use(provider)
    }

    private func use(_ provider: ForgingProvider) throws {
        let saved = try test.post(
            "/settings/company-sign-in",
            [
                "issuer": provider.issuer, "client_id": Self.clientID, "client_secret": "s3cret",
                "is_active": "on",
            ])
        #expect(saved.status == 303)
    }

    /// What the browser takes to the provider.
    private struct Beginning {
        let query: Fields
        let state: String
        let nonce: String
    }

    private func begin(_ browser: Browser) throws -> Beginning {
        let answer = try browser.ask("/sign-in/company?name=\(test.organisation.slug)")
        let location = try #require(answer.location)
        #expect(location.hasPrefix(provider.issuer + "/authorize?"))
        let query = try fields(String(location.dropFirst(provider.issuer.count)))
        let (state, nonce) = (query["state"], query["nonce"])
        return Beginning(query: query, state: try #require(state), nonce: try #require(nonce))
    }

    private func comeBack(_ browser: Browser, _ state: String) throws {
        try browser.get("\(Self.callback)?code=c&state=\(state)")
    }

    private func fields(_ target: String) throws -> Fields {
        try HTTPRequest(method: .get, target: target, headers: [:], body: []).query
    }

    private func honest(nonce: String) throws -> [String: JSON] {
        let agent = try #require(test.people[.agent])
        return [
            "iss": .string(provider.issuer), "aud": .string(Self.clientID), "sub": "u1",
            "nonce": .string(nonce), "iat": .int(test.clock.now.seconds),
            "exp": .int(test.clock.now.seconds + 300), "email": .string(agent.email),
            "email_verified": true,
        ]
    }

    @Test func anHonestTokenOpensAndWhoeverHasOnlyTheCodeLacksTheVerifier() throws {
        let browser = test.browser(as: nil)
        let begun = try begin(browser)
        let (challenge, method) = (
            begun.query["code_challenge"], begun.query["code_challenge_method"]
        )
        #expect(method == "S256")
        try provider.issue(Forgery.honest.token(honest(nonce: begun.nonce)))
        try comeBack(browser, begun.state)
        #expect(browser.status == 200 && browser.text.contains("Paul Ancel"))
        try browser.submit("/sign-in/company/enter")
        #expect(browser.isSignedIn)
        let posted = try #require(provider.asked().last { $0.path == "/token" })
        let kept = try fields("/?" + posted.body)["code_verifier"]
        let verifier = try #require(kept)
        #expect((43...128).contains(verifier.utf8.count), "RFC 7636, 4.1")
        #expect(Base64URL.text(Digest.sha256(verifier)) == challenge)
    }

    @Test(arguments: Forgery.all)
    func aForgedTokenOpensNothingAndNothingIsSaidOfIt(forgery: Forgery) throws {
        let browser = test.browser(as: nil)
        let begun = try begin(browser)
        let token = forgery.token(try honest(nonce: begun.nonce))
        try provider.issue(token)
        try comeBack(browser, begun.state)
        #expect(browser.status == 502 && !browser.isSignedIn)
        let agent = try #require(test.people[.agent])
        for secret in ["Paul Ancel", agent.email, "u1", begun.nonce, token, "s3cret"] {
            #expect(!browser.text.contains(secret))
        }
        #expect(try isUnknown("u1"))
        // What the log says is the failure alone.
        let kept = try #require(try test.read { try $0.identityProvider() })
        let exchange = try OpenIDExchange(
            WebClient(allowsLoopback: true), kept, secret: "s3cret", redirectURI: "")
        let failure = #expect(throws: OpenIDFailure.self) {
            try exchange.identity(code: "c", verifier: "v", nonce: begun.nonce, at: test.clock.now)
        }
        #expect(failure.map { "\($0)" } == "token")
    }

    private func isUnknown(_ subject: String) throws -> Bool {
        try test.read { transaction in
            let known: Int? = try transaction.value(
                """
                SELECT count(*) FROM external_identities
                WHERE organisation_id = \(transaction.organisation) AND subject = \(subject)
                """)
            return known == 0
        }
    }

    @Test func whatIsSaidOfAnotherPersonElsewhereDoesNotCount() throws {
        let browser = test.browser(as: nil)
        let begun = try begin(browser)
        var claims = try honest(nonce: begun.nonce)
        let email = claims.removeValue(forKey: "email") ?? .null
        try provider.issue(Forgery.honest.token(claims))
        try provider.tell("/userinfo", ["sub": "u2", "email": email, "email_verified": true])
        try comeBack(browser, begun.state)
        #expect(browser.status == 403 && !browser.isSignedIn)
        #expect(try provider.asked().contains { $0.path == "/userinfo" })
        #expect(try isUnknown("u1") && isUnknown("u2"))
    }

    @Test func theStateOfAnotherBrowserIsRefusedBeforeItsCodeIsSpent() throws {
        let (victim, thief) = (test.browser(as: nil), test.browser(as: nil))
        let begun = try begin(victim)
        _ = try begin(thief)
        try provider.issue(Forgery.honest.token(honest(nonce: begun.nonce)))
        try comeBack(thief, begun.state)
        #expect(thief.status == 400 && !thief.isSignedIn)
        try thief.get("\(Self.callback)?code=c")
        #expect(thief.status == 400)
        #expect(try !provider.asked().contains { $0.path == "/token" })
    }

    // MARK: addresses that lead inside

    private static let endpoints = ["token_endpoint", "jwks_uri", "userinfo_endpoint"]
    private static let inside = [
        "http://169.254.169.254/latest", "https://169.254.169.254/latest", "https://10.0.0.1/",
        "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/", "https://192.168.1.1/",
        "http://example.com/", "file:///etc/passwd",
    ]

    /// With the exception for this machine, as webhooks have it: no other machine inside is reached.
    @Test(arguments: endpoints, inside)
    func aProviderLeadsNoRequestInside(endpoint: String, address: String) throws {
        let provider = try ForgingProvider([endpoint: address])
        try use(provider)
        let kept = try #require(try test.read { try $0.identityProvider() })
        let exchange = try OpenIDExchange(
            WebClient(allowsLoopback: true), kept, secret: "s3cret", redirectURI: "")
        var claims = try honest(nonce: "n")
        claims["iss"] = .string(provider.issuer)
        claims["email"] = nil
        try provider.issue(Forgery.honest.token(claims))
        let failure = #expect(throws: OpenIDFailure.self) {
            try exchange.identity(code: "c", verifier: "v", nonce: "n", at: test.clock.now)
        }
        let refused = address.hasPrefix("file:") ? "answer(\"\(address)\")" : Self.forbidden
        #expect(failure.map { "\($0)" } == refused)
    }

    private static let forbidden = "unreachable(\"forbidden\")"

    @Test func thisMachineIsAskedOnlyWhereTheExceptionIsOn() throws {
        var kept = try #require(try test.read { try $0.identityProvider() })
        let port = try #require(kept.issuer.split(separator: ":").last)
        let before = try provider.asked().count
        for host in ["127.0.0.1", "[::1]", "localhost", "0.0.0.0"] {
            for scheme in ["http", "https"] {
                kept.issuer = "\(scheme)://\(host):\(port)"
                let failure = #expect(throws: OpenIDFailure.self) {
                    try OpenIDExchange(WebClient(), kept, secret: "s3cret", redirectURI: "")
                }
                #expect(failure.map { "\($0)" } == Self.forbidden, "\(kept.issuer)")
            }
        }
        #expect(try provider.asked().count == before)
        let guarded = try TestApplication(all: [])
        let answer = try guarded.post(
            "/settings/company-sign-in",
            ["issuer": provider.issuer, "client_id": "a", "client_secret": "b", "is_active": "on"])
        #expect(answer.status == 422 && answer.text.contains("id=\"f-issuer-e\""))
    }

    /// A link there would run in our own pages.
    @Test(arguments: ["javascript:alert(1)//", "http://example.com/", "https://10.0.0.1/", "/x"])
    func aBrowserIsSentOnlyToAnAddressOfTheWeb(address: String) throws {
        let provider = try ForgingProvider(["authorization_endpoint": address])
        try use(provider)
        let browser = test.browser(as: nil)
        for form in ["", "&from=form"] {
            try browser.get("/sign-in/company?name=\(test.organisation.slug)\(form)")
            #expect(browser.status == 502 && !browser.text.contains(address))
        }
    }
}
