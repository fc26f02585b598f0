import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

/// How much one may ask for, and how large it may be.
@Suite struct LimitTests {
    private func ask(
        _ application: Application, _ target: String, from address: String,
        _ headers: HTTPHeaders = [:]
    ) throws -> HTTPResponse {
        application.respond(
            try HTTPRequest(target: target, headers: headers, remoteAddress: address))
    }

    private func application(_ test: TestApplication, perMinute: Int) throws -> Application {
        Application(
            pool: TestDatabase.pool, capabilities: TestApplication.core,
            assets: try TestApplication.assets.get(), secretKey: TestApplication.secretKey,
            clock: test.clock.clock, passwords: TestApplication.passwords,
            visitorRequestsPerMinute: perMinute)
    }

    @Test func visitorsWhoAskTooOftenWaitAndThoseSignedInDoNot() throws {
        let test = try TestApplication()
        let program = try application(test, perMinute: 3)
        let cookie: HTTPHeaders = [
            "Cookie": "\(Session.cookieName)=\(try #require(test.people[.owner]).token)"
        ]
        for _ in 1...3 {
            #expect(try ask(program, "/sign-in", from: "192.0.2.1").status == 200)
        }
        let refused = try ask(program, "/sign-in", from: "192.0.2.1")
        #expect(refused.status == 429)
        let seconds = try #require(refused.headers["Retry-After"].flatMap { Int($0) })
        #expect((1...60).contains(seconds))
        for _ in 1...5 {
            #expect(try ask(program, "/account", from: "192.0.2.1", cookie).status == 200)
        }
        #expect(try ask(program, "/health", from: "192.0.2.1").status == 200)
        #expect(try ask(program, "/sign-in", from: "192.0.2.2").status == 200)
        test.clock.advance(seconds: seconds)
        #expect(try ask(program, "/sign-in", from: "192.0.2.1").status == 200)
    }

    @Test func aNetworkOfManyAddressesCountsAsOneVisitor() throws {
        let program = try application(TestApplication(), perMinute: 2)
        #expect(try ask(program, "/sign-in", from: "2001:db8::1").status == 200)
        #expect(try ask(program, "/sign-in", from: "2001:db8::2").status == 200)
        #expect(try ask(program, "/sign-in", from: "2001:db8::3").status == 429)
    }

    @Test func guessingSessionsAndTokensCountsToo() throws {
        let program = try application(TestApplication(), perMinute: 2)
        let session: HTTPHeaders = [
            "Cookie": "\(Session.cookieName)=\(String(repeating: "0", count: 64))"
        ]
        let token: HTTPHeaders = ["Authorization": "Bearer ct_0000"]
        #expect(try ask(program, "/", from: "192.0.2.1", session).status == 303)
        #expect(try ask(program, "/api/v1/clients", from: "192.0.2.1", token).status == 401)
        #expect(try ask(program, "/api/v1/clients", from: "192.0.2.1", token).status == 429)
        #expect(try ask(program, "/", from: "192.0.2.1", session).status == 429)
    }

    @Test func aRouteSaysHowMuchItTakes() throws {
        let program = try TestApplication().application
        #expect(program.bodyLimit(.post, "/settings/logo?a=b") == Logo.mostUploadedBytes)
        #expect(program.bodyLimit(.post, "/sign-in") == Routes.standardBodyBytes)
        #expect(program.bodyLimit(.post, "/api/v1/mails/1/cancel") == Routes.standardBodyBytes)
        #expect(program.bodyLimit(.post, "/nowhere") == nil)
        #expect(program.bodyLimit(.post, "/%zz//%00") == nil)
    }

    @Test func theWordOfAFormLooksDifferentEachTimeAndCountsEachTime() throws {
        let test = try TestApplication()
        let words = try (1...3).map { _ in
            try #require(test.get("/account").forms.compactMap { $0[FormToken.field] }.first)
        }
        #expect(Set(words).count == 3)
        for word in words {
            let answer = try test.respond(
                .post, "/account", form: [("_token", word), ("name", "Claire")])
            #expect(answer.status == 303)
        }
    }
}
