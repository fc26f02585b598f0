import Basics
import Database
import TestSupport
import Testing

@testable import Core

/// A program without any account, on a database of its own.
private struct EmptyProgram {
    let code = FirstStartCode()
    let application: Application
    let pool: Pool

    init() throws {
        pool = Pool(connectionString: try TestDatabase.make().runtime, size: 4)
        application = Application(
            pool: pool, capabilities: TestApplication.core,
            assets: try TestApplication.assets.get(),
            secretKey: TestApplication.secretKey, passwords: TestApplication.passwords,
            firstStart: code)
    }

    func form(_ code: String) -> KeyValuePairs<String, String> {
        [
            "code": code, "organisation": "Alta Vista Drônes", "name": "Claire Monnier",
            "email": "Claire@altavista.example", "password": TestApplication.password,
        ]
    }

    var users: [String] {
        get throws { try pool.withConnection { try $0.values("SELECT email FROM users") } }
    }
}

@Suite struct FirstStartTests {
    @Test func theFirstPersonIsLedFromTheAddressToTheSetUp() throws {
        let program = try EmptyProgram()
        let browser = Browser(program.application)
        try browser.get("/")
        #expect(browser.address == "/welcome")
        try browser.submit("/welcome?language=fr", program.form(program.code.text))
        #expect(browser.address.hasPrefix("/setup"))
        #expect(browser.status == 200)
        #expect(try program.users == ["claire@altavista.example"])
        let entries: [String] = try program.pool.withConnection { connection in
            let organisation = try #require(try connection.organisations().first)
            #expect(organisation.slug == "alta-vista-drones")
            return try connection.transaction(
                settings: [("app.organisation", organisation.id.description)]
            ) { try $0.values("SELECT action FROM journal_entries") }
        }
        #expect(entries == ["organisation.created"])
    }

    @Test func theCodeMayBeTypedCarelessly() throws {
        let code = FirstStartCode()
        #expect(code.matches(code.text.lowercased()))
        #expect(code.matches(" " + code.text.split(separator: "-").joined()))
        #expect(!code.matches(""))
        #expect(!code.matches(FirstStartCode().text))
    }

    @Test func withoutTheCodeNobodyGetsIn() throws {
        let program = try EmptyProgram()
        let browser = Browser(program.application)
        try browser.get("/welcome")
        try browser.submit("/welcome?language=fr", program.form("AAAA-BBBB-CCCC"))
        #expect(browser.status == 422)
        #expect(browser.forms.first?["organisation"] == "Alta Vista Drônes", "kept as typed")
        #expect(try program.users.isEmpty)
    }

    @Test func guessingTheCodeBecomesSlow() throws {
        let program = try EmptyProgram()
        let browser = Browser(program.application)
        try browser.get("/welcome")
        for _ in 0..<20 {
            try browser.submit("/welcome?language=fr", program.form("AAAA-BBBB-CCCC"))
        }
        try browser.submit("/welcome?language=fr", program.form(program.code.text))
        #expect(browser.status == 429)
        #expect(try program.users.isEmpty)
    }

    @Test func onceSomebodyHasAnAccountThePageIsClosed() throws {
        let program = try EmptyProgram()
        let first = Browser(program.application)
        let second = Browser(program.application)
        try first.get("/welcome")
        try second.get("/welcome")
        try first.submit("/welcome?language=fr", program.form(program.code.text))
        try second.submit("/welcome?language=fr", program.form(program.code.text))
        #expect(second.address == "/sign-in")
        try second.get("/welcome?code=\(program.code.text)")
        #expect(second.address == "/sign-in")
        #expect(try program.users.count == 1)
        #expect(try program.application.firstStartPath() == nil)
    }

    @Test func whatIsMissingIsNamedAtItsField() throws {
        let program = try EmptyProgram()
        let browser = Browser(program.application)
        try browser.get("/welcome?code=\(program.code.text)")
        try browser.submit(
            "/welcome?language=fr", ["email": "nobody", "password": "short"])
        #expect(browser.status == 422)
        for field in ["organisation", "name", "email", "password"] {
            #expect(browser.text.contains("id=\"f-\(field)-e\""), "\(field) is named")
        }
        #expect(!browser.text.contains("id=\"f-code-e\""))
        #expect(try program.users.isEmpty)
    }
}
