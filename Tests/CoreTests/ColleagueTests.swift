import Basics
@testable import Core
import TestSupport
import Testing

@Suite struct ColleagueTests {
    private func newEmail() -> String { "nora-\(UniqueID.make(at: .now))@altavista.example" }

    /// Invites somebody and answers the link that the owner may hand over.
    private func invited(
        _ email: String, to test: TestApplication, as role: Role = .agent
    ) throws -> String {
        let owner = test.browser()
        try owner.get("/settings/colleagues/new")
        try owner.submit(
            "/settings/colleagues",
            ["name": "Nora Diallo", "email": email, "role": role.code])
        #expect(owner.status == 200)
        let action = try #require(owner.forms.first { $0.action.hasSuffix("/link") }?.action)
        try owner.submit(action)
        let link = try #require(owner.text.firstMatch(of: /<code class="key">([^<]+)<\/code>/))
        let target = String(link.output.1).replacing("&amp;", with: "&")
        return try #require(target.firstMatch(of: /\/invitation\S+/)).output.description
    }

    @Test func aColleagueComesInByTheLinkWithAPasswordOfTheirOwn() throws {
        let test = try TestApplication()
        let email = newEmail()
        let link = try invited(email, to: test)
        let nora = test.browser(as: nil)
        try nora.get(link)
        try nora.submit("/invitation", ["password": "short"])
        #expect(nora.status == 422)
        try nora.submit("/invitation", ["password": "une longue phrase à elle"])
        #expect(nora.address == "/" && nora.status == 200)
        try nora.get("/settings/colleagues")
        #expect(nora.status == 403, "agents do not manage colleagues")
        #expect(try test.browser(as: nil).get(link).status == 410, "the link works once")
        let again = test.browser(as: nil)
        try again.signIn(email, "une longue phrase à elle")
        #expect(again.isSignedIn)
        #expect(try test.read { try $0.invitations().isEmpty })
    }

    @Test(.enabled(if: SMTPSink.isAvailable, "aiosmtpd cannot be imported"))
    func theInvitationGoesByMailWhereThereIsAServer() throws {
        let outbox = try Outbox()
        try outbox.setOrigin()
        let email = newEmail()
        let form: KeyValuePairs = ["name": "Nora", "email": email, "role": "accountant"]
        #expect(try outbox.test.post("/settings/colleagues", form).status == 303)
        let nora = outbox.test.browser(as: nil)
        try nora.get(try outbox.link(to: email))
        try nora.submit("/invitation", ["password": "une longue phrase à elle"])
        #expect(nora.isSignedIn)
        let colleague = try outbox.test.read { try $0.colleagues().first { $0.email == email } }
        #expect(colleague?.role == .accountant)
    }

    @Test func anInvitationEndsAfterAWeekWhenRenewedAndWhenWithdrawn() throws {
        let test = try TestApplication()
        let first = try invited(newEmail(), to: test)
        let id = try #require(try test.read { try $0.invitations().first?.id })
        #expect(try test.browser(as: nil).get(first).status == 200)
        test.clock.advance(seconds: Invitation.lifetimeSeconds + 1)
        #expect(try test.browser(as: nil).get(first).status == 410)
        let path = "/settings/colleagues/invitations/\(id)"
        #expect(try test.post(path + "/delete").status == 303)
        #expect(try test.get(path).status == 404)
        let second = try invited(newEmail(), to: test)
        let other = try #require(try test.read { try $0.invitations().first?.id })
        _ = try test.post("/settings/colleagues/invitations/\(other)/link")
        #expect(try test.browser(as: nil).get(second).status == 410, "a later link replaces it")
    }

    @Test(arguments: [
        ("name", ""), ("name", String(repeating: "n", count: 101)), ("email", ""),
        ("email", "nora"), ("role", "boss"), ("role", ""),
    ])
    func aWrongFieldIsNamedAndNobodyIsInvited(field: String, value: String) throws {
        let test = try TestApplication()
        var form = ["name": "Nora", "email": newEmail(), "role": "agent"]
        form[field] = value
        let answer = try test.respond(
            .post, "/settings/colleagues", form: form.map { ($0.key, $0.value) })
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-\(field)-e\""))
        #expect(try test.read { try $0.invitations().isEmpty })
    }

    @Test func somebodyWhoHasAccessOrIsInvitedIsNotInvitedTwice() throws {
        let test = try TestApplication()
        let known = try #require(test.people[.agent]?.email)
        let email = newEmail()
        _ = try invited(email, to: test)
        for address in [known, email] {
            let answer = try test.post(
                "/settings/colleagues", ["name": "Paul", "email": address, "role": "owner"])
            #expect(answer.status == 422)
            #expect(answer.text.contains("id=\"f-email-e\""))
        }
        let colleague = try test.read { try $0.colleagues().first { $0.email == known } }
        #expect(colleague?.role == .agent)
    }

    @Test func anAccountOfAnotherOrganisationKeepsItsNameAndProvesItsPassword() throws {
        let (test, other) = (try TestApplication(), try TestApplication())
        let person = try #require(other.people[.agent])
        let link = try invited(person.email, to: test, as: .accountant)
        let page = try test.get("/settings/colleagues").text
        #expect(!page.contains("Paul Ancel") || page.contains(person.email))
        let browser = test.browser(as: nil)
        try browser.get(link)
        try browser.submit("/invitation", ["password": "not theirs at all"])
        #expect(browser.status == 422 && !browser.isSignedIn)
        try browser.submit("/invitation", ["password": TestApplication.password])
        #expect(browser.isSignedIn)
        let colleague = try test.read { try $0.colleague(person.id) }
        #expect(colleague.name == "Paul Ancel")
        #expect(colleague.role == .accountant)
    }

    @Test func anOldInvitationChangesNoRoleOfSomebodyWhoHasAccess() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        try test.write { try $0.archiveColleague(agent.id) }
        let link = try invited(agent.email, to: test, as: .owner)
        try test.write { try $0.restoreColleague(agent.id) }
        #expect(try test.browser(as: nil).get(link).status == 410)
        #expect(try test.read { try $0.colleague(agent.id).role } == .agent)
    }

    @Test(.enabled(if: SMTPSink.isAvailable, "aiosmtpd cannot be imported"))
    func aMailThatStillWaitsDoesNotReplaceTheLinkThatWasHandedOver() throws {
        let outbox = try Outbox()
        try outbox.setOrigin()
        let email = newEmail()
        let form: KeyValuePairs = ["name": "Nora", "email": email, "role": "agent"]
        #expect(try outbox.test.post("/settings/colleagues", form).status == 303)
        let id = try #require(try outbox.test.read { try $0.invitations().first?.id })
        let link = try outbox.test.write { transaction in
            try transaction.showLink(of: transaction.invitation(id))
        }
        try outbox.runJobs()
        #expect(try outbox.sink.messages().isEmpty)
        #expect(try outbox.test.browser(as: nil).get(link).status == 200)
    }

    @Test func invitationsOfAnotherOrganisationDoNotExist() throws {
        let (test, other) = (try TestApplication(), try TestApplication())
        let link = try invited(newEmail(), to: other)
        let id = try #require(try other.read { try $0.invitations().first?.id })
        let path = "/settings/colleagues/invitations/\(id)"
        #expect(try test.get(path).status == 404)
        for verb in ["link", "send", "delete"] {
            #expect(try test.post(path + "/" + verb).status == 404)
        }
        let moved = link.replacing(
            other.organisationID.description, with: test.organisationID.description)
        #expect(try test.browser(as: nil).get(moved).status == 410)
        #expect(try test.browser(as: nil).get(link).status == 200)
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
