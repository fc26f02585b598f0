import Basics
@testable import Core
import Database
import HTTP
import TestSupport
import Testing
import WebAuthn

/// Adding passkeys, keeping them, and what organisations ask of them.
@Suite struct PasskeyPageTests {
    private let test: TestApplication
    private let device = SoftwareAuthenticator()

    init() throws { test = try TestApplication() }

    private func passkeys(_ role: Role = .agent) throws -> [Passkey] {
        let user = try #require(test.people[role]?.id)
        return try TestDatabase.pool.withConnection { try $0.passkeys(of: user) }
    }

    private func add(_ role: Role, _ device: SoftwareAuthenticator) throws -> Browser {
        let browser = test.browser(as: role)
        try browser.add(device, browser.askToAddPasskey())
        return browser
    }

    @Test func aPasskeyIsAddedShownRenamedAndNoted() throws {
        let browser = try add(.agent, device)
        #expect(browser.text.contains("Clé d’accès ajoutée."))
        let passkey = try #require(try passkeys().first)
        #expect(passkey.name == "Portable" && passkey.party == "localhost")
        let entry = try #require(try test.read { try $0.journal(most: 1).first })
        #expect(entry.action == "account.passkey_added" && entry.severity == .high)
        try browser.get("/account")
        #expect(browser.text.contains("Portable") && browser.text.contains("pas encore utilisée"))
        try browser.get(passkey.address)
        try browser.submit(passkey.address, ["name": "Téléphone"])
        #expect(browser.text.contains("Téléphone") && !browser.text.contains("Portable"))
        #expect(try test.get(passkey.address, as: .owner).status == 404, "somebody else's")
        #expect(try test.post(passkey.address + "/delete", as: .owner).status == 404)
    }

    @Test(arguments: CredentialKey.Algorithm.allCases)
    func everyKindOfKeySignsIn(_ algorithm: CredentialKey.Algorithm) throws {
        let device = SoftwareAuthenticator(algorithm)
        _ = try add(.agent, device)
        let browser = test.browser(as: nil)
        try browser.signIn(with: device)
        #expect(browser.isSignedIn)
    }

