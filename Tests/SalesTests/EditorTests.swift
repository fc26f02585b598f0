import Basics
import Core
import TestSupport
import Testing

@testable import Sales

/// The editor as somebody without a script uses it: every button posts the whole form.
struct EditorTests {
    @Test func aSaleIsMadeFromTheFirstClientToTheOrder() throws {
        let test = try TestApplication.forDocuments()
        let browser = test.browser()
        try browser.get("/clients/new")
        try browser.submit("/clients", ["name": "Menuiserie Aubrac", "city": "Villeurbanne"])
        try browser.get("/items/new")
        try browser.submit(
            "/items", ["label": "Film de drone", "reference": "FILM", "unit_price": "720"])

        try browser.get("/quotes/new")
        try browser.submit("/quotes", ["client_words": "aubrac", "op": "find-client"])
        #expect(browser.text.contains("Menuiserie Aubrac"))
        #expect(form(browser)?["client"]?.isEmpty == false)
        try browser.submit("/quotes", ["op": "section"])
        try browser.submit(
            "/quotes", ["lines[0][label]": "Tournage", "new[label]": "film", "op": "add"])
        #expect(form(browser)?["lines[1][unit_price]"] == "720,00", "taken from the catalogue")
        try browser.submit("/quotes", ["lines[1][quantity]": "2", "op": "enter"])
        try browser.submit(
            "/quotes",
            ["lines[2][label]": "Montage", "lines[2][unit_price]": "300", "op": "dup:2"])
        try browser.submit("/quotes", ["op": "delete:3"])
        try browser.submit("/quotes", ["op": "up:2"])
        #expect(form(browser)?["lines[1][label]"] == "Montage")
        #expect(browser.text.contains("2\u{202F}088,00"), "1 740 and its VAT")
        try browser.submit("/quotes", ["subject": "Villa", "op": "save"])
        #expect(browser.text.contains("DEV-2026-001"))
        let quote = try #require(browser.forms.first { $0.action.hasSuffix("/sent") }?.action)
        try browser.submit(quote)
        #expect(browser.text.contains("Envoyé"))
        let accept = try #require(browser.forms.first { $0.action.hasSuffix("/accept") }?.action)
        try browser.submit(accept)
        #expect(browser.text.contains("CMD-2026-0001"))
        #expect(browser.text.contains("Confirmée"))
        #expect(browser.text.contains("2\u{202F}088,00"))
    }

    @Test func theRowBelowIsNotLostWhenSomebodySavesWithoutAdding() throws {
        let test = try TestApplication.forDocuments()
        _ = try test.catalogued("Film de drone", reference: "FILM", price: 720)
        let client = try test.client()
        let saved = try test.respond(
            .post, "/quotes", form: test.quoteForm(client, ["new[label]": "FILM"]))
        #expect(try test.get(#require(saved.location)).text.contains("Film de drone"))
        let unknown = try test.respond(
            .post, "/quotes", form: test.quoteForm(client, ["new[label]": "Autre chose"]))
        #expect(unknown.status == 422)
        #expect(unknown.text.contains("Ligne 2, prix"))
    }

    @Test func severalClientsOfOneNameAreAChoice() throws {
        let test = try TestApplication.forDocuments()
        _ = try test.client("Aubrac Lyon")
        let second = try test.client("Aubrac Paris")
        let browser = test.browser()
        try browser.get("/orders/new")
        try browser.submit("/orders", ["client_words": "aubrac", "op": "find-client"])
        #expect(browser.text.contains("name=\"client_choice\""))
        try browser.submit("/orders", ["client_choice": "\(second.id)", "op": "find-client"])
        #expect(form(browser, "/orders")?["client"] == second.id.description)
        try browser.submit("/orders", ["op": "client"])
        #expect(form(browser, "/orders")?["client"] == "")
    }

    @Test func thePreviewHoldsOnlyWhatIsComputed() throws {
        let test = try TestApplication.forDocuments()
        let form = test.quoteForm(
            try test.client(), ["lines[1][label]": "B", "lines[1][quantity]": "x"])
        let answer = try test.respond(.post, "/quotes/preview", form: form)
        #expect(answer.status == 200)
        #expect(!answer.text.contains("<input"))
        #expect(answer.text.contains("id=\"net-0\" data-live>810,00"))
        #expect(answer.text.contains("id=\"net-1\" data-live>—"), "this line is not a number yet")
        #expect(answer.text.contains("id=\"grand\" data-live>972,00"))
        #expect(try test.count(.quotes) == 0)
    }

    @Test func fiveHundredLinesPassThroughTheForm() throws {
        let test = try TestApplication.forDocuments()
        let lines = (0..<LineDrafts.maximumLines).map { test.item("Ligne \($0)") }
        let quote = try test.quote(lines)
        let browser = test.browser()
        try browser.get(quote.path + "/edit")
        try browser.submit(quote.path, ["subject": "Long", "op": "save"])
        #expect(browser.status == 200)
        let stored = try test.read { try $0.lines(of: .quote, quote.id.value) }
        #expect(stored.map(\.label) == lines.map(\.label))
        try browser.get(quote.path + "/edit")
        try browser.submit(quote.path, ["new[label]": "Une de trop", "op": "add"])
        #expect(browser.text.contains("500 lignes au plus"))
    }

    @Test func moreLinesThanTheLimitAreRefused() throws {
        let test = try TestApplication.forDocuments()
        var changes: [String: String] = [:]
        for index in 0...LineDrafts.maximumLines {
            changes["lines[\(index)][label]"] = "L"
            changes["lines[\(index)][quantity]"] = "1"
            changes["lines[\(index)][unit_price]"] = "1"
            changes["lines[\(index)][vat]"] = "S2000"
        }
        let form = test.quoteForm(try test.client(), changes)
        #expect(try test.respond(.post, "/quotes", form: form).status == 422)
        #expect(try test.count(.quotes) == 0)
    }

    @Test func underTheFranchiseNoLineCarriesVAT() throws {
        let test = try TestApplication.forDocuments()
        let id = test.organisationID
        try test.change("UPDATE organisations SET vat_regime = 'franchise' WHERE id = \(id)")
        _ = try test.catalogued("Film", reference: "FILM", price: 720)
        let client = try test.client()
        #expect(try test.respond(.post, "/quotes", form: test.quoteForm(client)).status == 422)
        let free = test.quoteForm(client, ["lines[0][vat]": "E0"])
        let path = try #require(try test.respond(.post, "/quotes", form: free).location)
        #expect(try test.get(path).text.contains("293 B"))
    }

    @Test(arguments: [
        "", "up:", "up:99999999999999999999", "delete:-1", "insert:x", "explode", "enter:1:2",
    ])
    func aButtonThatNoPageHasChangesNothingByItself(op: String) throws {
        let test = try TestApplication.forDocuments()
        let form = test.quoteForm(try test.client(), ["op": op])
        #expect([200, 303].contains(try test.respond(.post, "/quotes", form: form).status))
    }

    private func form(_ browser: Browser, _ action: String = "/quotes") -> PageForm? {
        browser.forms.first { $0.action == action }
    }
}
