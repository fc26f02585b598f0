import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

struct MailPageTests {
    private let record = MailedRecord(
        .invoice, UniqueID.make(at: TestClock.usual), label: "F-2026-0001", client: nil)

    private func queue(
        _ test: TestApplication, to recipient: String = "compta@aubrac.example",
        subject: String = "Votre facture", body: String = "Bonjour"
    ) throws -> Mail {
        try test.write {
            try $0.queueMail(
                MailDraft(
                    about: record, recipient: recipient, subject: subject, body: body,
                    attachment: MailAttachment(name: "F-2026/0001.pdf", bytes: [0x25, 0, 0xFF])))
        }
    }

    @Test func theFormSendsWhatWasTypedAndKnowsTheNameOfASuggestion() throws {
        let test = try TestApplication(Letters.self)
        let browser = test.browser(as: .agent)
        try browser.get("/letters/send")
        #expect(browser.text.contains("<option value=\"lea@aubrac.example\">Léa Aubrac</option>"))
        #expect(browser.text.contains("Mettre en attente"), "there is no server yet")
        #expect(faultsOfMarkup(browser.text) == [])
        try browser.submit(
            "/letters/send",
            [
                "recipient": "Lea@Aubrac.example", "copy": "a@b.example; c@d.example",
                "subject": "Bonjour", "body": "Un\r\nDeux",
            ])
        let id = try #require(Mail.ID(browser.address.split(separator: "/").last ?? ""))
        let mail = try test.read { try $0.mail(id) }
        #expect(mail.recipient == "lea@aubrac.example")
        #expect(mail.recipientName == "Léa Aubrac")
        #expect(mail.copies == ["a@b.example", "c@d.example"])
        #expect(mail.body == "Un\nDeux")
        #expect(mail.messageID == "\(id)@altavista.example")
    }

    @Test(arguments: [
        ("recipient", ""), ("recipient", "lea"), ("recipient", "a@b.example, c@d.example"),
        ("recipient", "a@b.example\r\nBcc: eve@evil.example"),
        ("recipient", "a@b.example\nSubject: x"), ("recipient", "a@b.example\u{0}x"),
        ("recipient", "a@é.example"), ("copy", "a@b.example, eve"),
        ("copy", "a@b.example\r\nBcc: eve@evil.example"),
        ("copy", (0..<11).map { "a\($0)@b.example" }.joined(separator: ",")), ("subject", ""),
        ("subject", "Bonjour\r\nBcc: eve@evil.example"), ("subject", "Bonjour\u{2028}Bcc: eve"),
        ("subject", "a\u{1B}[31m"), ("subject", String(repeating: "é", count: 201)), ("body", ""),
        ("body", "  \n "), ("body", String(repeating: "é", count: 10_001)),
    ])
    func aWrongFieldIsNamedAndNothingIsQueued(field: String, value: String) throws {
        let test = try TestApplication(Letters.self)
        let usual = [
            "recipient": "lea@aubrac.example", "copy": "", "subject": "Bonjour <ici>",
            "body": "Texte & suite",
        ]
        let form = usual.merging([field: value]) { $1 }.map { ($0.key, $0.value) }
        let answer = try test.respond(.post, "/letters/send", form: form)
        // A form that holds NUL is refused before any field is read.
        let isNUL = value.contains("\u{0}")
        #expect(answer.status == (isNUL ? 400 : 422))
        if !isNUL {
            #expect(answer.text.contains("href=\"#f-\(field)\""))
            #expect(faultsOfMarkup(answer.text) == [])
            let other = field == "body" ? "Bonjour &lt;ici&gt;" : "Texte &amp; suite"
            #expect(answer.text.contains(other), "what was typed is kept")
        }
        #expect(try test.get("/mails").text.contains("Aucun courriel encore"))
    }

