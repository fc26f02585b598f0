import Core
import TestSupport
import Testing

@Suite struct SignInTests {
    @Test func aPersonSignsInAndOut() throws {
        let test = try TestApplication()
        let email = try #require(test.people[.agent]?.email)
        let browser = test.browser(as: nil)
        try browser.get("/sign-in")
        try browser.submit("/sign-in", ["email": email, "password": TestApplication.password])
        #expect(browser.cookies[Session.cookieName] != nil)
        #expect(browser.address == "/")
        try browser.get("/sign-in")
        #expect(browser.address == "/", "who is signed in is not asked again")
        try browser.post("/sign-out")
        #expect(browser.cookies[Session.cookieName] == nil)
    }

    @Test func aWrongPasswordKeepsTheAddressAndOpensNothing() throws {
        let test = try TestApplication()
        let email = try #require(test.people[.agent]?.email)
        let browser = test.browser(as: nil)
        try browser.get("/sign-in")
        try browser.submit("/sign-in", ["email": email, "password": "wrong"])
        #expect(browser.status == 422)
        #expect(browser.forms.first?["email"] == email)
        #expect(browser.cookies[Session.cookieName] == nil)
    }

    @Test func aFormWithoutItsTokenChangesNothing() throws {
        let test = try TestApplication()
        let answer = try test.respond(
            .post, "/sign-out", form: [("_token", "of another session")], as: .owner)
        #expect(answer.status == 400)
        #expect(try test.get("/sign-in").status == 303, "still signed in")
    }
}
