import Basics
import Database
import Foundation
import HTTP
import TestSupport
import Testing

@testable import Core

struct WatchingTests {
    /// The program in front of a database that is not there.
    private static func withoutDatabase() throws -> Application {
        Application(
            pool: Pool(connectionString: "host=/nonexistent", size: 1),
            capabilities: Application.coreCapabilities, assets: try TestApplication.assets.get(),
            secretKey: TestApplication.secretKey)
    }

    private func ask(
        _ application: Application, _ target: String, from address: String = "127.0.0.1",
        _ headers: HTTPHeaders = [:]
    ) throws -> Answer {
        Answer(
            response: application.respond(
                try HTTPRequest(
                    method: .get, target: target, headers: headers, remoteAddress: address)))
    }

    @Test func theProgramLivesWithoutItsDatabaseAndSaysThatItIsNotReady() throws {
        let application = try WatchingTests.withoutDatabase()
        // A browser that is signed in would be looked up.
        let cookie: HTTPHeaders = [
            "Cookie": "\(Session.cookieName)=\(String(repeating: "0", count: 64))"
        ]
        #expect(try ask(application, "/healthz", cookie).text == "ok\n")
        let ready = try ask(application, "/readyz", cookie)
        #expect(ready.status == 503)
        #expect(ready.text == "database unavailable\n")
        let metrics = try ask(application, "/metrics", cookie)
        #expect(metrics.status == 200)
        #expect(try Exposition(metrics.text).value("comptoir_database_up") == 0)
    }

    @Test func readinessComparesMigrationsAndSaysWhenTheProgramStops() throws {
        let known = try ProgramFolder(TestDatabase.repository).migrations().count
        func readiness(_ migrations: Int, drains: Bool = false) throws -> Answer {
            let application = try TestApplication().application
            application.watch.begin(Watch.Setting(migrations: migrations))
            if drains { application.watch.drain() }
            return try ask(application, "/readyz")
        }
        #expect(try readiness(known).text == "ready\n")
        #expect(try readiness(known).status == 200)
        #expect(try readiness(known + 1).text == "migrations pending\n")
        #expect(try readiness(known - 1).text == "database is newer than the program\n")
        let draining = try readiness(known, drains: true)
        #expect(draining.status == 503)
        #expect(draining.text == "draining\n")
    }

