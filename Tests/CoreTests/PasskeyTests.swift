import Basics
@testable import Core
import Database
import HTTP
import TestSupport
import Testing

/// Signing in with a passkey. The device is made in the test; libfido2 checks what it signs.
@Suite struct PasskeyTests {
    private let test: TestApplication
    private let device = SoftwareAuthenticator()
    /// Failures count by address: each test has one of its own.
    private let place = hexadecimal(Random.bytes(4))

    init() throws {
        test = try TestApplication()
        let browser = test.browser(as: .agent)
        try browser.add(device, browser.askToAddPasskey())
        try #require(browser.status == 200 && browser.address == "/account/passkeys")
    }

    private var agent: TestApplication.Person {
        get throws { try #require(test.people[.agent]) }
    }

    private var address: String { "2001:db8:\(place.prefix(4)):\(place.suffix(4))::1" }

    /// Somebody who is not signed in.
    private func visitor() -> Browser {
        let browser = test.browser(as: nil)
        browser.remoteAddress = address
        return browser
    }

    /// One request with the cookies of a browser as they were, whatever it has become since.
    private func send(_ form: [String: String], _ cookies: [String: String], token: String) throws
        -> Answer
    {
        let pairs = (form.map { ($0.key, $0.value) } + [(FormToken.field, token)]).map {
            "\($0.0)=\($0.1)"
        }
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        return test.answer(
            to: try HTTPRequest(
                method: .post, target: "/sign-in/passkey",
                headers: [
                    "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded",
                ], body: Array(pairs.joined(separator: "&").utf8), remoteAddress: address))
    }

    private func passkeys(_ role: Role = .agent) throws -> [Passkey] {
        let user = try #require(test.people[role]?.id)
        return try TestDatabase.pool.withConnection { try $0.passkeys(of: user) }
    }

    /// Whether the device opens the account, in a browser of its own. Every refusal reads the same.
    private func opens(
        _ change: (SoftwareAuthenticator) -> Void = { _ in }
    ) throws -> Bool {
        let browser = visitor()
        let question = try browser.askToSignInWithPasskey()
        change(device)
        try browser.signIn(with: device, question)
        if !browser.isSignedIn { expectRefusal(browser) }
        return browser.isSignedIn
    }

    private func expectRefusal(_ browser: Browser) {
        #expect(browser.status == 422 && browser.text.contains("n’ouvre rien ici"))
    }

    @Test func itOpensTheAccountWithoutNamePasswordOrCode() throws {
        let agent = try agent
        try test.write(as: .agent) {
            let secret = [UInt8](repeating: 5, count: 20)
            let keys = try test.application.ownKeys
            try $0.prepareSecondFactor(secret, keys)
            let step = OneTimePassword.step(at: test.clock.now)
            _ = try $0.confirmSecondFactor(
                OneTimePassword(secret: secret).password(step: step), test.application, keys)
        }
        let browser = visitor()
        try browser.signIn(with: device)
        #expect(browser.isSignedIn && browser.address == "/" && browser.status == 200)
        let entry = try #require(try test.read { try $0.journal(most: 1).first })
        #expect(entry.action == "account.signed_in" && entry.actorName == "Paul Ancel")
        #expect(entry.details?["note"]?.string?.contains("clé d’accès") == true)
        #expect(try passkeys().first?.lastUsedAt == test.clock.now)
        let session = try TestDatabase.pool.withConnection {
            try $0.session(
                token: browser.cookies[Session.cookieName] ?? "", at: test.clock.now)
        }
        #expect(session?.user.id == agent.id && session?.passkey != nil)
    }

    @Test func aChallengeServesOnceEvenWithItsCookie() throws {
        let browser = visitor()
        let question = try browser.askToSignInWithPasskey()
        let cookies = browser.cookies
        let form = device.signInForm(question)
        let first = try send(form, cookies, token: question.token)
        #expect(first.status == 303)
        let again = try send(form, cookies, token: question.token)
        #expect(again.status == 422 && again.text.contains("n’ouvre rien ici"))
    }

    @Test func aChallengeIsSpentByAnAnswerThatFails() throws {
        let browser = visitor()
        let question = try browser.askToSignInWithPasskey()
        device.origin = "https://evil.example"
        try browser.signIn(with: device, question)
        device.origin = "http://localhost"
        try browser.signIn(with: device, question)
        expectRefusal(browser)
        #expect(!browser.isSignedIn)
    }

    @Test func anotherBrowserCannotAnswerInItsPlace() throws {
        let (asked, other) = (visitor(), visitor())
        let question = try asked.askToSignInWithPasskey()
        let own = try other.askToSignInWithPasskey()
        try other.signIn(
            with: device, PasskeyQuestion(token: own.token, json: question.json))
        expectRefusal(other)
        try asked.signIn(with: device, question)
        #expect(asked.isSignedIn, "the one that was asked can")
    }

    @Test func aChallengeEndsAfterFiveMinutes() throws {
        #expect(
            try !opens { _ in test.clock.advance(seconds: PasskeyChallenge.lifetimeSeconds + 1) })
    }

    @Test func theChallengeOfAnAdditionSignsNobodyIn() throws {
        let browser = test.browser(as: .agent)
        browser.remoteAddress = address
        let question = try browser.askToAddPasskey()
        try browser.post("/sign-out", [FormToken.field: question.token])
        let token = try browser.askToSignInWithPasskey().token
        try browser.signIn(with: device, PasskeyQuestion(token: token, json: question.json))
        expectRefusal(browser)
    }

