import Basics
import Core
import Database
import TestSupport
import Testing

@testable import Sales

@Suite struct StatisticsCheckTests {
    @Test func everySummaryThatWasTamperedWithIsFound() throws {
        let test = try RandomBusiness(5, steps: 8).test
        let own = test.organisationID
        #expect(try test.findings(of: Statistics.checks) == [:])
        let faults: [(String, SQL)] = [
            ("revenue", "UPDATE daily_revenue SET net = net + 1"),
            ("revenue", "DELETE FROM daily_revenue"),
            ("clients", "UPDATE client_revenue SET net = net - 1"),
            ("items", "UPDATE item_revenue SET quantity = quantity + 1"),
            ("payments", "UPDATE daily_payments SET kept_count = kept_count + 1"),
            ("payments", "UPDATE daily_payments SET settled_days = settled_days + 1"),
            ("quotes", "UPDATE daily_quotes SET net = net + 1"),
            ("quotes", "UPDATE quotes SET quoted_on = quoted_on - 1"),
            ("orders", "UPDATE daily_orders SET document_count = document_count + 1"),
        ]
        for (name, change) in faults {
            let fault: SQL = "\(change) WHERE organisation_id = \(own)"
            let found = try test.findings(of: Statistics.checks, after: [fault])
            #expect(found.keys.sorted() == ["statistics." + name], "\(change.text)")
        }
    }

    @Test func rebuildingMakesTheSummariesOfTheRowsAndLeavesFiguresAsTheyAre() throws {
        let test = try RandomBusiness(6, steps: 8).test
        let own = test.organisationID
        func figures() throws -> String {
            // The word of a form looks different each time.
            try test.get("/statistics").text.replacing(/[0-9a-f]{64}/, with: "")
        }
        let before = try figures()
        try test.write { try $0.rebuildStatistics() }
        #expect(try test.findings(of: Statistics.checks) == [:])
        #expect(try figures() == before)
        try test.write { transaction in
            try transaction.run("DELETE FROM daily_payments WHERE organisation_id = \(own)")
            try transaction.run("UPDATE client_revenue SET net = 7 WHERE organisation_id = \(own)")
        }
        #expect(try !test.findings(of: Statistics.checks).isEmpty)
        try test.write { try $0.rebuildStatistics() }
        #expect(try test.findings(of: Statistics.checks) == [:])
    }

    @Test func theViewsAddUpToTheFigures() throws {
        let test = try RandomBusiness(7, steps: 8).test
        let (byMonth, byClient, byItem) = try test.read { transaction in
            let own = transaction.organisation
            return (
                try transaction.value(
                    "SELECT sum(net)::bigint FROM revenue_by_month WHERE organisation_id = \(own)")
                    ?? 0,
                try transaction.value(
                    "SELECT sum(net)::bigint FROM revenue_by_client WHERE organisation_id = \(own)")
                    ?? 0,
                try transaction.value(
                    "SELECT sum(net)::bigint FROM revenue_by_item WHERE organisation_id = \(own)")
                    ?? -1
            ) as (Int, Int, Int)
        }
        let days = try "from=2020-01-01&to=\(test.today.iso)&imported=yes"
        let net = try test.program().get("/statistics/revenue?\(days)").json?["net"]?.int
        #expect([byMonth, byClient, byItem] == [net, net, net])
    }

    @Test func viewsShowNothingOfAnotherOrganisation() throws {
        let other = try RandomBusiness(8, steps: 2).test
        let test = try TestApplication(Statistics.self)
        let seen: Int? = try test.read {
            try $0.value(
                "SELECT count(*) FROM revenue_by_client WHERE organisation_id = \(other.organisationID)"
            )
        }
        #expect(seen == 0)
    }
}
