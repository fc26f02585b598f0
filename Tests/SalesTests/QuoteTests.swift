import Basics
import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

struct QuoteTests {
    @Test func aQuoteKeepsItsLinesAndTotals() throws {
        let test = try TestApplication.forDocuments()
        let client = try test.client()
        let answer = try test.respond(.post, "/quotes", form: test.quoteForm(client))
        let path = try #require(answer.location, "answered \(answer.status)")
        let page = try test.get(path)
        #expect(page.text.contains("DEV-2026-001"))
        #expect(page.text.contains("810,00"), "2 × 450 less 10 %")
        #expect(page.text.contains("972,00"))
        #expect(page.text.contains("a créé le devis"))
        #expect(faultsOfMarkup(page.text).isEmpty)
    }

    @Test(arguments: [
        ("client", ""), ("client", "0190f0a0-0000-7000-8000-000000000000"), ("contact", "x"),
        ("contact", "0190f0a0-0000-7000-8000-000000000000"), ("quoted_on", ""),
        ("quoted_on", "31/02/2026"), ("valid_until", ""), ("valid_until", "2026-11-20"),
        ("valid_until", "2126-11-20"), ("subject", String(repeating: "s", count: 201)),
        ("sector", String(repeating: "s", count: 101)), ("lines[0][quantity]", "beaucoup"),
        ("lines[0][label]", ""), ("lines[0][unit_price]", "1e9"), ("lines[0][discount]", "120"),
        ("lines[0][item]", "0190f0a0-0000-7000-8000-000000000000"),
        ("message", String(repeating: "m", count: 2001)),
    ])
    func aWrongFieldIsNamedAndNothingTypedIsLost(field: String, value: String) throws {
        let test = try TestApplication.forDocuments()
        let client = try test.client()
        let changes = [field: value, "notes": "À relancer lundi", "lines[0][description]": "Drone"]
        let answer = try test.respond(.post, "/quotes", form: test.quoteForm(client, changes))
        #expect(answer.status == 422)
        let id =
            "f-" + field.map { $0.isLetter || $0.isNumber || $0 == "_" ? String($0) : "-" }.joined()
        #expect(answer.text.contains("href=\"#\(id)\""))
        #expect(answer.text.contains("À relancer lundi"))
        #expect(answer.text.contains("Drone"))
        #expect(faultsOfMarkup(answer.text).isEmpty)
        #expect(try test.count(.quotes) == 0)
    }

    @Test func aFormSentTwiceCreatesOnce() throws {
        let test = try TestApplication.forDocuments()
        let client = try test.client()
        let token = UniqueID.make(at: test.clock.now).description
        let form = test.quoteForm(client, ["_submission": token])
        let first = try test.respond(.post, "/quotes", form: form)
        let second = try test.respond(.post, "/quotes", form: form)
        #expect(first.status == 303)
        #expect(first.location == second.location)
        #expect(try test.count(.quotes) == 1)
    }