    @Test func aSignatureForAnotherPageIsRefused() throws {
        for origin in ["https://evil.example", "https://localhost", "http://localhost:81", "null"] {
            #expect(try !opens { $0.origin = origin }, "\(origin)")
        }
        #expect(try opens { $0.origin = "http://localhost" })
    }

    @Test func aSignatureWithinAPageOfAnotherSiteIsRefused() throws {
        #expect(try !opens { $0.remarks = [("crossOrigin", true)] })
        #expect(try !opens { $0.remarks = [("topOrigin", "https://evil.example")] })
        #expect(try opens { $0.remarks = [("other_keys_can_be_added_here", "yes")] })
    }

    @Test func aSignatureForAnotherHostIsRefused() throws {
        #expect(try !opens { $0.host = "evil.example" })
        #expect(try opens { $0.host = "localhost" })
    }

    @Test func aDeviceThatDidNotVerifyItsPersonIsRefused() throws {
        #expect(try !opens { $0.flags = SoftwareAuthenticator.present })
        #expect(try !opens { $0.flags = SoftwareAuthenticator.verified })
        #expect(
            try opens {
                $0.flags = SoftwareAuthenticator.present | SoftwareAuthenticator.verified
            })
    }

    @Test(arguments: ["signature", "authenticator_data", "client_data", "credential"])
    func aChangedAnswerIsRefused(field: String) throws {
        let browser = visitor()
        let question = try browser.askToSignInWithPasskey()
        var form = device.signInForm(question)
        var bytes = try #require(form[field].flatMap(Base64URL.bytes))
        bytes[bytes.count - 2] ^= 1
        form[field] = Base64URL.text(bytes)
        let answer = try send(form, browser.cookies, token: question.token)
        #expect(answer.status == 422 && answer.text.contains("n’ouvre rien ici"))
    }

    @Test func clientDataThatTwoReadersCouldReadDifferentlyAreRefused() throws {
        #expect(try !opens { $0.remarks = [("origin", "http://localhost")] })
        #expect(ClientData(Array("[]".utf8)) == nil)
        #expect(ClientData(Array("{}x".utf8)) == nil)
    }

    @Test func aCounterThatGoesBackIsRefusedAndNoted() throws {
        #expect(try opens { $0.signCount = 5 })
        #expect(try opens { $0.signCount = 6 })
        for count: UInt32 in [6, 5, 0] {
            #expect(try !opens { $0.signCount = count }, "a copy at \(count)")
            let entry = try #require(try test.read { try $0.journal(most: 1).first })
            #expect(entry.action == "account.passkey_copied" && entry.severity == .high)
        }
        #expect(try opens { $0.signCount = 7 })
    }

    @Test func thePasskeyOfOnePersonOpensNoOtherAccount() throws {
        let owner = test.browser()
        let other = SoftwareAuthenticator()
        try owner.add(other, owner.askToAddPasskey())
        let (own, others) = (device.userHandle, other.userHandle)
        #expect(try !opens { $0.userHandle = others }, "it says that it is the owner's")
        #expect(try !opens { $0.userHandle = [] }, "it does not say whose it is")
        let credential = device.credential
        #expect(
            try !opens {
                ($0.userHandle, $0.credential) = (others, other.credential)
            }, "the owner's credential, signed by the agent's key")
        #expect(try opens { ($0.userHandle, $0.credential) = (own, credential) })
    }

    @Test func aRemovedPasskeyOpensNothingAndWhatItOpenedEnds() throws {
        let (stolen, own) = (visitor(), visitor())
        try stolen.signIn(with: device)
        try own.signIn(agent.email)
        let address = try #require(try passkeys().first).address
        try own.get(address)
        try own.submit(address + "/delete", ["current_password": "wrong"])
        #expect(own.status == 422)
        try own.submit(address + "/delete", ["current_password": TestApplication.password])
        #expect(own.status == 200 && own.address == "/account/passkeys")
        #expect(try passkeys().isEmpty)
        try stolen.get("/journal")
        #expect(stolen.address.hasPrefix("/sign-in"))
        #expect(try !opens())
    }

    @Test func itOpensNothingOnceItsPersonWorksNowhere() throws {
        let agent = try agent
        #expect(try opens())
        try test.write { try $0.archiveColleague(agent.id) }
        #expect(try !opens())
    }

    @Test func noAnswerRevealsWhetherSomebodyHasAPasskey() throws {
        let unknown = SoftwareAuthenticator()
        unknown.userHandle = device.userHandle
        let (first, second) = (visitor(), visitor())
        let question = try first.askToSignInWithPasskey()
        #expect(question.json["allowCredentials"] == [])
        #expect(question.json["userVerification"] == "required")
        try first.signIn(with: unknown, question)
        device.flags = 0
        try second.signIn(with: device)
        func plain(_ text: String) -> String {
            text.replacing(/value="[0-9a-f]{64}"|content="[0-9a-f]{64}"/, with: "")
        }
        #expect(first.status == 422 && plain(first.text) == plain(second.text))
    }

    @Test func answersThatFailMustWaitAsPasswordsDo() throws {
        let browser = visitor()
        let stranger = SoftwareAuthenticator()
        for _ in 1...SignIn.failuresPerAddress { try browser.signIn(with: stranger) }
        #expect(throws: PasskeyNotAsked.self) { try browser.askToSignInWithPasskey() }
        #expect(browser.status == 429)
        browser.remoteAddress = "127.0.0.1"
        try browser.signIn(with: device)
        #expect(browser.isSignedIn, "the person elsewhere does not")
    }
}
