import Basics
import Database
import TestSupport
import Testing

@testable import Core

/// A capability whose one check can be made to fail.
private enum Scales: Capability {
    static func routes(_ routes: inout Routes) {}

    static let checks: [Check] = [
        .organisation("scales.level") { transaction in
            let name: String? = try transaction.value(
                "SELECT name FROM organisations WHERE id = \(transaction.organisation)")
            return name == "Faux" ? [Finding("the scales of 12 <b> are not level")] : []
        }
    ]
}

struct AdministrationTests {
    @Test func anOwnerHasTheDataCheckedAndReadsWhatWasFound() throws {
        let test = try TestApplication(Scales.self)
        #expect(try test.get("/administration").text.contains("Rien n’a encore été vérifié"))
        func examine() throws -> String {
            #expect(try test.post("/administration/doctor").status == 303)
            let meanwhile = try test.get("/administration")
            #expect(meanwhile.text.contains("Vérification en cours"))
            #expect(meanwhile.response.headers["Refresh"] != nil)
            // Pressed twice, it is done once.
            #expect(try test.post("/administration/doctor").status == 303)
            #expect(try JobRunner(test.application, only: test.organisationID).runDue() == 1)
            return try test.get("/administration").text
        }
        #expect(try examine().contains("Tout est en ordre"))
        try test.write {
            _ = try $0.run("UPDATE organisations SET name = 'Faux' WHERE id = \($0.organisation)")
        }
        let ill = try examine()
        #expect(ill.contains("1\u{00A0}anomalie<"))
        #expect(ill.contains("scales.level: the scales of 12 &lt;b&gt; are not level"))
        let entry = try #require(try test.read { try $0.graveEntries(most: 1) }.first)
        #expect(entry.action == "doctor.found")
    }

    @Test func aJobThatFailedIsTriedAgainFromThePage() throws {
        let test = try TestApplication()
        let job = try test.write { try $0.enqueue(Administration.examination, on: nil) }
        try test.write {
            _ = try $0.run(
                """
                UPDATE jobs SET failed_at = \($0.now), last_error = 'no such host'
                WHERE organisation_id = \($0.organisation) AND id = \(job)
                """)
        }
        let browser = test.browser()
        try browser.get("/administration")
        #expect(browser.text.contains("no such host"))
        try browser.submit("/jobs/\(job)/retry")
        try browser.get("/administration")
        #expect(!browser.text.contains("no such host"))
    }

    @Test func slowStatementsAreCountedWithoutTheirValues() throws {
        let test = try TestApplication()
        let secret = "verrerie-\(test.organisationID)"
        _ = try test.get("/administration/data/mails?column=subject&is=contains&value=\(secret)")
        try test.pool.withConnection { connection in
            #expect(try connection.statementCounting() == .on)
            try connection.runScript("SELECT '\(secret)' AS planted")
            let all = try connection.slowStatements(by: .calls, most: 5000)
            #expect(all.contains { $0.text.contains("planted") }, "values of literals too")
            #expect(!all.contains { $0.text.contains(secret) })
            #expect(all.allSatisfy { $0.calls > 0 && $0.totalMilliseconds >= 0 })
        }
        let page = try test.get("/administration").text
        #expect(page.contains("Requêtes qui prennent le plus de temps"))
        #expect(page.contains("<code class=\"sql\">"))
    }

    @Test func theAdministrationIsForOwners() throws {
        let test = try TestApplication()
        for role in [Role.agent, .accountant] {
            #expect(try test.get("/administration", as: role).status == 403)
            #expect(try test.post("/administration/doctor", as: role).status == 403)
            #expect(!(try test.get("/", as: role).text.contains("href=\"/administration\"")))
        }
        #expect(try test.get("/").text.contains("href=\"/administration\""))
    }

    @Test func whatTheInstallationTellsNamesNoOtherOrganisation() throws {
        let (other, test) = (try TestApplication(), try TestApplication())
        let job = try other.write { try $0.enqueue(Administration.examination, on: nil) }
        try other.write {
            _ = try $0.run(
                """
                UPDATE jobs SET failed_at = \($0.now), last_error = 'verrerie secrète'
                WHERE organisation_id = \($0.organisation) AND id = \(job)
                """)
        }
        let page = try test.get("/administration").text
        #expect(!page.contains("verrerie"))
        #expect(!page.contains(other.organisationID.description))
    }
}
