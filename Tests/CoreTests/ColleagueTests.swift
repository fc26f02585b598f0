import Basics
@testable import Core
import TestSupport
import Testing

@Suite struct ColleagueTests {
    private func newEmail() -> String { "nora-\(UniqueID.make(at: .now))@altavista.example" }

    @Test func aColleagueSignsInWithThePasswordShownOnce() throws {
        let test = try TestApplication()
        let email = newEmail()
        let owner = test.browser()
        try owner.get("/settings/colleagues/new")
        let form = try #require(owner.forms.first { $0.action == "/settings/colleagues" })
        let sent =
            form.fields.map { ($0.name, $0.value) }.filter { $0.0 != "name" && $0.0 != "email" }
            + [("name", "Nora Diallo"), ("email", email)]
        let answer = try test.respond(.post, "/settings/colleagues", form: sent)
        #expect(answer.status == 200)
        let password = try #require(
            answer.text.firstMatch(of: /<code>([a-z0-9-]+)<\/code>/)
        ).output.1
        let again = try test.respond(.post, "/settings/colleagues", form: sent)
        #expect(again.status == 303, "sent twice, the form leads to the colleague")
        #expect(!again.text.contains(password))

        let nora = test.browser(as: nil)
        try nora.get("/sign-in")
        try nora.submit("/sign-in", ["email": email, "password": String(password)])
        #expect(nora.address == "/")
        #expect(nora.status == 200)
        try nora.get("/settings/colleagues")
        #expect(nora.status == 403, "agents do not manage colleagues")
    }

    @Test(arguments: [
        ("name", ""), ("name", String(repeating: "n", count: 101)), ("email", ""),
        ("email", "nora"), ("role", "boss"), ("role", ""), ("password", "elevenchars"),
    ])
    func aWrongFieldIsNamedAndNobodyIsAdded(field: String, value: String) throws {
        let test = try TestApplication()
        var form = [
            "name": "Nora", "email": newEmail(), "role": "agent", "password": "",
        ]
        form[field] = value
        let answer = try test.respond(
            .post, "/settings/colleagues", form: form.map { ($0.key, $0.value) })
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-\(field)-e\""))
        #expect(try test.read { try $0.colleagues().count } == Role.allCases.count)
    }

    @Test func theFirstPasswordIsNeverWrittenBackIntoTheForm() throws {
        let test = try TestApplication()
        let answer = try test.post(
            "/settings/colleagues",
            [
                "name": "", "email": newEmail(), "role": "agent",
                "password": "a long secret sentence",
            ])
        #expect(answer.status == 422)
        #expect(!answer.text.contains("a long secret sentence"))
    }

    @Test func somebodyWhoHasAccessIsNotAddedTwice() throws {
        let test = try TestApplication()
        let known = try #require(test.people[.agent]?.email)
        let answer = try test.post(
            "/settings/colleagues", ["name": "Paul", "email": known, "role": "owner"])
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-email-e\""))
        let colleague = try test.read { try $0.colleagues().first { $0.email == known } }
        #expect(colleague?.role == .agent)
    }

    @Test func anAccountOfAnotherOrganisationKeepsItsNameAndPassword() throws {
        let (test, other) = (try TestApplication(), try TestApplication())
        let person = try #require(other.people[.agent])
        let answer = try test.post(
            "/settings/colleagues",
            ["name": "Somebody else", "email": person.email, "role": "accountant"])
        #expect(answer.status == 303)
        let colleague = try test.read { try $0.colleague(person.id) }
        #expect(colleague.name == "Paul Ancel")
        #expect(colleague.role == .accountant)
        let browser = test.browser(as: nil)
        try browser.get("/sign-in")
        try browser.submit(
            "/sign-in", ["email": person.email, "password": TestApplication.password])
        #expect(browser.cookies[Session.cookieName] != nil)
    }

    @Test func archivingEndsAccessAtOnceAndRestoringGivesItBack() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        #expect(try test.get("/account", as: .agent).status == 200)
        let path = "/settings/colleagues/\(agent.id)"
        #expect(try test.post(path + "/archive").status == 303)
        #expect(try test.get("/account", as: .agent).status == 303, "led to the sign-in page")
        let left: Int? = try TestDatabase.pool.withConnection {
            try $0.value("SELECT count(*) FROM sessions WHERE user_id = \(agent.id)")
        }
        #expect(left == 0)
        let browser = test.browser(as: nil)
        try browser.get("/sign-in")
        let form = ["email": agent.email, "password": TestApplication.password]
        try browser.submit("/sign-in", ["email": agent.email, "password": form["password"]!])
        #expect(browser.status == 422, "their password opens nothing")
        #expect(try test.post(path + "/restore").status == 303)
        try browser.submit("/sign-in", ["email": agent.email, "password": form["password"]!])
        #expect(browser.cookies[Session.cookieName] != nil)
    }

    @Test func aNewRoleCountsFromTheNextPage() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        #expect(try test.post("/settings/colleagues/\(agent.id)", ["role": "owner"]).status == 303)
        #expect(try test.get("/settings/company", as: .agent).status == 200)
        #expect(
            try test.post("/settings/colleagues/\(agent.id)", ["role": "accountant"]).status == 303)
        #expect(try test.get("/settings/company", as: .agent).status == 403)
    }

    @Test func theLastOwnerIsNeitherDemotedNorRemoved() throws {
        let test = try TestApplication()
        let owner = try #require(test.people[.owner])
        let path = "/settings/colleagues/\(owner.id)"
        #expect(try test.post(path, ["role": "agent"]).status == 409)
        #expect(try test.post(path + "/archive").status == 409)
        #expect(try test.read { try $0.colleague(owner.id).role } == .owner)
        let agent = try #require(test.people[.agent])
        _ = try test.post("/settings/colleagues/\(agent.id)", ["role": "owner"])
        #expect(try test.post(path, ["role": "agent"]).status == 303, "now there is another")
    }

    @Test func ofTwoOwnersWhoDemoteEachOtherOneStays() async throws {
        let test = try TestApplication()
        let (owner, agent) = (try #require(test.people[.owner]), try #require(test.people[.agent]))
        _ = try test.post("/settings/colleagues/\(agent.id)", ["role": "owner"])
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try? test.post("/settings/colleagues/\(agent.id)", ["role": "agent"])
            }
            group.addTask {
                _ = try? test.post(
                    "/settings/colleagues/\(owner.id)", ["role": "agent"], as: .agent)
            }
        }
        let colleagues = try TestDatabase.pool.transaction(
            Scope(organisation: test.organisation, user: nil, role: .owner), at: test.clock.now
        ) { try $0.colleagues() }
        #expect(colleagues.filter { $0.role == .owner && !$0.isArchived }.count == 1)
    }

    @Test func nobodyRemovesTheirOwnAccess() throws {
        let test = try TestApplication()
        let (owner, agent) = (try #require(test.people[.owner]), try #require(test.people[.agent]))
        _ = try test.post("/settings/colleagues/\(agent.id)", ["role": "owner"])
        #expect(try test.post("/settings/colleagues/\(owner.id)/archive").status == 409)
    }

    @Test func colleaguesOfAnotherOrganisationDoNotExist() throws {
        let (test, other) = (try TestApplication(), try TestApplication())
        let stranger = try #require(other.people[.agent]).id
        let path = "/settings/colleagues/\(stranger)"
        #expect(try test.get(path).status == 404)
        #expect(try test.post(path, ["role": "owner"]).status == 404)
        #expect(try test.post(path + "/archive").status == 404)
        #expect(try test.post(path + "/restore").status == 404)
        #expect(try test.get("/settings/colleagues/nobody").status == 404)
        #expect(try other.get("/account", as: .agent).status == 200)
    }
}
