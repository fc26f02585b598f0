import Basics
import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

/// Invoices and payments on the pages of others: home and the client's page.
@Suite struct InvoicesElsewhereTests {
    private func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Invoicing.self, Sending.self, Payments.self, Receivables.self)
    }

    @Test func homeShowsWhatWasInvoicedThisMonthLessCreditNotes() throws {
        let test = try application()
        let client = try test.client()
        _ = try test.issued([test.item(price: 300)], for: client)
        let credited = try test.issued([test.item(price: 50)], for: client)
        _ = try test.write { try $0.issueCreditNote(of: credited.id, CreditNoteDraft()) }
        // Neither a balance of another program nor a draft is turnover.
        _ = try test.debt(77_700, of: client)
        _ = try test.draft(for: client)
        let text = try test.get("/").text
        #expect(text.contains("Facturé ce mois-ci"))
        #expect(text.contains("300,00\u{A0}€"))
        #expect(text.contains("HT, soit 360,00\u{A0}€ TTC, 2\u{A0}factures"))
        #expect(text.contains("/invoices?from=2026-11-01&amp;to=2026-11-30"))
    }

    @Test func lastMonthIsNotThisMonth() throws {
        let test = try application()
        _ = try test.issued(on: try test.today.firstOfMonth.adding(days: -1))
        #expect(try test.get("/").text.contains("0\u{A0}facture"))
    }

    @Test func homeLeadsToDraftsAndToWhatNobodySent() throws {
        let test = try application()
        let client = try test.client()
        let draft = try test.draft(for: client)
        let unsent = try test.issued(for: client)
        let sent = try test.issued(for: client)
        try test.write { _ = try $0.markInvoiceSent(sent.id) }
        let text = try test.get("/").text
        #expect(text.contains("Factures à émettre"))
        #expect(text.contains("href=\"\(draft.path)/issue\""))
        #expect(text.contains("Factures à envoyer"))
        #expect(text.contains("href=\"\(unsent.path)/send\""))
        #expect(!text.contains("\(sent.path)/send"))
        #expect(faultsOfMarkup(text) == [])
        // The accountant does neither.
        let theirs = try test.get("/", as: .accountant).text
        #expect(theirs.contains("Facturé ce mois-ci"))
        #expect(!theirs.contains("Factures à émettre"))
        #expect(!theirs.contains("Factures à envoyer"))
    }

    @Test func moreThanAFewThingsToDoLeadToTheList() throws {
        let test = try application()
        let client = try test.client()
        for _ in 0..<6 { _ = try test.draft(for: client) }
        let text = try test.get("/").text
        #expect(text.contains("/invoices?view=drafts"))
        #expect(text.contains("Et 2 autres"))
    }

    @Test func aClientsPageShowsInvoicesAndPaymentsWithWhatIsOpen() throws {
        let test = try application()
        let client = try test.client()
        let invoice = try test.issued(for: client)
        let draft = try test.draft(for: client)
        let payment = try test.pay(15_000, from: client, [(invoice, 7_000)])
        _ = try test.issued(for: try test.client("Durand"))
        let text = try test.get(client.path).text
        #expect(text.contains("href=\"\(invoice.path)\""))
        #expect(text.contains("href=\"\(draft.path)\""))
        #expect(text.contains("reste dû 50,00\u{A0}€"))
        #expect(text.contains("href=\"/invoices?client=\(client.id)\""))
        #expect(text.contains("href=\"\(payment.path)\""))
        #expect(text.contains("à affecter 80,00\u{A0}€"))
        #expect(text.contains("href=\"/payments?client=\(client.id)\""))
        #expect(faultsOfMarkup(text) == [])
        #expect(try test.get("/invoices?client=\(client.id)").text.contains(invoice.path))
    }

    @Test func creditLeftOfACreditNoteIsNoLessOwed() throws {
        let test = try application()
        let client = try test.client()
        let paid = try test.issued(for: client)
        _ = try test.pay(12_000, from: client, [(paid, 12_000)])
        _ = try test.write { try $0.issueCreditNote(of: paid.id, CreditNoteDraft()) }
        _ = try test.issued([test.item(price: 300)], for: client)
        let text = try test.get(client.path).text
        #expect(text.contains("<dd class=\"v\">360,00\u{A0}€</dd>"), "owed")
        #expect(text.contains("<dd class=\"v\">120,00\u{A0}€</dd>"), "credit left")
        #expect(text.contains("reste dû 360,00\u{A0}€"))
    }

    @Test func aClientOfAnOlderProgramLeadsToTheImportedInvoices() throws {
        let sample = try ImportSample()
        _ = try sample.run(lines: ["1,A,Lens,3,2010-12-01 08:26:00,2.55,17850,United Kingdom"])
        let client = try sample.test.read {
            try #require(try $0.clients(matching: "17850", most: 1).first)
        }
        let text = try sample.test.get("/clients/\(client.id)").text
        #expect(text.contains("href=\"/invoices?client=\(client.id)&amp;view=imported\""))
    }
}