    @Test func measurementsNameRoutesAndNeverPathsAsTheyWereSent() throws {
        let test = try TestApplication()
        let id = UniqueID.make(at: test.clock.now)
        _ = try test.get("/mails/\(id)")
        _ = try test.get("/secret-\(id)")
        _ = try test.get("/account")
        _ = try test.answer(
            to: HTTPRequest(method: .get, target: "/api/v1/mails/\(id)?token=\(id)"))
        let text = try test.get("/metrics", as: nil).text
        #expect(!text.contains(id.description))
        let found = try Exposition(text)
        #expect(
            found.value(
                "comptoir_http_requests_total",
                ["face": "pages", "method": "GET", "route": "/mails/:id", "status": "4xx"]) == 1)
        #expect(
            found.value(
                "comptoir_http_requests_total",
                ["face": "pages", "method": "any", "route": "none", "status": "4xx"]) == 1)
        #expect(
            found.value(
                "comptoir_http_requests_total",
                ["face": "pages", "method": "GET", "route": "/account", "status": "2xx"]) == 1)
        let duration = "comptoir_http_request_duration_seconds"
        #expect(found.value(duration + "_count", ["face": "pages"]) == 3)
        #expect(found.value(duration + "_count", ["face": "api"]) == 1)
        #expect(found.value("comptoir_http_requests_in_flight") == 1)
        #expect(found.value("comptoir_database_up") == 1)
        #expect((found.value("comptoir_database_size_bytes") ?? 0) > 1_000_000)
        #expect((found.value("process_resident_memory_bytes") ?? 0) > 1_000_000)
        #expect((found.value("process_open_fds") ?? 0) > 2)
        let started = found.value("process_start_time_seconds") ?? 0
        #expect(abs(started - Date().timeIntervalSince1970) < 86_400, "\(started)")
    }

    @Test func measurementsAreForThisMachineOrForWhoHasTheToken() throws {
        let application = try TestApplication().application
        let elsewhere = "203.0.113.9"
        let token = String(repeating: "k7", count: 16)
        #expect(try ask(application, "/metrics").status == 200)
        #expect(try ask(application, "/metrics", from: "::1").status == 200)
        #expect(try ask(application, "/metrics", from: elsewhere).status == 404)
        for mark in ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"] {
            let answer = try ask(application, "/metrics", [mark: elsewhere])
            #expect(answer.status == 404, "\(mark): a proxy on this machine is a way in")
        }
        application.watch.begin(Watch.Setting(metricsToken: token))
        let refused = try ask(application, "/metrics", from: elsewhere)
        #expect(refused.status == 401)
        #expect(refused.response.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        for wrong in ["Bearer \(token)x", "Basic \(token)", "Bearer", token] {
            let answer = try ask(application, "/metrics", from: elsewhere, ["Authorization": wrong])
            #expect(answer.status == 401, "\(wrong)")
        }
        let opened = try ask(
            application, "/metrics", from: elsewhere, ["Authorization": "Bearer \(token)"])
        #expect(opened.status == 200)
        #expect(!opened.text.contains(token))
    }

    @Test func aFollowerThatStandsStillAndJobsThatWaitAreSeen() throws {
        let strings = try TestDatabase.make()
        let pool = Pool(connectionString: strings.runtime, size: 2)
        let test = try TestApplication(all: [], pool: pool)
        let now = test.clock.now.adding(seconds: 60)
        // Transactions of other tests, in databases of their own, hold followers back while they last.
        func gauges(
            _ moves: Bool = false, until holds: (DatabaseGauges) -> Bool
        ) throws -> DatabaseGauges {
            let end = ContinuousClock.now + .seconds(60)
            while true {
                if moves { try test.application.followJournal() }
                let gauges = try pool.withConnection { try $0.databaseGauges(at: now) }
                if holds(gauges) || ContinuousClock.now > end { return gauges }
            }
        }
        func isCaughtUp(_ gauges: DatabaseGauges) -> Bool {
            // Those that these capabilities have.
            let own = gauges.followers.filter { ["webhooks", "journal_seals"].contains($0.name) }
            return own.count == 2 && own.allSatisfy { $0.entries == 0 && $0.seconds == 0 }
        }
        #expect(isCaughtUp(try gauges(true, until: isCaughtUp)))
        try test.write { transaction in
            try transaction.record(.signedIn, .user, nil, label: "x")
            try transaction.enqueue(
                Mails.sending, on: nil, at: test.clock.now.adding(seconds: -90))
        }
        let behind = try gauges { $0.followers.allSatisfy { $0.entries == 1 } }
        let followers: Int? = try test.read {
            try $0.value("SELECT count(*) FROM journal_followers")
        }
        #expect(behind.followers.count == followers)
        #expect(behind.followers.allSatisfy { $0.entries == 1 && $0.seconds == 60 })
        #expect(behind.mailsWaiting == 1)
        #expect(behind.jobs.first?.kind == "mail.send")
        #expect(behind.jobs.first?.oldestSeconds == 150)
        #expect(isCaughtUp(try gauges(true, until: isCaughtUp)))
    }

    private static let promtool = "/usr/bin/promtool"

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: promtool), "promtool is not installed")
    )
    func promtoolFindsNothingToSay() throws {
        let test = try TestApplication()
        _ = try test.get("/account")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.promtool)
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(
            contentsOf: Data(test.get("/metrics", as: nil).bytes))
        try input.fileHandleForWriting.close()
        let said = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.exitCode() == 0)
        #expect(said == "")
    }

    @Test(arguments: [
        "a 1", "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na 2\n", "# TYPE a gauge\na{x=\"1} 1\n",
        "# TYPE a gauge\na one\n", "# TYPE a gauge\na 1\na 1\n", "# TYPE a odd\na 1\n",
        "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
    ])
    func theParserOfTheTestsRefusesWhatTheFormatForbids(text: String) {
        #expect(throws: (any Error).self) { try Exposition(text) }
    }
}
