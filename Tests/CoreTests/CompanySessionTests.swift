import Basics
@testable import Core
import TestSupport
import Testing
import WebClient

/// Sessions that a company's own provider opens.
@Suite(.enabled(if: IdentityServer.isAvailable, "oidc-provider-mock cannot be imported"))
struct CompanySessionTests {
    @Test(arguments: [Session.cookieName, FormToken.visitorCookie])
    func whatSomebodyPlantedBeforehandOpensNothing(cookie: String) throws {
        let provider = try IdentityServer()
        // The provider's clock is that of the machine.
        let test = try TestApplication(
            all: [], clock: TestClock(.now), webClient: WebClient(allowsLoopback: true))
        let saved = try test.post(
            "/settings/company-sign-in",
            [
                "issuer": provider.issuer, "client_id": "comptoir", "client_secret": "s3cret",
                "is_active": "on",
            ])
        try #require(saved.status == 303)
        let agent = try #require(test.people[.agent])
        try provider.addUser("u1", ["email": .string(agent.email), "email_verified": true])
        let (browser, planted) = (test.browser(as: nil), Random.token())
        browser.plant(cookie, planted)
        let slug = try test.organisation.slug
        let door = try #require(try browser.ask("/sign-in/company?name=\(slug)").location)
        let back = try provider.signIn(at: door, as: "u1")
        let path = try #require(back.firstRange(of: "/sign-in/company/callback"))
        try browser.get(String(back[path.lowerBound...]))
        try browser.submit("/sign-in/company/enter")
        let begun = try #require(browser.cookies[Session.cookieName])
        #expect(browser.status == 200 && browser.address == "/" && begun != planted)
        let (session, other) = try test.pool.withConnection {
            (
                try $0.session(token: begun, at: test.clock.now),
                try $0.session(token: planted, at: test.clock.now)
            )
        }
        #expect(session?.user.id == agent.id)
        #expect(other == nil)
    }
}
