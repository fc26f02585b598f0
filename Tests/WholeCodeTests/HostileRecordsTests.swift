import Basics
import HTTP
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// An organisation whose people typed hostile words wherever a form takes words.
struct HostileRecordsTests {
    struct Records {
        let test: TestApplication
        /// Routes of forms that took the words into one field at least.
        private(set) var accepted: Set<String> = []
        /// Those of forms with text fields.
        private(set) var offered: Set<String> = []

        init() throws {
            test = try FilledOrganisation().test
            let forms = try Visitor(test).visits().flatMap(\.answer.changingForms).inOrder
            let filler = FormFiller(test: test, words: HostileText.plain)
            for form in forms where !form.textFields.isEmpty {
                let pattern = test.pattern(of: form) ?? form.action
                offered.insert(pattern)
                if try filler.send(form) != nil { accepted.insert(pattern) }
            }
            // Documents are issued and sent with these words on them.
            for form in forms where form.textFields.isEmpty {
                guard !["delete", "archive", "erase"].contains(where: form.action.hasSuffix) else {
                    continue
                }
                _ = try test.send(form)
            }
        }
    }

    static let records = Result { try Records() }

    /// These take no words: amounts, addresses of servers and people, passwords.
    private static let withoutWords: Set = [
        "account/password", "account/second-factor", "account/passkeys/:id/delete",
        // Not without a device.
        "account/passkeys", "credit-notes/:id/allocate",
        "orders/:id/progress-invoices",
        "payments/:id/allocate",
        "settings/mail", "settings/mail/test", "settings/platform",
        // Sent twice, and of one name there is one.
        "settings/roles",
        "settings/company-sign-in",
        // The number of the client, and months.
        "clients/:id/erase", "settings/privacy",
    ]

    @Test func everyFormWithTextTakesThem() throws {
        let records = try HostileRecordsTests.records.get()
        let refused = records.offered.subtracting(records.accepted)
        #expect(refused.subtracting(HostileRecordsTests.withoutWords).sorted() == [])
        #expect(records.accepted.count > 20)
    }

    @Test func everyPageShowsThemAsTextWithItsTagsBalanced() throws {
        let test = try HostileRecordsTests.records.get().test
        var shown: Set<String> = []
        for visit in try Visitor(test).visits() where visit.answer.isPage {
            #expect(visit.answer.status < 500, "\(visit.address)")
            #expect(!visit.answer.holds(HostileText.tag), "\(visit.address)")
            #expect(faultsOfMarkup(visit.answer.text) == [], "\(visit.address)")
            if visit.answer.holds(HostileText.shown) { shown.insert(visit.pattern) }
        }
        #expect(shown.count > 30, "few pages show the words: \(shown.sorted())")
    }

    @Test func noCellOfAnExportIsAFormula() throws {
        let test = try HostileRecordsTests.records.get().test
        let exports = test.application.routes.filter { $0.pattern.hasSuffix("/export") }
        for address in try exports.flatMap(RouteTargets(test).all) {
            let answer = try test.get(address)
            #expect(answer.status == 200)
            var cells: [String] = []
            var reader = CSV.Reader(separator: UInt8(ascii: ";"))
            try reader.read(answer.bytes) { cells += $1 }
            try reader.finish { cells += $1 }
            let formulas = cells.filter { cell in
                "=+-@\t\r\n＝＋－＠".contains { cell.hasPrefix(String($0)) }
                    && (try? ScaledDecimal.parse(cell, decimals: 12)) == nil
            }
            #expect(formulas == [], "\(address)")
            // These hold numbers and amounts, and nothing that people typed.
            let plain = ["/statement/export", "/jobs/export", "/vat/export"]
            if plain.contains(where: address.hasSuffix) { continue }
            #expect(cells.contains { $0.contains(HostileText.tag) }, "\(address)")
        }
    }
}