    @Test func whatSomebodyElseSavedMeanwhileIsNotOverwrittenAndStaysTyped() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.quote()
        let client = try test.read { try $0.client(quote.clientID) }
        let theirs = test.quoteForm(client, ["version": "1", "subject": "Le leur"])
        #expect(try test.respond(.post, quote.path, form: theirs).status == 303)
        let mine = test.quoteForm(client, ["version": "1", "subject": "Le mien"])
        let answer = try test.respond(.post, quote.path, form: mine)
        #expect(answer.status == 409)
        #expect(answer.text.contains("Le mien"))
        #expect(try test.read { try $0.quote(quote.id).head.subject } == "Le leur")
        // Having seen it, the person may save.
        let again = try #require(answer.forms.first { $0.action == quote.path })
        #expect(again["version"] == "2")
    }

    @Test func linesKeepTheirIdentityThroughTheForm() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.quote([test.item("A"), test.item("B")])
        let before = try test.read { try $0.lines(of: .quote, quote.id.value) }
        let browser = test.browser()
        try browser.get(quote.path + "/edit")
        try browser.submit(quote.path, ["op": "down:0"])
        try browser.submit(quote.path, ["op": "save"])
        #expect(browser.status == 200)
        let after = try test.read { try $0.lines(of: .quote, quote.id.value) }
        #expect(after.map(\.label) == ["B", "A"])
        #expect(after.map(\.id) == [before[1].id, before[0].id])
    }

    @Test func anIdOfAnotherQuotesLineReachesNothing() throws {
        let test = try TestApplication.forDocuments()
        let victim = try test.quote()
        let line = try test.read { try $0.lines(of: .quote, victim.id.value)[0] }
        let client = try test.client("Autre")
        let form = test.quoteForm(client, ["lines[0][id]": line.id.description])
        #expect(try test.respond(.post, "/quotes", form: form).status == 303)
        #expect(try test.read { try $0.lines(of: .quote, victim.id.value) } == [line])
    }

    @Test func anotherOrganisationSeesNothing() throws {
        let (test, other) = (try TestApplication.forDocuments(), try TestApplication.forDocuments())
        let quote = try test.sentQuote()
        for path in ["", "/edit", "/refuse", "/extend"] {
            #expect(try other.get(quote.path + path).status == 404)
        }
        for path in ["", "/accept", "/sent", "/reopen", "/duplicate", "/delete"] {
            let form = [("confirmed", "1")]
            #expect(try other.respond(.post, quote.path + path, form: form).status == 404)
        }
        let strange = other.quoteForm(try test.client())
        #expect(try other.respond(.post, "/quotes", form: strange).status == 422)
    }

    @Test func theAccountantReadsButDoesNotWrite() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.quote()
        let page = try test.get(quote.path, as: .accountant)
        #expect(page.status == 200)
        #expect(!page.text.contains("/accept"))
        #expect(try test.post(quote.path + "/sent", as: .accountant).status == 403)
        #expect(try test.get("/quotes/new", as: .accountant).status == 403)
    }

    @Test func hostileWordsAreShownAsWords() throws {
        let test = try TestApplication.forDocuments()
        let hostile = "<script>alert('x')</script>\" onmouseover=\"x"
        let client = try test.client(hostile)
        let form = test.quoteForm(
            client,
            [
                "subject": hostile, "reference": hostile, "message": hostile, "notes": hostile,
                "lines[0][label]": hostile, "lines[0][description]": hostile,
                "lines[1][kind]": "section", "lines[1][label]": hostile,
                "lines[2][kind]": "text", "lines[2][label]": hostile,
            ])
        let path = try #require(try test.respond(.post, "/quotes", form: form).location)
        for target in [path, path + "/edit", "/quotes", "/clients/\(client.id)"] {
            let page = try test.get(target)
            #expect(page.status == 200)
            #expect(!page.text.contains("<script>alert"))
            #expect(faultsOfMarkup(page.text).isEmpty, "\(target)")
        }
        let wrong = form + [("quoted_on", "x"), ("client_words", hostile)]
        #expect(!(try test.respond(.post, "/quotes", form: wrong).text.contains("<script>alert")))
        #expect(!(try test.get("/quotes/export").text.contains("\n=")))
    }

    @Test func aListShowsEachQuoteOnceInEveryOrder() throws {
        let test = try TestApplication.forDocuments()
        let client = try test.client()
        for number in 0..<60 {
            var draft = try test.quoteDraft(for: client)
            draft.quotedOn = draft.quotedOn.adding(days: -(number % 7))
            _ = try test.write { try $0.createQuote(draft) }
        }
        let program = try test.program()
        for sort in ["day", "-day", "number", "-client", "until", "-total"] {
            let first = try program.get("/quotes?sort=\(sort)")
            let next = try #require(first.json?["next_cursor"]?.string)
            let second = try program.get("/quotes?sort=\(sort)&after=\(next)")
            let ids = ((first.json?["data"]?.array ?? []) + (second.json?["data"]?.array ?? []))
                .compactMap { $0["id"]?.string }
            #expect(ids.count == 60 && Set(ids).count == 60, "sorted by \(sort)")
        }
    }
}
