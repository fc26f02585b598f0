import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

@Suite struct SharingTests {
    private static func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self, Payments.self,
            Sending.self, Sharing.self)
    }

    private func path(_ kind: SharedSubject.Kind, _ id: UniqueID, _ test: TestApplication) -> String
    {
        SharedLink(
            to: SharedSubject(kind: kind, id: id), of: test.organisationID, at: test.clock.now
        ).path(test.application)
    }

    @Test func aClientReadsAndAcceptsAQuoteWithoutAnAccount() throws {
        let test = try SharingTests.application()
        let quote = try test.sentQuote()
        let client = test.browser(as: nil)
        let path = path(.quote, quote.id.value, test)
        try client.get(path)
        #expect(client.status == 200)
        #expect(client.text.contains(quote.number))
        #expect(faultsOfMarkup(client.text) == [])
        #expect(try test.get(path + "/pdf", as: nil).text.hasPrefix("%PDF"))
        try client.submit(path + "/accept", ["note": "Vivement juin"])
        #expect(client.status == 422, "a name is needed")
        #expect(client.text.contains("Vivement juin"), "nothing typed is lost")
        try client.submit(path + "/accept", ["name": "Jeanne Roux", "note": "Vivement juin"])
        #expect(client.status == 200)
        #expect(client.text.contains("Vous avez accepté ce devis"))
        let accepted = try test.read { try $0.quote(quote.id) }
        #expect(accepted.status == .accepted)
        #expect(accepted.decisionNote == "Jeanne Roux : Vivement juin")
        #expect(try test.read { try $0.order(ofQuote: quote.id) } != nil)
        let page = try test.get(quote.path).text
        #expect(page.contains("Ouvert par le client"))
        let entry = try test.read { try $0.journal(of: .quote, quote.id.value) }
        #expect(entry.contains { $0.actorName == "Jeanne Roux" && $0.action == "quote.accepted" })
    }

    @Test func whoeverIsSignedInAnswersALinkAsWell() throws {
        let test = try SharingTests.application()
        let quote = try test.sentQuote()
        let (reader, path) = (test.browser(as: .agent), path(.quote, quote.id.value, test))
        try reader.get(path)
        try reader.submit(path + "/accept", ["name": "Jeanne Roux"])
        #expect(reader.status == 200 && reader.text.contains("Vous avez accepté ce devis"))
    }

    @Test func aQuoteIsAnsweredOnce() throws {
        let test = try SharingTests.application()
        let quote = try test.sentQuote()
        let path = path(.quote, quote.id.value, test)
        let (first, second) = (test.browser(as: nil), test.browser(as: nil))
        try first.get(path)
        try second.get(path)
        try first.post(path + "/refuse", ["name": "Jeanne Roux", "note": "Trop tard"])
        try second.submit(path + "/accept", ["name": "Paul Roux"])
        #expect(second.status == 409)
        #expect(try test.read { try $0.quote(quote.id) }.status == .refused)
    }

    @Test func aLinkCannotBeMadeUpOrBent() throws {
        let test = try SharingTests.application()
        let (quote, other) = (try test.sentQuote(), try test.sentQuote())
        let code = String(path(.quote, quote.id.value, test).dropFirst("/shared/".count))
        var bytes = try #require(Base64URL.bytes(code))
        bytes.replaceSubrange(17..<33, with: other.id.value.bytes)
        for wrong in [
            Base64URL.text(bytes), String(code.dropLast()), code + "A", "x", code.uppercased(),
        ] {
            #expect(try test.get("/shared/" + wrong, as: nil).status == 404, "\(wrong)")
        }
        for index in 0..<57 {
            var bent = try #require(Base64URL.bytes(code))
            bent[index] ^= 1
            #expect(try test.get("/shared/" + Base64URL.text(bent), as: nil).status == 404)
        }
    }

    @Test func aLinkEndsWithItsTimeAndWhenItIsWithdrawn() throws {
        let test = try SharingTests.application()
        let quote = try test.sentQuote()
        let path = path(.quote, quote.id.value, test)
        #expect(try test.get(path, as: nil).status == 200)
        test.clock.advance(seconds: 5)
        _ = try test.post(quote.path + "/links/revoke")
        let over = try test.get(path, as: nil)
        #expect(over.status == 410)
        #expect(!over.text.contains(quote.number))
        #expect(try test.get(path + "/pdf", as: nil).status == 404)
        test.clock.advance(seconds: 5)
        let later = self.path(.quote, quote.id.value, test)
        #expect(try test.get(later, as: nil).status == 200, "a new link opens")
        test.clock.advance(seconds: 91 * 86_400)
        #expect(try test.get(later, as: nil).status == 410)
    }

    @Test func draftsAreNotShown() throws {
        let test = try SharingTests.application()
        let quote = try test.quote()
        #expect(try test.get(path(.quote, quote.id.value, test), as: nil).status == 404)
        let draft = try test.draft(for: test.client("Notaires Faure") { $0.siren = "" })
        #expect(try test.get(path(.invoice, draft.id.value, test), as: nil).status == 404)
    }

    @Test func anInvoiceShowsWhatIsLeftToPay() throws {
        let test = try SharingTests.application()
        let invoice = try test.issued()
        let page = try test.get(path(.invoice, invoice.id.value, test), as: nil)
        #expect(page.text.contains("Reste à payer"))
        #expect(page.text.contains(invoice.number ?? "-"))
        #expect(!page.text.contains("/accept"))
    }

    @Test func anAnswerFromAnotherSiteIsRefused() throws {
        let test = try SharingTests.application()
        let quote = try test.sentQuote()
        let path = path(.quote, quote.id.value, test)
        let answer = try test.respond(
            .post, path + "/accept", form: [("name", "Jeanne Roux")], as: nil)
        #expect(answer.status == 400)
        #expect(try test.read { try $0.quote(quote.id) }.status == .sent)
    }

    @Test func theLetterNamesTheLink() throws {
        let test = try SharingTests.application()
        let quote = try test.sentQuote()
        let form = try test.get(quote.path + "/send", headers: ["Host": "comptoir.example"])
        #expect(form.text.contains("http://comptoir.example/shared/"))
    }
}
