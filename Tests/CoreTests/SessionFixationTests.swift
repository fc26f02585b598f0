import Basics
@testable import Core
import Database
import HTTP
import TestSupport
import Testing

/// Whoever plants a cookie in somebody's browser and waits until they sign in has nothing of it. Company
/// accounts have the same test in their own suite.
@Suite struct SessionFixationTests {
    enum Way: CaseIterable { case password, code, passkey }
    enum Planted: CaseIterable { case madeUp, ended, another }

    private let test: TestApplication
    private let agent: TestApplication.Person
    private let owner: TestApplication.Person

    init() throws {
        test = try TestApplication()
        agent = try #require(test.people[.agent])
        owner = try #require(test.people[.owner])
    }

    /// The last form of a way in, without its token: who sends it is signed in.
    private func lastForm(_ way: Way, _ browser: Browser) throws -> (String, [String: String]) {
        switch way {
        case .password:
            try browser.get("/sign-in")
            return ("/sign-in", ["email": agent.email, "password": TestApplication.password])
        case .code:
            let password = OneTimePassword(secret: [UInt8](repeating: 5, count: 20))
            func code() -> String {
                password.password(step: OneTimePassword.step(at: test.clock.now))
            }
            try test.write(as: .agent) {
                let keys = try test.application.ownKeys
                try $0.prepareSecondFactor([UInt8](repeating: 5, count: 20), keys)
                _ = try $0.confirmSecondFactor(code(), test.application, keys)
            }
            test.clock.advance(seconds: 60)
            try browser.signIn(agent.email)
            try #require(browser.address == "/sign-in/code")
            return ("/sign-in/code", ["code": code()])
        case .passkey:
            let (device, own) = (SoftwareAuthenticator(), test.browser(as: .agent))
            try own.add(device, own.askToAddPasskey())
            return ("/sign-in/passkey", device.signInForm(try browser.askToSignInWithPasskey()))
        }
    }

    /// Sends a form with these cookies and the word that goes with that secret; answers the session.
    private func send(
        _ target: String, _ form: [String: String], _ cookies: [String: String], secret: String
    ) throws -> Answer {
        let word = FormToken.word(secret, key: TestApplication.secretKey)
        let fields = (form.map { ($0.key, $0.value) } + [(FormToken.field, word)]).map {
            "\($0.0)=\(PercentEncoding.encoded($0.1))"
        }
        let header = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        return test.answer(
            to: try HTTPRequest(
                method: .post, target: target,
                headers: ["Cookie": header, "Content-Type": "application/x-www-form-urlencoded"],
                body: Array(fields.joined(separator: "&").utf8)))
    }

    private func person(_ token: String) throws -> User.ID? {
        try TestDatabase.pool.withConnection {
            try $0.session(token: token, at: test.clock.now)?.user.id
        }
    }

    private func token(_ planted: Planted) throws -> String {
        switch planted {
        case .madeUp: return Random.token()
        case .another: return owner.token
        case .ended:
            let token = try #require(test.people[.accountant]?.token)
            try TestDatabase.pool.withConnection { try $0.endSession(token: token) }
            return token
        }
    }

    @Test(arguments: Way.allCases, Planted.allCases)
    func signingInBeginsASessionThatNobodyCouldPlant(way: Way, planted: Planted) throws {
        let browser = test.browser(as: nil)
        let (target, form) = try lastForm(way, browser)
        let token = try token(planted)
        var cookies = browser.cookies
        cookies[Session.cookieName] = token
        let visitor = try #require(cookies[FormToken.visitorCookie])
        let answer = try send(
            target, form, cookies, secret: planted == .another ? token : visitor)
        let begun = try #require(answer.begunSession)
        #expect(begun != token)
        #expect(try person(begun) == agent.id)
        #expect(try person(token) == (planted == .another ? owner.id : nil))
    }

    @Test(arguments: Way.allCases)
    func aVisitorsCookieThatSomebodyPlantedOpensNothingAfterwards(way: Way) throws {
        let (browser, planted) = (test.browser(as: nil), Random.token())
        browser.plant(FormToken.visitorCookie, planted)
        let (target, form) = try lastForm(way, browser)
        var cookies = browser.cookies
        try #require(cookies[FormToken.visitorCookie] == planted)
        let begun = try #require(try send(target, form, cookies, secret: planted).begunSession)
        #expect(begun != planted)
        #expect(try person(planted) == nil)
        cookies[Session.cookieName] = begun
        let forged = try send("/account", ["name": "Eve"], cookies, secret: planted)
        #expect(forged.status == 400, "the word of a form that the planter could have read")
        #expect(try send("/account", ["name": "Paul"], cookies, secret: begun).status == 303)
        let stranger = test.browser(as: nil)
        stranger.plant(FormToken.visitorCookie, planted)
        stranger.plant(Session.cookieName, planted)
        try stranger.get("/account")
        #expect(stranger.address.hasPrefix("/sign-in"))
    }

    @Test func aSessionThatIsOverKeepsNobodyFromSigningIn() throws {
        let browser = test.browser(as: .agent)
        try TestDatabase.pool.withConnection { try $0.endSession(token: agent.token) }
        try browser.get("/account")
        #expect(browser.address == "/sign-in?next=/account")
        try browser.submit(
            "/sign-in", ["email": agent.email, "password": TestApplication.password])
        #expect(browser.address == "/account" && browser.status == 200)
    }
}

extension Answer {
    /// The cookie of the session that begins with this answer.
    fileprivate var begunSession: String? {
        response.headers.all(named: "Set-Cookie").compactMap { cookie in
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            return pair.count == 2 && pair[0] == Session.cookieName ? String(pair[1]) : nil
        }.last
    }
}