    @Test(arguments: [
        ("recipient", "a@b.example\r\nBcc: eve@evil.example"), ("subject", "x\nBcc: eve"),
        ("copy", "a@b.example\nBcc: eve"), ("body", ""),
    ])
    func theVerbChecksWhatNoFormDid(field: String, value: String) throws {
        let test = try TestApplication()
        var draft = MailDraft(about: record, recipient: "a@b.example", subject: "x", body: "y")
        switch field {
        case "recipient": draft.recipient = value
        case "copy": draft.copies = [value]
        case "subject": draft.subject = value
        default: draft.body = value
        }
        let problem = #expect(throws: Problem.self) {
            try test.write { try $0.queueMail(draft) }
        }
        #expect(problem?.fields.map(\.field) == [field])
    }

    @Test func theFormSentTwiceQueuesOnce() throws {
        let test = try TestApplication(Letters.self)
        let form = [
            ("recipient", "a@b.example"), ("subject", "x"), ("body", "y"),
            ("_submission", UniqueID.make(at: test.clock.now).description),
        ]
        let first = try test.respond(.post, "/letters/send", form: form)
        let second = try test.respond(.post, "/letters/send", form: form)
        #expect(first.status == 303)
        #expect(first.location == second.location)
        let count = try test.read { try $0.mails(MailFilter(Fields())).rows.count }
        #expect(count == 1)
    }

    @Test func hostileTextShowsAsText() throws {
        let test = try TestApplication()
        let hostile = "<script>alert('x')</script> \"&amp;\""
        let mail = try queue(test, subject: hostile, body: hostile + "\n</p><img src=x onerror=y>")
        for path in [mail.path, "/mails", "/", "/search?q=script"] {
            let page = try test.get(path).text
            #expect(page.contains("&lt;script&gt;"), "\(path)")
            #expect(!page.contains("<script>alert"), "\(path)")
            #expect(!page.contains("<img src=x"), "\(path)")
            #expect(faultsOfMarkup(page) == [], "\(path)")
        }
    }

    @Test func theAttachmentIsDownloadedAsItWas() throws {
        let test = try TestApplication()
        let mail = try queue(test)
        #expect(mail.attachmentName == "F-2026-0001.pdf", "no slash in a file name")
        let answer = try test.get(mail.path + "/attachment", as: .accountant)
        #expect(answer.bytes == [0x25, 0, 0xFF])
        #expect(answer.response.headers["Content-Type"] == "application/pdf")
        #expect(
            answer.response.headers["Content-Disposition"]
                == "attachment; filename=\"F-2026-0001.pdf\"")
    }

    @Test func anotherOrganisationFindsNothing() throws {
        let mail = try queue(try TestApplication())
        let other = try TestApplication()
        for path in ["", "/attachment"] {
            #expect(try other.get(mail.path + path).status == 404)
        }
        for path in ["/resend", "/cancel", "/recipient"] {
            let answer = try other.post(mail.path + path, ["recipient": "eve@evil.example"])
            #expect(answer.status == 404)
        }
        #expect(try other.get("/mails?q=facture").text.contains("Aucun courriel ici"))
    }

    @Test func theAccountantReadsButSendsNothing() throws {
        let test = try TestApplication(Letters.self)
        let mail = try queue(test)
        let page = try test.get(mail.path, as: .accountant)
        #expect(page.status == 200)
        #expect(!page.forms.contains { $0.action.hasPrefix("/mails/") })
        #expect(try test.get("/letters/send", as: .accountant).status == 403)
        for path in ["/resend", "/cancel", "/recipient"] {
            #expect(try test.post(mail.path + path, as: .accountant).status == 403)
        }
        #expect(try test.post("/mails/send-waiting", as: .accountant).status == 403)
        #expect(try test.read { try $0.mail(mail.id).status } == .waiting)
    }

    @Test func theListIsSearchedNarrowedAndGoesOn() throws {
        let test = try TestApplication()
        #expect(try test.get("/mails").text.contains("Aucun courriel encore"))
        for number in 1...51 {
            test.clock.advance(seconds: 60)
            _ = try queue(test, to: "n\(number)@aubrac.example", subject: "Envoi \(number).")
        }
        let browser = test.browser(as: .accountant)
        try browser.get("/mails")
        #expect(browser.text.contains("Envoi 51."))
        #expect(!browser.text.contains("Envoi 1."))
        let next = try #require(browser.text.firstMatch(of: /rel="next" href="([^"]+)"/)).output.1
        try browser.get(String(next))
        #expect(browser.text.contains("Envoi 1."))
        #expect(!browser.text.contains("Envoi 2."))
        for (query, found) in [("q=n7", true), ("q=envoi+7", true), ("q=F-2026-0001", true)] {
            #expect(try test.get("/mails?" + query).text.contains("Envoi 7.") || !found, "\(query)")
        }
        #expect(!(try test.get("/mails?q=n7").text.contains("Envoi 8.")))
        #expect(try test.get("/mails?view=waiting").text.contains("Envoi 51."))
        #expect(try test.get("/mails?view=sent").text.contains("Aucun courriel ici"))
        #expect(try test.get("/mails?view=zzz&after=zz").status == 200)
        #expect(faultsOfMarkup(browser.text) == [])
        let csv = try test.get("/mails/export?q=n7").text
        #expect(csv.split(separator: "\r\n").count == 2)
        #expect(csv.contains("n7@aubrac.example"))
        let json = try test.program().get("/mails?q=n7").json
        #expect(json?["data"]?.array?.first?["subject"]?.string == "Envoi 7.")
    }

    @Test func theLetterIsInTheLanguageOfTheClient() throws {
        let organisation = try TestApplication().organisation
        let french = CoverLetter(
            Text("la facture F-1", "invoice F-1"), title: Text("Facture F-1", "Invoice F-1"),
            facts: [Text("Échéance : 21/12/2026", "Due: 21/12/2026")], to: "Léa", in: .french,
            from: organisation, signature: "Claire Monnier")
        #expect(french.subject == "Facture F-1 — Alta Vista Drones")
        #expect(french.body.hasPrefix("Bonjour Léa,\n\nVeuillez trouver ci-joint la facture F-1."))
        #expect(french.body.contains("Échéance : 21/12/2026"))
        let english = CoverLetter(
            Text("la facture F-1", "invoice F-1"), title: Text("Facture F-1", "Invoice F-1"),
            in: .english, from: organisation, signature: "")
        #expect(english.body.hasPrefix("Hello,\n\nPlease find attached invoice F-1."))
        #expect(
            english.body.hasSuffix("Alta Vista Drones\n+33 4 65 71 00 00")
                || english.body.contains("Alta Vista Drones"))
    }
}
