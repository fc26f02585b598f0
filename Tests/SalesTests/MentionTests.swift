import Basics
import Core
import Database
import TestSupport
import Testing

@testable import Sales

/// Nothing is printed twice: neither by the mentions nor by the foot of the page.
@Suite struct MentionTests {
    private func printed(ownWords: String) throws -> PrintedDocument {
        let test = try TestApplication(Invoicing.self)
        let id = test.organisationID
        try test.change(
            """
            UPDATE organisations SET vat_regime = 'franchise', invoice_footer = \(ownWords)
            WHERE id = \(id)
            """)
        let line = test.item(vat: VATRate(.exempt))
        let invoice = try test.issued([line])
        return try test.read { try $0.printedInvoice(invoice.id) }
    }

    @Test(arguments: [
        "TVA non applicable, art. 293 B du CGI", "tva non applicable, ART. 293 B du CGI.",
        "Alta Vista Drones, SAS au capital de 10 000 €", "SIRET 732 829 320 00074",
    ])
    func wordsThatTheDocumentSaysAnywayAreNotRepeated(words: String) throws {
        let printed = try printed(ownWords: words)
        #expect(!printed.mentions.contains(words))
        let all = PlainText.folded((printed.mentions + [printed.footer]).joined(separator: " "))
        #expect(all.ranges(of: PlainText.folded(words)).count == 1)
    }

    @Test func wordsOfOnesOwnAreKept() throws {
        for words in ["Merci de votre confiance.", "Titulaire du label 293"] {
            #expect(try printed(ownWords: words).mentions.last == words)
        }
    }

    @Test func quotesAndOrdersSayTheFranchiseOnce() throws {
        let test = try TestApplication.forDocuments()
        let id = test.organisationID
        try test.change("UPDATE organisations SET vat_regime = 'franchise' WHERE id = \(id)")
        let line = test.item(vat: VATRate(.exempt))
        let (quote, order) = (try test.quote([line]), try test.newOrder([line]))
        let documents = try test.read {
            [try $0.printedQuote(quote.id), try $0.printedOrder(order.id)]
        }
        for printed in documents {
            #expect(printed.mentions.count == 1)
            let all = (printed.mentions + [printed.footer]).joined(separator: " ")
            #expect(all.ranges(of: "293 B").count == 1)
        }
    }
}
