import Basics
import Core
import TestSupport
import Testing

@testable import Sales

struct OtherPDFTests {
    @Test func aCreditNoteNamesItsInvoiceAndAsksForNothing() throws {
        let test = try TestApplication.forPrinting()
        let invoice = try test.issued([test.item(quantity: 30_000)])
        test.clock.advance(seconds: 2 * 86_400)
        let line = try #require(try test.lines(of: invoice).first)
        let note = try test.write { transaction in
            try transaction.issueCreditNote(
                of: invoice.id,
                CreditNoteDraft(
                    quantities: [line.id: Quantity(tenThousandths: 10_000)],
                    reason: "Une vue manquait."))
        }
        let pdf = try test.pdf(of: note.path)
        let number = try #require(invoice.number)
        let noteNumber = try #require(note.number)
        for words in [
            "Avoir", noteNumber, "23 novembre 2026",
            "Avoir sur la facture \(number) du 21 novembre 2026.",
            "Facture d’origine", "Une vue manquait.", "Menuiserie Aubrac",
            "20 % 100,00 20,00", "Total HT 100,00 €", "Total TVA 20,00 €", "Total TTC 120,00 €",
            "SIREN 732 829 320", "TVA FR 44 732829320",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        for words in ["Règlement", "IBAN", "Échéance", "40 €", "pénalités"] {
            #expect(!pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        #expect(try pdf.paymentCode() == nil)
        #expect(pdf.pages.count == 1)
        #expect(try pdf.fonts().values.allSatisfy { $0 })
    }

    @Test func aQuoteSaysHowLongItHoldsAndWhereToSign() throws {
        let test = try TestApplication.forPrinting()
        let quote = try test.sentQuote([
            test.text(.section, "Villa"), test.item(quantity: 20_000, price: 450),
            test.item("Montage", price: 100, vat: VATRate(.standard, Percentage(hundredths: 1000))),
        ])
        let pdf = try test.pdf(of: quote.path)
        for words in [
            "Devis", quote.number, "Valable jusqu’au", "21 décembre 2026", "Villa",
            "Prise de vue aérienne 2 unités 450,00", "20 % 900,00 180,00", "10 % 100,00 10,00",
            "Total HT 1 000,00 €", "Total TVA 190,00 €", "Total TTC 1 190,00 €",
            "Bon pour accord", "SIREN 732 829 320", "Menuiserie Aubrac", "SIREN 552 100 554",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        #expect(!pdf.contains("BROUILLON"))
        #expect(try pdf.paymentCode() == nil)
        #expect(pdf.pages.count == 1)
        #expect(try pdf.fonts().values.allSatisfy { $0 })
    }

    @Test func aQuoteInEnglishHasNoFrenchWords() throws {
        let test = try TestApplication.forPrinting()
        let client = try test.client { $0.language = .english }
        let pdf = try test.pdf(of: test.quote([test.item("Aerial survey")], for: client).path)
        for words in ["Quote", "Valid until", "Agreed", "DRAFT", "Net total €100.00"] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        for french in ["Devis", "Valable", "Bon pour", "Brouillon", "TTC", "HT"] {
            #expect(!pdf.contains(french), "\(french)\n\(pdf.text)")
        }
    }

    @Test func aQuoteWithoutVATSaysWhy() throws {
        let test = try TestApplication.forPrinting()
        try test.change(
            """
            UPDATE organisations SET vat_regime = 'franchise', vat_number = ''
            WHERE id = \(test.organisationID)
            """)
        let pdf = try test.pdf(of: test.quote([test.item(vat: VATRate(.exempt, .zero))]).path)
        #expect(pdf.contains("TVA non applicable, art. 293 B du CGI"))
        #expect(pdf.count("TVA") == 1, "\(pdf.text)")
    }

    @Test func aLongQuoteKeepsItsTotalsTogether() throws {
        let test = try TestApplication.forPrinting()
        let quote = try test.sentQuote((1...200).map { test.item("Vue \($0).") })
        let pdf = try test.pdf(of: quote.path)
        #expect(pdf.pages.count > 4)
        #expect(pdf.pages.allSatisfy { $0.contains("Désignation") })
        #expect(pdf.count("Total TTC") == 1)
        #expect(pdf.count("Bon pour accord") == 2, "the heading, and the words to write")
        let last = try #require(pdf.pages.last)
        #expect(last.contains("Total TTC 24 000,00 €"))
    }
}
