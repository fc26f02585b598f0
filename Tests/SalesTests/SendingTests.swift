import Basics
@testable import Core
import TestSupport
import Testing

@testable import Sales

/// The program with a mail server of its own.
private struct PostOffice {
    let test: TestApplication
    let sink: SMTPSink

    init(isSetUp: Bool = true) throws {
        sink = try SMTPSink()
        test = try TestApplication.forPrinting()
        if isSetUp { try setUp() }
    }

    func setUp() throws {
        let answer = try test.post(
            "/settings/mail",
            [
                "smtp_host": "127.0.0.1", "smtp_port": String(sink.port), "smtp_security": "none",
                "mail_from": "facturation@altavista.example",
            ])
        #expect(answer.status == 303)
    }

    /// Presses the button of the form as it stands; answers the page that follows.
    @discardableResult
    func send(_ path: String, _ values: KeyValuePairs<String, String> = [:]) throws -> Browser {
        let browser = test.browser(as: .agent)
        try browser.get(path + "/send")
        #expect(faultsOfMarkup(browser.text) == [])
        try browser.submit(path + "/send", values)
        return browser
    }

    @discardableResult
    func runJobs() throws -> Int {
        try JobRunner(test.application, only: test.organisationID).runDue()
    }

    func pdf(in message: ReceivedMessage) throws -> (name: String, ReadPDF) {
        let part = try #require(message.parsed.parts.first { $0.type == "application/pdf" })
        return (part.filename ?? "", try ReadPDF(Array(try #require(part.base64))))
    }

    func text(of message: ReceivedMessage) -> String {
        message.parsed.parts.first { $0.type == "text/plain" }?.text ?? ""
    }
}

@Suite(
    .enabled(
        if: SMTPSink.isAvailable,
        "aiosmtpd cannot be imported: give COMPTOIR_PYTHON or make .venv with it"))
struct SendingTests {
    @Test func anInvoiceIsMailedWithItsPDFAndItsTimelineSaysSo() throws {
        let office = try PostOffice()
        let invoice = try office.test.issued()
        let number = try #require(invoice.number)
        let browser = try office.send(invoice.path)
        #expect(browser.address == invoice.path)
        #expect(browser.text.contains("Le courriel part."))
        #expect(try office.test.read { try $0.invoice(invoice.id).sentAt } == nil, "not yet")
        #expect(try office.runJobs() == 1)

        let message = try #require(try office.sink.messages().first)
        #expect(message.recipients == ["compta@aubrac.example"])
        #expect(message.parsed.subject == "Facture \(number) — Alta Vista Drones")
        #expect(
            office.text(of: message).contains("Veuillez trouver ci-joint la facture \(number)."))
        let (name, pdf) = try office.pdf(in: message)
        #expect(name == "\(number).pdf")
        #expect(pdf.contains(number))
        #expect(pdf.contains("Total TTC 120,00 €"))

        #expect(try office.test.read { try $0.invoice(invoice.id).sentAt } != nil)
        let page = try office.test.get(invoice.path).text
        #expect(page.contains("a envoyé par courriel"))
        #expect(page.contains("compta@aubrac.example"))
        #expect(faultsOfMarkup(page) == [])
        let toSend = try office.test.get("/invoices?view=to_send").text
        #expect(!toSend.contains(number))
    }

    @Test func anEnglishClientGetsEnglishLettersAndPDF() throws {
        let office = try PostOffice()
        let client = try office.test.client("Harbour Joinery") { $0.language = .english }
        let invoice = try office.test.issued([office.test.item("Survey")], for: client)
        let number = try #require(invoice.number)
        try office.send(invoice.path)
        try office.runJobs()
        let message = try #require(try office.sink.messages().first)
        #expect(message.parsed.subject == "Invoice \(number) — Alta Vista Drones")
        #expect(office.text(of: message).hasPrefix("Hello,\n\nPlease find attached invoice"))
        let (_, pdf) = try office.pdf(in: message)
        #expect(pdf.contains("Bill to"))
        #expect(!pdf.contains("Facture"))
    }

    @Test func whoReceivesInvoicesIsOfferedFirst() throws {
        let office = try PostOffice()
        let client = try office.test.client()
        for (name, email, receives) in [
            ("Paul Dumas", "paul@aubrac.example", ""), ("Léa Aubrac", "lea@aubrac.example", "on"),
        ] {
            let answer = try office.test.post(
                "/clients/\(client.id)/contacts",
                ["name": name, "email": email, "receives_invoices": receives])
            #expect(answer.status == 303)
        }
        let invoice = try office.test.issued(for: client)
        try office.send(invoice.path)
        try office.runJobs()
        let message = try #require(try office.sink.messages().first)
        #expect(message.recipients == ["lea@aubrac.example"])
        #expect(office.text(of: message).hasPrefix("Bonjour Léa Aubrac,"))
    }

    @Test func aQuoteThatIsMailedIsNoDraftAnyMore() throws {
        let office = try PostOffice()
        let quote = try office.test.quote()
        let browser = try office.send(quote.path)
        #expect(browser.address == quote.path)
        #expect(try office.test.read { try $0.quote(quote.id).status } == .sent)
        try office.runJobs()
        let message = try #require(try office.sink.messages().first)
        #expect(message.parsed.subject == "Devis \(quote.number) — Alta Vista Drones")
        let (name, pdf) = try office.pdf(in: message)
        #expect(name == "\(quote.number).pdf")
        #expect(!pdf.contains("BROUILLON"))
        #expect(pdf.contains("Bon pour accord"))
        #expect(try office.test.get(quote.path).text.contains("a envoyé par courriel"))
    }

    @Test func aCreditNoteIsMailedAsOne() throws {
        let office = try PostOffice()
        let invoice = try office.test.issued()
        let note = try office.test.write {
            try $0.issueCreditNote(of: invoice.id, CreditNoteDraft())
        }
        try office.send(note.path)
        try office.runJobs()
        let message = try #require(try office.sink.messages().first)
        #expect(message.parsed.subject.hasPrefix("Avoir "))
        #expect(try office.pdf(in: message).1.contains("Avoir sur la facture"))
    }

    @Test func withoutMailServerTheInvoiceWaitsAndIsNotCalledSent() throws {
        let office = try PostOffice(isSetUp: false)
        let invoice = try office.test.issued()
        let browser = try office.send(invoice.path)
        #expect(browser.text.contains("Le courriel attend que l’envoi soit réglé."))
        #expect(try office.runJobs() == 0)
        #expect(try office.test.read { try $0.invoice(invoice.id).sentAt } == nil)
        try office.setUp()
        #expect(try office.test.post("/mails/send-waiting").status == 303)
        #expect(try office.runJobs() == 1)
        #expect(try office.sink.messages().count == 1)
        #expect(try office.test.read { try $0.invoice(invoice.id).sentAt } != nil)
    }

    @Test func aRefusedMailLeavesTheInvoiceUnsentAndSaysWhy() throws {
        let office = try PostOffice()
        let invoice = try office.test.issued()
        try office.send(invoice.path, ["recipient": "permanent@aubrac.example"])
        try office.runJobs()
        #expect(try office.test.read { try $0.invoice(invoice.id).sentAt } == nil)
        let page = try office.test.get(invoice.path).text
        #expect(page.contains("n’a pas pu envoyer par courriel"))
        #expect(page.contains("ne connaît pas cette adresse"))
    }

    @Test func theFormSentTwiceMailsOnce() throws {
        let office = try PostOffice()
        let invoice = try office.test.issued()
        let browser = office.test.browser(as: .agent)
        let form = try browser.get(invoice.path + "/send").forms.first {
            $0.action == invoice.path + "/send"
        }
        let fields = try #require(form).fields.map { ($0.name, $0.value) }
        for _ in 1...2 {
            let answer = try office.test.respond(
                .post, invoice.path + "/send", form: fields, as: .agent)
            #expect(answer.location == invoice.path)
        }
        try office.runJobs()
        #expect(try office.sink.messages().count == 1)
    }

    @Test func onlyWhatIsIssuedIsSent() throws {
        let test = try TestApplication.forPrinting()
        let draft = try test.draft(for: test.client())
        #expect(try test.get(draft.path + "/send").status == 409)
        #expect(try test.post(draft.path + "/send", ["recipient": "a@b.example"]).status == 409)
        let issued = try test.issued()
        #expect(try test.get(issued.path + "/send", as: .accountant).status == 403)
        #expect(try test.get(issued.path + "/pdf", as: .accountant).status == 200)
        let other = try TestApplication.forPrinting()
        for path in ["/send", "/pdf"] {
            #expect(try other.get(issued.path + path).status == 404)
        }
    }
}
