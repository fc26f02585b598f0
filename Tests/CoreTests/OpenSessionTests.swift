import Basics
@testable import Core
import Database
import TestSupport
import Testing

@Suite struct OpenSessionTests {
    @Test func aPersonSeesWhereTheyAreSignedInAndEndsIt() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        let here = test.browser(as: nil)
        try here.signIn(agent.email)
        try here.get("/account")
        #expect(here.text.contains("Cet appareil"))
        let end = try #require(
            here.forms.first {
                $0.action.hasPrefix("/account/sessions/") && $0.action.hasSuffix("/delete")
            })
        try here.submit(end.action)
        #expect(here.status == 200)
        #expect(try test.get("/account", as: .agent).status == 303, "the other one is over")
        try here.get("/account")
        #expect(here.status == 200, "this one goes on")
    }

    @Test func aSessionEndsTwoWeeksAfterTheLastVisitAndAMonthAfterItBegan() throws {
        let test = try TestApplication()
        // Visited each ten days.
        for day in [10, 20, 29] {
            test.clock.advance(seconds: (day == 29 ? 9 : 10) * 86_400)
            #expect(try test.get("/account", as: .agent).status == 200, "day \(day)")
        }
        test.clock.advance(seconds: 86_400 + 1)
        #expect(try test.get("/account", as: .agent).status == 303, "however often they came")
        // Going on in another organisation, or in the same one, proves nothing anew.
        let moved = try TestApplication()
        let agent = try #require(moved.people[.agent])
        moved.clock.advance(seconds: 13 * 86_400)
        let browser = moved.browser(as: .agent)
        try browser.get("/account")
        try browser.post("/account/organisation", ["organisation": "\(moved.organisationID)"])
        let begun: Instant? = try moved.pool.withConnection {
            try $0.value("SELECT min(created_at) FROM sessions WHERE user_id = \(agent.id)")
        }
        #expect(begun == TestClock().now)
        let other = try TestApplication()
        other.clock.advance(seconds: 14 * 86_400 + 1)
        #expect(try other.get("/account", as: .agent).status == 303)
    }

    @Test func allOthersEndAtOnce() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        let (here, there) = (test.browser(as: nil), test.browser(as: nil))
        try here.signIn(agent.email)
        try there.signIn(agent.email)
        try here.get("/account")
        try here.submit("/account/sessions/delete-others")
        try there.get("/account")
        #expect(there.address.hasPrefix("/sign-in"))
        try here.get("/account")
        #expect(here.address == "/account")
    }

    @Test func aSessionOfSomebodyElseDoesNotExist() throws {
        let test = try TestApplication()
        let owner = try #require(test.people[.owner])
        let id: UniqueID? = try TestDatabase.pool.withConnection {
            try $0.value("SELECT id FROM sessions WHERE user_id = \(owner.id)")
        }
        let answer = try test.post(
            "/account/sessions/\(try #require(id))/delete", as: .agent)
        #expect(answer.status == 404)
        #expect(try test.get("/account").status == 200)
    }
}
