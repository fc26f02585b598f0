import Basics
@testable import Core
import TestSupport
import Testing

@Suite struct AccountTests {
    private static let newPassword = "une phrase facile à retenir"

    @Test func nameLanguageAndThemeAreOnesOwnChoice() throws {
        let test = try TestApplication()
        let browser = test.browser(as: .accountant)
        try browser.get("/account")
        try browser.submit("/account", ["name": "Inès R.", "language": "en", "theme": "dark"])
        #expect(browser.status == 200)
        #expect(browser.text.contains("<html lang=\"en\" data-theme=\"dark\">"))
        #expect(browser.text.contains("Inès R."))
    }

    @Test(arguments: [("name", ""), ("language", "de"), ("theme", "pink")])
    func aWrongFieldIsNamed(field: String, value: String) throws {
        let test = try TestApplication()
        let answer = try test.respond(
            .post, "/account",
            form: ["name": "Claire", "language": "fr", "theme": "auto"].merging([field: value]) {
                $1
            }.map { ($0.key, $0.value) })
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-\(field)-e\""))
    }

    @Test func aNewPasswordEndsTheOtherSessionsAndReplacesTheOldOne() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        let here = test.browser(as: nil)
        try here.get("/sign-in")
        try here.submit(
            "/sign-in", ["email": agent.email, "password": TestApplication.password])
        try here.get("/account")
        try here.submit(
            "/account/password",
            ["current_password": TestApplication.password, "new_password": Self.newPassword])
        #expect(here.status == 200)
        #expect(here.address == "/account", "this session stays")
        #expect(try test.get("/account", as: .agent).status == 303, "the other one is over")
        let browser = test.browser(as: nil)
        try browser.get("/sign-in")
        try browser.submit(
            "/sign-in", ["email": agent.email, "password": TestApplication.password])
        #expect(browser.status == 422)
        try browser.submit("/sign-in", ["email": agent.email, "password": Self.newPassword])
        #expect(browser.cookies[Session.cookieName] != nil)
    }

    @Test func aPasswordThatIsShortLongOrHoldsTheAddressIsRefused() throws {
        let test = try TestApplication()
        let email = try #require(test.people[.owner]?.email)
        let refused = [
            "elevenchars", "", email.uppercased() + "!", String(repeating: "p", count: 1025),
        ]
        for password in refused {
            let answer = try test.post(
                "/account/password",
                ["current_password": TestApplication.password, "new_password": password])
            #expect(answer.status == 422)
            #expect(answer.text.contains("id=\"f-new_password-e\""))
        }
        let answer = try test.post(
            "/account/password", ["current_password": "wrong", "new_password": Self.newPassword])
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-current_password-e\""))
        #expect(!answer.text.contains(Self.newPassword), "passwords never come back in a page")
    }

    @Test func aStolenSessionCannotGuessThePassword() throws {
        let test = try TestApplication()
        let form: KeyValuePairs = ["current_password": "guess", "new_password": Self.newPassword]
        for _ in 1...SignIn.failuresPerAccount {
            #expect(try test.post("/account/password", form).status == 422)
        }
        let answer = try test.post(
            "/account/password",
            ["current_password": TestApplication.password, "new_password": Self.newPassword])
        #expect(answer.status == 429)
        #expect(answer.response.headers["Retry-After"] == "900")
    }

    @Test func onePersonGoesFromOneOrganisationToAnother() throws {
        let (test, other) = (try TestApplication(), try TestApplication())
        let owner = try #require(test.people[.owner])
        try TestDatabase.pool.withConnection {
            try $0.addMembership(owner.id, to: other.organisationID, as: .agent)
        }
        let browser = test.browser()
        try browser.get("/account")
        let old = browser.cookies[Session.cookieName]
        try browser.submit("/account/organisation")
        #expect(browser.address == "/")
        #expect(browser.cookies[Session.cookieName] != old, "a page still open cannot send here")
        try browser.get("/settings/company")
        #expect(browser.status == 403, "there the person is an agent")
        #expect(try test.get("/account").status == 303, "the old session is over")
    }

    @Test func nobodyEntersAnOrganisationThatIsNotTheirs() throws {
        let (test, other) = (try TestApplication(), try TestApplication())
        let answer = try test.post(
            "/account/organisation", ["organisation": other.organisationID.description])
        #expect(answer.status == 404)
        #expect(try test.get("/account").status == 200)
    }
}
