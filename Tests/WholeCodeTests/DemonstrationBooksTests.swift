import Basics
import Database
import DatabaseTesting
import Foundation
import TestSupport
import Testing

@testable import Core
@testable import Sales
@testable import comptoir

/// The books of the whole demonstration: every kind of document and payment that the program makes.
struct DemonstrationBooksTests {
    /// What was made before there was a chain is sealed from the journal, and nothing seems inserted.
    @Test func everythingThatWasIssuedAndReceivedIsSealed() throws {
        let made = try DemonstrationTests.made.get()
        let test = try TestApplication(all: [Books.self], pool: made.pool)
        var report = try made.read { try $0.verify(Books.chain) }
        let end = ContinuousClock.now + .seconds(60)
        while report.waiting > 0, ContinuousClock.now < end {
            try test.application.followJournal()
            report = try made.read { try $0.verify(Books.chain) }
        }
        #expect(report.findings.map(\.message.english) == [])
        #expect(report.waiting == 0)
        let records: Int? = try made.read { transaction in
            try transaction.value(
                """
                SELECT (SELECT count(*) FROM invoices
                        WHERE organisation_id = \(transaction.organisation) AND status = 'issued'
                            AND origin = 'comptoir' AND kind <> 'opening_balance')
                    + (SELECT count(*) FROM payments
                        WHERE organisation_id = \(transaction.organisation))
                    + (SELECT count(*) FROM allocations
                        WHERE organisation_id = \(transaction.organisation))
                """)
        }
        #expect(report.links == records)
        #expect(report.links > 100)
    }

    /// `Tests/Books/entries.py` shares no code with the program.
    @Test func theEntriesOfAllYearsHoldForAnIndependentReader() throws {
        let made = try DemonstrationTests.made.get()
        let folder = try TestCluster.makeFolder()
        let documents = folder + "/documents.csv"
        var files: [String] = []
        try made.read { transaction in
            let last = transaction.today.year
            for year in (try transaction.firstBookedDay()?.year ?? last)...last {
                let first = try #require(Day(year: year, month: 1, day: 1))
                var file = EntryFile(.usual, transaction.currency, .tab)
                try transaction.eachBookEntry(first...first.adding(months: 11).endOfMonth) {
                    file.add($0)
                }
                files.append("\(folder)/\(year).txt")
                try Data(file.bytes).write(to: URL(fileURLWithPath: files[files.count - 1]))
            }
            try Data(self.documents(transaction).utf8).write(to: URL(fileURLWithPath: documents))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments =
            [TestDatabase.repository + "/Tests/Books/entries.py"] + files
            + ["--invoices", documents]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.exitCode() == 0, "\(said)")
    }

    /// Number, kind and amounts of what was issued.
    private func documents(_ transaction: Transaction) throws -> String {
        let lines: [String] = try transaction.values(
            """
            SELECT concat_ws(',', number, kind, total_net / 100.0, total_vat / 100.0,
                total_gross / 100.0)
            FROM invoices
            WHERE organisation_id = \(transaction.organisation) AND status = 'issued'
                AND origin = 'comptoir' AND kind <> 'opening_balance' AND total_gross <> 0
            """)
        return lines.map { $0 + "\n" }.joined()
    }
}
