import Basics
import Core
import Database
import HTTP
import TestSupport
import Testing

@testable import Sales

@Suite struct StatisticsTests {
    /// A figure of the page: what it says and where it leads.
    private struct Figure {
        var address: String
        /// In minor units, or a number of documents.
        var value: Int
    }

    @Test(arguments: [1, 2, 3])
    func everyFigureIsTheSumOfTheRowsThatItsLinkOpens(seed: Int) throws {
        let test = try RandomBusiness(seed).test
        let today = try test.today
        let ragged = "from=\(today.adding(days: -200).iso)&to=\(today.adding(days: -12).iso)"
        for query in [
            "", "?period=month&on=\(today.adding(days: -45).iso)",
            "?period=quarter&on=\(today.adding(days: -100).iso)", "?\(ragged)",
            "?\(ragged)&imported=yes", "?period=year&imported=yes",
        ] {
            let page = try test.get("/statistics" + query)
            #expect(page.status == 200)
            let (sums, counts) = (amounts(page.text), counts(page.text))
            #expect(sums.count > 40)
            #expect(counts.count == 12)
            for figure in sums {
                #expect(try sum(figure.address, test) == figure.value, "\(figure.address)")
            }
            for figure in counts {
                #expect(try rows(figure.address, test).count == figure.value, "\(figure.address)")
            }
        }
        #expect(try test.findings(of: Statistics.checks) == [:])
    }

    @Test func importedHistoryCountsOnlyWhenAskedFor() throws {
        let test = try RandomBusiness(4, steps: 5).test
        func net(_ query: String) throws -> Int? {
            try test.program().get("/statistics/revenue\(query)").json?["net"]?.int
        }
        let days = try "from=2020-01-01&to=\(test.today.iso)"
        let without = try #require(try net("?\(days)"))
        #expect(try net("?\(days)&imported=yes") == without + 6_600)
    }

    @Test func theMeanTimeToPaymentIsWeighedByAmounts() throws {
        let test = try TestApplication(Statistics.self, Payments.self, Receivables.self)
        let client = try test.client()
        let today = try test.today
        let early = try test.debt(3_000, of: client, number: "A", issued: today.adding(days: -10))
        let late = try test.debt(1_000, of: client, number: "B", issued: today.adding(days: -50))
        try test.pay(4_000, from: client, [(early, 3_000), (late, 1_000)])
        let report = try test.program().get("/statistics/payments").json
        #expect(report?["mean_days_to_payment"]?.string == "20")
        let behind = try test.get(
            "/statistics/settlements?from=\(today.firstOfYear.iso)&to=\(today.iso)")
        #expect(behind.text.contains("20\u{A0}jours"))
    }

    @Test func undoingAPaymentLeavesTheSummaryAsThoughItHadNotBeen() throws {
        let test = try TestApplication(Statistics.self, Payments.self, Receivables.self)
        let client = try test.client()
        let debt = try test.debt(3_000, of: client)
        let payment = try test.pay(3_000, from: client, [(debt, 3_000)])
        try test.write { _ = try $0.undoPayment(payment.id, reason: "x") }
        let report = try test.program().get("/statistics/payments").json
        #expect(report?["received"]?.int == 0)
        #expect(report?["settled"]?.int == 0)
        #expect(report?["mean_days_to_payment"] == .null)
    }

    // MARK: What the page says

    private func amounts(_ text: String) -> [Figure] {
        let patterns = [
            /<dt><a href="([^"]+)">[^<]*<\/a>.*?<\/dt><dd class="v">([^<]+€)<\/dd>/,
            /<a href="([^"]+)">([^<]+€)<\/a>/,
            /<li><a href="([^"]+)">(?:(?!<\/li>).)*<(?:span class="num"|small)>([^<]+€)/,
        ]
        return patterns.flatMap { pattern in
            text.matches(of: pattern).map {
                Figure(address: plain($0.1), value: units(String($0.2)))
            }
        }
    }

    private func counts(_ text: String) -> [Figure] {
        text.matches(of: /<li><a href="([^"]+)">(?:(?!<\/li>).)*<span class="n">([^<]+)</).map {
            Figure(address: plain($0.1), value: units(String($0.2)))
        }
    }

    private func plain(_ address: Substring) -> String {
        String(address.replacing("&amp;", with: "&"))
    }

    private func units(_ text: String) -> Int {
        let digits = Int(text.filter(\.isWholeNumber)) ?? -1
        return text.contains("\u{2212}") ? -digits : digits
    }

    // MARK: What the links open

    /// The rows of a list as its file has them, each by its heading.
    private func rows(_ address: String, _ test: TestApplication) throws -> [[String: String]] {
        let parts = address.split(separator: "?", maxSplits: 1).map(String.init)
        let isOwn = parts[0].hasPrefix("/statistics")
        let file = parts[0] + (isOwn ? "" : "/export") + "?" + parts[1] + "&format=csv"
        let answer = try test.get(file)
        #expect(answer.status == 200, "\(file)")
        var records: [[String]] = []
        var reader = CSV.Reader(separator: UInt8(ascii: ";"))
        try reader.read(answer.text.utf8) { records.append($1) }
        try reader.finish { records.append($1) }
        let headings = records.first ?? []
        return records.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(headings, $0)) }
    }

    private func sum(_ address: String, _ test: TestApplication) throws -> Int {
        if address.hasPrefix("/receivables/") { return try open(address, test) }
        let column = ["/invoices": "Total HT", "/quotes": "Total HT", "/orders": "Total HT"]
        let path = String(address.prefix { $0 != "?" })
        let name = column[path] ?? (path == InvoicedLineFilter.path ? "Net HT" : "Montant")
        return try rows(address, test).map { row in
            let text = row[name]?.replacing("'", with: "") ?? "absent"
            return try ScaledDecimal.parse(text, decimals: 2)
        }.reduce(0, +)
    }

    /// Of all pages of the list, as programs read it.
    private func open(_ address: String, _ test: TestApplication) throws -> Int {
        let program = try test.program()
        var (sum, after) = (0, String?.none)
        repeat {
            let json = try program.get(address + (after.map { "&after=\($0)" } ?? "")).json
            sum += (json?["data"]?.array ?? []).compactMap { $0["open_amount"]?.int }.reduce(0, +)
            after = json?["next_cursor"]?.string
        } while after != nil
        return sum
    }
}
