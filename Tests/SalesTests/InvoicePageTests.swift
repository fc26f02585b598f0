import Basics
import Core
import TestSupport
import Testing

@testable import Sales

struct InvoicePageTests {
    private let line: KeyValuePairs<String, String> = [
        "op": "issue", "lines[0][kind]": "item", "lines[0][label]": "Prise de vue",
        "lines[0][quantity]": "2", "lines[0][unit]": "day", "lines[0][unit_price]": "450,00",
        "lines[0][vat]": "S2000",
    ]

    @Test func aPersonDraftsAndIssuesAnInvoice() throws {
        let test = try TestApplication.forPrinting()
        let client = try test.client()
        let browser = test.browser(as: .owner)
        try browser.get("/invoices/new?client=\(client.id)")
        #expect(faultsOfMarkup(browser.text) == [])
        try browser.submit("/invoices", line)
        #expect(browser.address.hasSuffix("/issue"))
        #expect(browser.text.contains("FACT-2026-001"), "the number that it would take")
        #expect(faultsOfMarkup(browser.text) == [])
        let path = String(browser.address.dropLast("/issue".count))
        try browser.submit(path + "/issue")
        #expect(browser.address == path)
        #expect(browser.text.contains("Facture FACT-2026-001 émise."))
        #expect(browser.text.contains("080,00"))
        #expect(browser.text.contains("a émis la facture"))
        #expect(faultsOfMarkup(browser.text) == [])
        #expect(try test.get("/invoices").text.contains("FACT-2026-001"))
    }

    @Test func issuingAgainAnswersAConflictAndKeepsTheNumber() throws {
        let test = try TestApplication.forPrinting()
        let draft = try test.draft(for: test.client())
        let day: KeyValuePairs = ["day": "2026-11-21"]
        #expect(try test.post(draft.path + "/issue", day).status == 303)
        #expect(try test.post(draft.path + "/issue", day).status == 409)
        #expect(try test.get(draft.path + "/issue").status == 409)
        #expect(try test.get(draft.path + "/edit").status == 409)
        #expect(try test.post(draft.path + "/delete").status == 409)
        #expect(try test.read { try $0.invoice(draft.id).number } == "FACT-2026-001")
    }

    @Test func theFormSentTwiceDraftsOnce() throws {
        let test = try TestApplication.forPrinting()
        let client = try test.client()
        let form = try #require(
            test.get("/invoices/new?client=\(client.id)").forms.first { $0.action == "/invoices" })
        var filled = form
        for (name, value) in line { filled.set(name, value) }
        let fields = filled.fields.map { ($0.name, $0.value) }
        let first = try test.respond(.post, "/invoices", form: fields)
        let second = try test.respond(.post, "/invoices", form: fields)
        #expect(first.status == 303)
        #expect(first.location == second.location)
    }

    @Test(arguments: ["", "2026-11-22", "2026-02-30", "hier"])
    func aWrongDayIsShownAtItsField(day: String) throws {
        let test = try TestApplication.forPrinting()
        let draft = try test.draft(for: test.client())
        let answer = try test.post(draft.path + "/issue", ["day": day])
        #expect(answer.status == 422)
        #expect(answer.text.contains("href=\"#f-day\""))
        #expect(faultsOfMarkup(answer.text) == [])
        #expect(try test.read { try $0.invoice(draft.id).isDraft })
    }

    @Test func hostileWordsAreShownAsWords() throws {
        let test = try TestApplication.forPrinting()
        let hostile = "<script>alert(1)</script>"
        let client = try test.client(hostile)
        let invoice = try test.issued([test.item(hostile)], for: client)
        for path in [invoice.path, "/invoices", invoice.path + "/send"] {
            let page = try test.get(path).text
            #expect(page.contains("&lt;script&gt;"), "\(path)")
            #expect(!page.contains("<script>alert"), "\(path)")
            #expect(faultsOfMarkup(page) == [], "\(path)")
        }
    }

    @Test func aClientOfAnotherOrganisationIsUnknownAtItsField() throws {
        let test = try TestApplication.forPrinting()
        let stranger = try TestApplication.forPrinting().client()
        let form = line.map { ($0.key, $0.value) } + [("client", stranger.id.description)]
        let answer = try test.respond(.post, "/invoices", form: form)
        #expect(answer.status == 422)
        #expect(answer.text.contains("href=\"#f-client\""))
    }
}
