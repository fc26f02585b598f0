import Basics
@testable import Core
import Database
import HTTP
import TestSupport
import Testing
import WebClient

/// Against a provider that nobody here wrote.
@Suite(.enabled(if: IdentityServer.isAvailable, "oidc-provider-mock cannot be imported"))
struct CompanySignInTests {
    private let provider: IdentityServer
    private let test: TestApplication

    init() throws {
        provider = try IdentityServer()
        // The provider's clock is that of the machine.
        test = try TestApplication(
            all: [], clock: TestClock(.now), webClient: WebClient(allowsLoopback: true))
        let saved = try test.post(
            "/settings/company-sign-in",
            [
                "issuer": provider.issuer, "client_id": "comptoir",
                "client_secret": "s3cret & more",
                "is_active": "on",
            ])
        #expect(saved.status == 303)
    }

    private func email(_ role: Role) throws -> String { try #require(test.people[role]?.email) }

    /// Up to the provider's door; answers where the browser is sent.
    private func begin(_ browser: Browser) throws -> String {
        let slug = try test.organisation.slug
        let answer = try browser.ask("/sign-in/company?name=\(slug)")
        #expect(answer.status == 303)
        return try #require(answer.location)
    }

    /// The whole way of somebody whom the provider calls `subject`.
    private func signIn(_ browser: Browser, as subject: String) throws {
        let back = try provider.signIn(at: begin(browser), as: subject)
        let path = try #require(back.firstRange(of: "/sign-in/company/callback"))
        try browser.get(String(back[path.lowerBound...]))
        if browser.forms.contains(where: { $0.action == Self.entry }) {
            try browser.submit(Self.entry)
        }
    }

    private static let entry = "/sign-in/company/enter"

    @Test func somebodyWhoWasInvitedComesInWithTheVerifiedAddress() throws {
        try provider.addUser("u1", ["email": .string(email(.agent)), "email_verified": true])
        let browser = test.browser(as: nil)
        try signIn(browser, as: "u1")
        #expect(browser.isSignedIn && browser.address == "/" && browser.status == 200)
        let entry = try test.read { try $0.journal(most: 1).first }
        #expect(entry?.action == "account.signed_in" && entry?.actorName == "Paul Ancel")
    }

    @Test func anAddressThatTheProviderDoesNotVouchForOpensNothing() throws {
        try provider.addUser("u2", ["email": .string(email(.owner)), "email_verified": false])
        let browser = test.browser(as: nil)
        try signIn(browser, as: "u2")
        #expect(browser.status == 403 && !browser.isSignedIn)
        try provider.addUser("u3", ["email": "nobody@elsewhere.example", "email_verified": true])
        try signIn(browser, as: "u3")
        #expect(browser.status == 403 && !browser.isSignedIn)
    }

    @Test func theProvidersNameForAPersonCountsOnceItIsKnown() throws {
        try provider.addUser("u4", ["email": .string(email(.agent)), "email_verified": true])
        try signIn(test.browser(as: nil), as: "u4")
        // The address goes to somebody else there: they are not let in as the agent.
        try provider.addUser("u5", ["email": .string(email(.agent)), "email_verified": true])
        let stranger = test.browser(as: nil)
        try signIn(stranger, as: "u5")
        #expect(!stranger.isSignedIn)
        try provider.addUser("u4", ["email": "renamed@altavista.example", "email_verified": true])
        let same = test.browser(as: nil)
        try signIn(same, as: "u4")
        #expect(same.isSignedIn)
    }

    @Test func aCodeServesTheBrowserThatBeganAndOnlyOnce() throws {
        try provider.addUser("u6", ["email": .string(email(.agent)), "email_verified": true])
        let (victim, thief) = (test.browser(as: nil), test.browser(as: nil))
        let back = try provider.signIn(at: begin(victim), as: "u6")
        let path = String(
            back[try #require(back.firstRange(of: "/sign-in/company/callback")).lowerBound...])
        try thief.get(path)
        #expect(thief.status == 400 && !thief.isSignedIn, "it did not begin there")
        _ = try begin(thief)
        try thief.get(path)
        #expect(thief.status == 400 && !thief.isSignedIn, "another beginning")
        try victim.get(path)
        #expect(!victim.isSignedIn, "not before they say so themselves")
        #expect(victim.text.contains("Paul Ancel"))
        try victim.submit(Self.entry)
        #expect(victim.isSignedIn)
        try victim.post("/sign-out")
        try victim.get(path)
        #expect(!victim.isSignedIn, "used already")
    }

    @Test func aBeginningLastsTenMinutes() throws {
        try provider.addUser("u7", ["email": .string(email(.agent)), "email_verified": true])
        let browser = test.browser(as: nil)
        let back = try provider.signIn(at: begin(browser), as: "u7")
        test.clock.advance(seconds: 601)
        try browser.get(
            String(
                back[try #require(back.firstRange(of: "/sign-in/company/callback")).lowerBound...]))
        #expect(browser.status == 400 && !browser.isSignedIn)
    }

    @Test func whatItOpensStaysInItsOrganisation() throws {
        let other = try TestApplication(all: [], clock: test.clock)
        let agent = try #require(test.people[.agent])
        try TestDatabase.pool.withConnection {
            try $0.addMembership(agent.id, to: other.organisationID, as: .owner)
        }
        try provider.addUser("u8", ["email": .string(agent.email), "email_verified": true])
        let browser = test.browser(as: nil)
        try signIn(browser, as: "u8")
        try browser.get("/account")
        #expect(!browser.text.contains("Vos organisations"))
        try browser.post(
            "/account/organisation", ["organisation": other.organisationID.description])
        #expect(browser.status == 409)
    }

    @Test func theSecondFactorIsAskedForHereToo() throws {
        let agent = try #require(test.people[.agent])
        try test.write(as: .agent) {
            try $0.prepareSecondFactor(
                [UInt8](repeating: 5, count: 20), test.application.ownKeys)
            let code = OneTimePassword(secret: [UInt8](repeating: 5, count: 20))
                .password(step: OneTimePassword.step(at: test.clock.now))
            _ = try $0.confirmSecondFactor(
                code, test.application, test.application.ownKeys)
        }
        try provider.addUser("u9", ["email": .string(agent.email), "email_verified": true])
        let browser = test.browser(as: nil)
        try signIn(browser, as: "u9")
        #expect(browser.address == "/sign-in/code" && !browser.isSignedIn)
    }

    @Test func aFormLeadsThereByALinkBecauseBrowsersStopFormsAtTheBorder() throws {
        let slug = try test.organisation.slug
        let browser = test.browser(as: nil)
        try browser.get("/sign-in/company")
        try browser.submit("/sign-in/company", ["name": slug])
        #expect(browser.status == 200)
        #expect(browser.text.contains("href=\"\(provider.issuer)/oauth2/authorize?"))
    }

    @Test func aProviderThatVerifiesNothingIsTrustedOnlyWhenTheOwnerSaysSo() throws {
        try provider.addUser("u10", ["email": .string(email(.agent))])
        let browser = test.browser(as: nil)
        try signIn(browser, as: "u10")
        #expect(!browser.isSignedIn)
        _ = try test.post(
            "/settings/company-sign-in",
            [
                "issuer": provider.issuer, "client_id": "comptoir", "is_active": "on",
                "trusts_addresses": "on",
            ])
        try signIn(browser, as: "u10")
        #expect(browser.isSignedIn)
    }

    @Test func whoComesBackUnderAnotherAddressIsTheNewColleague() throws {
        let agent = try #require(test.people[.agent])
        try provider.addUser("u11", ["email": .string(agent.email), "email_verified": true])
        try signIn(test.browser(as: nil), as: "u11")
        try test.write { try $0.archiveColleague(agent.id) }
        try provider.addUser("u11", ["email": .string(email(.accountant)), "email_verified": true])
        let browser = test.browser(as: nil)
        try signIn(browser, as: "u11")
        #expect(browser.isSignedIn && browser.text.contains("Inès Roche"))
    }

    @Test func theSecretGoesToNoOtherProvider() throws {
        let answer = try test.post(
            "/settings/company-sign-in",
            ["issuer": "https://evil.example", "client_id": "comptoir", "is_active": "on"])
        #expect(answer.status == 422 && answer.text.contains("id=\"f-client_secret-e\""))
    }

    @Test func aSessionOfTheProviderChangesNothingOfTheAccount() throws {
        try provider.addUser("u12", ["email": .string(email(.agent)), "email_verified": true])
        let browser = test.browser(as: nil)
        try signIn(browser, as: "u12")
        try browser.get("/account")
        try browser.submit("/account", ["name": "Eve"])
        #expect(browser.status == 409)
        try browser.get("/account")
        try browser.submit(
            "/account/password",
            [
                "current_password": TestApplication.password,
                "new_password": "another one, and long",
            ])
        #expect(browser.status == 409)
        #expect(browser.cookies.keys.allSatisfy { !$0.hasPrefix("comptoir_device") })
    }

    @Test func aProviderThatIsOffAwayOrUnknownIsSaidInPlainWords() throws {
        let slug = try test.organisation.slug
        let browser = test.browser(as: nil)
        try browser.get("/sign-in/company?name=no-such-company")
        #expect(browser.status == 422)
        _ = try test.post(
            "/settings/company-sign-in",
            [
                "issuer": "http://127.0.0.1:1", "client_id": "comptoir", "client_secret": "x",
                "is_active": "on",
            ])
        try browser.get("/sign-in/company?name=\(slug)")
        #expect(browser.status == 502 && browser.text.contains("ne répond pas"))
        _ = try test.post(
            "/settings/company-sign-in",
            ["issuer": provider.issuer, "client_id": "comptoir", "client_secret": "x"])
        try browser.get("/sign-in/company?name=\(slug)")
        #expect(browser.status == 422, "off is as if it were not there")
    }

    @Test func theSecretIsSealedAndNeverShown() throws {
        let page = try test.get("/settings/company-sign-in").text
        #expect(!page.contains("s3cret"))
        let kept = try #require(try test.read { try $0.identityProvider() })
        #expect(!kept.sealedSecret.contains(Array("s3cret".utf8)))
    }

    @Test(arguments: [
        ("issuer", ""), ("issuer", "nonsense"), ("issuer", "http://example.com"),
        ("client_id", ""), ("client_secret", ""),
    ])
    func aWrongFieldIsNamed(field: String, value: String) throws {
        var form = ["issuer": provider.issuer, "client_id": "other", "client_secret": "x"]
        form[field] = value
        let answer = try test.respond(
            .post, "/settings/company-sign-in", form: form.map { ($0.key, $0.value) })
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-\(field)-e\""))
    }
}