    @Test func addingAsksForThePasswordAndGuessingItMustWait() throws {
        let browser = test.browser(as: .agent)
        for _ in 1...SignIn.failuresPerAccount {
            #expect(throws: PasskeyNotAsked.self) {
                try browser.askToAddPasskey(password: "wrong")
            }
            #expect(browser.status == 422)
        }
        #expect(throws: PasskeyNotAsked.self) { try browser.askToAddPasskey() }
        #expect(browser.status == 429)
    }

    /// Whether a device may be added that answers the question in this way.
    private func adds(
        as ceremony: String = "webauthn.create", _ change: (SoftwareAuthenticator) -> Void
    ) throws -> Bool {
        let before = try passkeys().count
        let browser = test.browser(as: .agent)
        let question = try browser.askToAddPasskey()
        let device = SoftwareAuthenticator()
        change(device)
        try browser.add(device, question, as: ceremony)
        let isAdded = try passkeys().count > before
        #expect(browser.status == (isAdded ? 200 : 409))
        return isAdded
    }

    @Test func whatAnswersAnotherQuestionIsNotAdded() throws {
        #expect(try adds { _ in })
        #expect(try !adds(as: "webauthn.get") { _ in }, "another ceremony")
        #expect(try !adds { $0.origin = "https://evil.example" }, "another page")
        #expect(try !adds { $0.remarks = [("crossOrigin", true)] }, "within another page")
        #expect(try !adds { $0.host = "evil.example" }, "another host")
        #expect(try !adds { $0.flags = SoftwareAuthenticator.present }, "not verified")
        #expect(try !adds { $0.flags = SoftwareAuthenticator.verified }, "not present")
        #expect(try !adds { $0.credential = [] }, "without a name")
        #expect(try !adds { $0.credential = Random.bytes(1024) }, "with a name too long")
        #expect(
            try !adds { _ in test.clock.advance(seconds: PasskeyChallenge.lifetimeSeconds + 1) },
            "too late")
    }

    @Test func theQuestionToOnePersonIsNotAnsweredByAnother() throws {
        let (agent, owner) = (test.browser(as: .agent), test.browser())
        let question = try agent.askToAddPasskey()
        let own = try owner.askToAddPasskey()
        try owner.add(device, PasskeyQuestion(token: own.token, json: question.json))
        #expect(try owner.status == 409 && passkeys(.owner).isEmpty)
    }

    @Test func aPasskeyIsAddedOnceAndAQuestionAnsweredOnce() throws {
        let browser = test.browser(as: .agent)
        let question = try browser.askToAddPasskey()
        try browser.add(device, question)
        try browser.add(SoftwareAuthenticator(), question)
        #expect(browser.status == 409, "the same question")
        let owner = test.browser()
        try owner.add(device, owner.askToAddPasskey())
        #expect(try owner.status == 409 && passkeys(.owner).isEmpty, "the same passkey")
    }

    @Test func aQuestionNamesThePasskeysThatAreThereAndAtMostTwenty() throws {
        _ = try add(.agent, device)
        let browser = test.browser(as: .agent)
        let known = try browser.askToAddPasskey().json["excludeCredentials"]?.array
        #expect(known?.map { $0["id"]?.string } == [Base64URL.text(device.credential)])
        for _ in 2...Passkey.mostPerPerson { _ = try add(.agent, SoftwareAuthenticator()) }
        #expect(throws: PasskeyNotAsked.self) { try browser.askToAddPasskey() }
        #expect(try passkeys().count == Passkey.mostPerPerson)
    }

    @Test func anOrganisationThatAsksForTwoProofsTakesAPasskeyAndNoPasswordAlone() throws {
        let agent = try #require(test.people[.agent])
        let browser = test.browser(as: .agent)
        try browser.add(device, browser.askToAddPasskey())
        let byPassword = test.browser(as: nil)
        try byPassword.signIn(agent.email)
        #expect(byPassword.isSignedIn, "nobody asks for more yet")
        try test.write { try $0.requireSecondFactor(true) }
        try browser.get("/journal")
        #expect(browser.status == 200 && browser.address == "/journal", "where it was added")
        try byPassword.get("/journal")
        #expect(byPassword.address == "/account/second-factor")
        try byPassword.post(
            "/account/second-factor", ["current_password": TestApplication.password])
        #expect(byPassword.status == 409, "a password puts no other proof in its place")
        #expect(throws: PasskeyNotAsked.self) { try byPassword.askToAddPasskey() }
        let address = try #require(try passkeys().first).address
        try byPassword.get(address)
        try byPassword.submit(address + "/delete", ["current_password": TestApplication.password])
        #expect(try byPassword.status == 409 && passkeys().count == 1)
        let again = test.browser(as: nil)
        try again.signIn(agent.email)
        #expect(!again.isSignedIn && again.text.contains("plus qu’un mot de passe"))
        try again.signIn(with: device)
        try again.get("/journal")
        #expect(again.status == 200 && again.address == "/journal")
        try again.get(address)
        try again.submit(address + "/delete", ["current_password": TestApplication.password])
        #expect(again.status == 409, "the last one stays")
    }

    @Test func whoLostTheDeviceIsHelpedByTheOwner() throws {
        _ = try add(.agent, device)
        let agent = try #require(test.people[.agent])
        #expect(
            try test.post("/settings/colleagues/\(agent.id)/second-factor/delete").status == 303)
        #expect(try passkeys().isEmpty)
        let browser = test.browser(as: nil)
        try browser.signIn(with: device)
        #expect(!browser.isSignedIn)
    }

    @Test func aSessionOfTheCompanysProviderChangesNothing() throws {
        _ = try add(.agent, device)
        let agent = try #require(test.people[.agent])
        let token = try TestDatabase.pool.withConnection {
            try $0.startSession(
                user: agent.id, organisation: test.organisationID,
                from: SessionOrigin(address: "127.0.0.1"), isBound: true, at: test.clock.now)
        }
        let browser = Browser(test.application, token: token)
        #expect(throws: PasskeyNotAsked.self) { try browser.askToAddPasskey() }
        #expect(browser.status == 409)
        let address = try #require(try passkeys().first).address
        try browser.get(address)
        try browser.submit(address, ["name": "Autre"])
        #expect(browser.status == 409)
        try browser.get(address)
        try browser.submit(address + "/delete", ["current_password": TestApplication.password])
        #expect(try browser.status == 409 && passkeys().first?.name == "Portable")
    }

    @Test func anErasedAccountKeepsNone() throws {
        _ = try add(.agent, device)
        let agent = try #require(test.people[.agent])
        try test.write {
            try $0.eraseAccount($0.one("SELECT id, name, email FROM users WHERE id = \(agent.id)"))
        }
        #expect(try passkeys().isEmpty)
    }

    @Test(.enabled(if: SMTPSink.isAvailable, "aiosmtpd cannot be imported"))
    func anAdditionIsToldByMail() throws {
        let outbox = try Outbox()
        try outbox.setOrigin()
        let browser = outbox.test.browser(as: .agent)
        try browser.add(device, browser.askToAddPasskey())
        #expect(try outbox.letter(to: outbox.email(.agent)).contains("clé d’accès ouvre"))
    }

    @Test(arguments: [
        ("https://comptoir.example", "comptoir.example"),
        ("https://Comptoir.Example:8443", "comptoir.example"),
        ("http://localhost:8080", "localhost"), ("https://comptoir", "comptoir"),
    ])
    func anAddressWithANameAndTLSHasPasskeys(origin: String, host: String) {
        #expect(RelyingParty(origin: origin)?.id == host)
        #expect(RelyingParty(origin: origin)?.origin == origin.lowercased())
    }

    @Test(arguments: [
        "http://comptoir.example", "https://192.0.2.1", "https://[::1]", "http://127.0.0.1:8080",
        "https://", "https://a..b", "https://evil.example/x", "https://a:b@evil.example",
        "https://comptoir.example:99999", "ftp://localhost", "",
    ])
    func anyOtherAddressHasNone(origin: String) {
        #expect(RelyingParty(origin: origin) == nil)
    }

    @Test func passkeysAreMadeWhereAnOwnerSignedInAndNotWhereAStrangerSays() throws {
        func ask(at host: String) throws -> Answer {
            let owner = try #require(test.people[.owner])
            let body = "_token=\(test.formToken(of: owner.token))&name=x&current_password=wrong"
            return test.answer(
                to: try HTTPRequest(
                    method: .post, target: "/account/passkeys/challenge",
                    headers: [
                        "Host": host, "Cookie": "\(Session.cookieName)=\(owner.token)",
                        "Content-Type": "application/x-www-form-urlencoded",
                    ], body: Array(body.utf8), isSecure: true))
        }
        #expect(try ask(at: "comptoir.example").status == 409, "no owner signed in anywhere")
        try test.write { try $0.noteOrigin("https://comptoir.example") }
        #expect(try ask(at: "comptoir.example").status == 422, "now the password is asked for")
        for host in ["evil.example", "comptoir.example:8443"] {
            let answer = try ask(at: host)
            #expect(answer.status == 409, "\(host)")
            #expect(answer.json?["message"]?.string?.contains("https://comptoir.example") == true)
        }
    }

    @Test func aPasskeyAnswersAtNoOtherPortOfItsHost() throws {
        _ = try add(.agent, device)
        var passkey = try #require(try passkeys().first)
        passkey.origin = "https://comptoir.example"
        let own = try #require(RelyingParty(origin: "https://comptoir.example"))
        let other = try #require(RelyingParty(origin: "https://comptoir.example:8443"))
        let met = { (party: RelyingParty) in
            try TestDatabase.pool.withConnection { try $0.isMet(passkey, at: party) }
        }
        #expect(try met(own))
        #expect(try !met(other))
        try test.write { try $0.noteOrigin(other.origin) }
        #expect(try met(other), "once an owner signed in there")
    }
}
