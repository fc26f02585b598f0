import Basics
@testable import Core
import TestSupport
import Testing

@Suite struct NumberingTests {
    @Test func aSeriesGoesOnWhereAnOlderProgramStopped() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/numbering")
        try browser.submit(
            "/settings/numbering", ["pattern_invoice": "F{YYYY}-{NNNN}", "next_invoice": "419"])
        #expect(browser.status == 200)
        #expect(browser.text.contains("F2026-0419"), "the page shows the next number")
        #expect(try test.write { try $0.nextNumber(.invoice, on: $0.today) } == "F2026-0419")
        #expect(try test.write { try $0.nextNumber(.invoice, on: $0.today) } == "F2026-0420")
        #expect(try test.write { try $0.nextNumber(.quote, on: $0.today) } == "DEV-2026-001")
    }

    @Test(arguments: ["1", "2"])
    func aCounterNeverGoesBack(next: String) throws {
        let test = try TestApplication()
        for _ in 1...2 { _ = try test.write { try $0.nextNumber(.invoice, on: $0.today) } }
        let browser = test.browser()
        try browser.get("/settings/numbering")
        try browser.submit("/settings/numbering", ["next_invoice": next])
        #expect(browser.status == 422)
        #expect(browser.text.contains("id=\"f-next_invoice-e\""))
        #expect(browser.text.contains("<a href=\"#f-next_invoice\">Factures : "))
        #expect(try test.write { try $0.nextNumber(.invoice, on: $0.today) } == "FACT-2026-003")
    }

    @Test func aNumberTakenWhileTheFormWasOpenIsNoRefusal() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/numbering")
        _ = try test.write { try $0.nextNumber(.invoice, on: $0.today) }
        try browser.submit("/settings/numbering", ["next_quote": "12"])
        #expect(browser.status == 200)
        #expect(try test.write { try $0.nextNumber(.quote, on: $0.today) } == "DEV-2026-012")
        #expect(try test.write { try $0.nextNumber(.invoice, on: $0.today) } == "FACT-2026-002")
    }

    @Test(arguments: [
        "FACT", "FACT-{NNN}-{NNN}", "FACT {NNN}", "{MM}-{NNN}", "{YYYY}-{DD}-{NNN}",
        "FACT-{XXXX}-{NNN}", "É-{NNN}", "", String(repeating: "F", count: 33) + "{N}",
    ])
    func aPatternThatCannotNumberIsRefused(pattern: String) throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/numbering")
        try browser.submit("/settings/numbering", ["pattern_invoice": pattern])
        #expect(browser.status == 422)
        #expect(browser.text.contains("id=\"f-pattern_invoice-e\""))
        #expect(try test.read { try $0.numberPattern(.invoice).text } == "FACT-{YYYY}-{NNN}")
    }

    @Test func creditNotesCannotBearTheNumbersOfInvoices() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/numbering")
        try browser.submit(
            "/settings/numbering", ["pattern_credit_note": "FACT-{YYYY}-{NNN}"])
        #expect(browser.status == 422)
        #expect(browser.text.contains("id=\"f-pattern_credit_note-e\""))
    }

    @Test(arguments: ["0", "-3", "1000000000", "x", "1,5"])
    func aNextNumberThatIsNoneIsRefused(next: String) throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/numbering")
        try browser.submit("/settings/numbering", ["next_order": next])
        #expect(browser.status == 422)
        #expect(browser.text.contains("id=\"f-next_order-e\""))
    }

    @Test func thePreviewFollowsWhatIsTypedAndSavesNothing() throws {
        let test = try TestApplication()
        let answer = try test.post(
            "/settings/numbering/preview",
            ["pattern_invoice": "A{YY}{NN}", "next_invoice": "7", "pattern_quote": "<b>"])
        #expect(answer.text.contains("<span id=\"preview-invoice\" data-live>A2607</span>"))
        #expect(answer.text.contains("<span id=\"preview-quote\" data-live>—</span>"))
        #expect(try test.read { try $0.numberPattern(.invoice).text } == "FACT-{YYYY}-{NNN}")
    }
}
