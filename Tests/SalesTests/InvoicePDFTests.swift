import Basics
import Core
import Foundation
import TestSupport
import Testing

@testable import Sales

struct InvoicePDFTests {
    /// 2 × 450,00 less 10 % at 20 %, and 3 × 100,00 at 10 %: 810 + 162, 300 + 30.
    private func twoRates(_ test: TestApplication) -> [DocumentLine] {
        [
            test.item(
                "Prise de vue aérienne", quantity: 20_000, price: 450,
                discount: .percent(Percentage(hundredths: 1000))),
            test.item(
                "Tirage encadré", quantity: 30_000,
                vat: VATRate(.standard, Percentage(hundredths: 1000))),
        ]
    }

    @Test func anInvoiceSaysWhatTheLawAsks() throws {
        let test = try TestApplication.forPrinting()
        let client = try test.client { $0.vatNumber = "FR20552100554" }
        var draft = InvoiceDraft(for: client.id, lines: twoRates(test))
        draft.serviceOn = Day("2026-11-18")
        let id = try test.write { try $0.draftInvoice(draft).id }
        let invoice = try test.write { try $0.issueInvoice(id) }
        let pdf = try test.pdf(of: invoice.path)
        let number = try #require(invoice.number)
        for words in [
            "Facture", number,
            // Who sells: name, address, SIREN, VAT number, form, capital, register.
            "Alta Vista Drones", "12 quai Perrache", "69002 Lyon", "SIREN 732 829 320",
            "TVA FR 44 732829320", "SAS au capital de 10 000 €", "RCS Lyon",
            // Who buys.
            "Menuiserie Aubrac", "14 rue des Artisans", "69100 Villeurbanne",
            "SIREN 552 100 554", "TVA FR 20 552100554",
            // When.
            "Date d’émission", "21 novembre 2026", "Échéance", "18 novembre 2026",
            "au plus tard le 21 décembre 2026",
            // What: quantity, designation, price without tax, rate, discount, net.
            "Prise de vue aérienne 2 unités 450,00", "−10 % 20 % 810,00",
            "Tirage encadré 3 unités 100,00", "10 % 300,00",
            // Tax by rate, and sums.
            "20 % 810,00 162,00", "10 % 300,00 30,00", "Remises −90,00 €",
            "Total HT 1 110,00 €", "Total TVA 192,00 €", "Total TTC 1 302,00 €",
            // How to pay, and what happens when nobody does.
            "IBAN FR76 3000 6000 0112 3456 7890 189", "BIC AGRIFRPP",
            "prestation de services", "Pas d’escompte pour paiement anticipé.",
            "pénalités au taux de trois fois l’intérêt légal", "L441-10",
            "Indemnité forfaitaire pour frais de recouvrement : 40 €",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
    }

    @Test func withoutVATItSaysWhyAndSpeaksOfNone() throws {
        let test = try TestApplication.forPrinting()
        try test.change(
            """
            UPDATE organisations SET vat_regime = 'franchise', vat_number = ''
            WHERE id = \(test.organisationID)
            """)
        let invoice = try test.issued([test.item(vat: VATRate(.exempt, .zero))])
        let pdf = try test.pdf(of: invoice.path)
        #expect(pdf.contains("TVA non applicable, art. 293 B du CGI."))
        #expect(pdf.contains("Total 100,00 €"))
        #expect(pdf.count("TVA") == 1, "\(pdf.text)")
        #expect(!pdf.contains("HT"))
    }

    @Test func whereTheBuyerOwesTheTaxBothVATNumbersStand() throws {
        let test = try TestApplication.forPrinting()
        let client = try test.client("Bouwbedrijf Delta", country: "BE") {
            $0.siren = ""
            $0.vatNumber = "BE0403170701"
        }
        let invoice = try test.issued(
            [test.item(vat: VATRate(.reverseCharge, .zero))], for: client)
        let pdf = try test.pdf(of: invoice.path)
        for words in ["Autoliquidation, article 283-2", "FR 44 732829320", "BE0403170701"] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        #expect(pdf.contains("Total TVA 0,00 €"))
    }

    @Test func aPrivatePersonOwesNoFlatIndemnity() throws {
        let test = try TestApplication.forPrinting()
        let person = try test.client("Jeanne Vial", kind: .person)
        let pdf = try test.pdf(of: test.issued(for: person).path)
        #expect(!pdf.contains("40 €"))
        #expect(!pdf.contains("pénalités"))
    }

    @Test func theCodeAsksForWhatTheDocumentStates() throws {
        let test = try TestApplication.forPrinting()
        let client = try test.client()
        let invoice = try test.issued(twoRates(test), for: client)
        func code(_ amount: String) throws -> [String] {
            [
                "BCD", "002", "1", "SCT", "AGRIFRPP", "Alta Vista Drones",
                "FR7630006000011234567890189", amount, "", "", try #require(invoice.number),
            ]
        }
        #expect(try test.pdf(of: invoice.path).paymentCode() == code("EUR1302.00"))
        try test.pay(100_050, from: client, [(invoice, 100_050)])
        #expect(try test.pdf(of: invoice.path).paymentCode() == code("EUR1302.00"))
    }

    @Test func anInvoiceInAnotherCurrencyOrWithoutAccountHasNoCode() throws {
        let test = try TestApplication.forPrinting()
        try test.change(
            "UPDATE organisations SET iban = '', bic = '' WHERE id = \(test.organisationID)")
        let pdf = try test.pdf(of: test.issued().path)
        #expect(try pdf.paymentCode() == nil)
        #expect(!pdf.contains("IBAN"))
    }

    @Test func everyFontIsInTheFile() throws {
        let test = try TestApplication.forPrinting()
        let section = test.text(.section, "Villa — Ω, žluť, Đorđe")
        let pdf = try test.pdf(of: test.issued([section] + twoRates(test)).path)
        let fonts = try pdf.fonts()
        #expect(fonts.count >= 2)
        #expect(fonts.values.allSatisfy { $0 }, "\(fonts)")
        try pdf.check()
    }

    @Test func oneLineIsOnePage() throws {
        let test = try TestApplication.forPrinting()
        let pdf = try test.pdf(of: test.issued().path)
        #expect(pdf.pages.count == 1)
        #expect(pdf.contains("Page 1 / 1"))
    }

    @Test func twoHundredLinesRepeatTheirHeaderAndAddUpOnce() throws {
        let test = try TestApplication.forPrinting()
        let lines = (1...200).map { test.item("Vue numéro \($0).", price: $0) }
        let invoice = try test.issued(lines)
        let number = try #require(invoice.number)
        let pdf = try test.pdf(of: invoice.path)
        #expect(pdf.pages.count > 4)
        for (index, page) in pdf.pages.enumerated() {
            #expect(page.contains("Page \(index + 1) / \(pdf.pages.count)"))
            #expect(page.contains("Désignation"), "the header of the table on page \(index + 1)")
            #expect(page.contains(number))
        }
        for number in 1...200 { #expect(pdf.count("Vue numéro \(number).") == 1) }
        // 200 × 201 / 2 = 20 100, and a fifth of it.
        #expect(pdf.count("Total TTC") == 1)
        let last = try #require(pdf.pages.last)
        #expect(last.contains("Total HT 20 100,00 €"))
        #expect(last.contains("Total TTC 24 120,00 €"))
        #expect(pdf.count("40 €") == 1)
    }

    @Test(arguments: [
        "<script>alert(1)</script> & \"x\" \\ (y) %s", "שלום \u{202E}evil\u{202C} مرحبا",
        "🚁 \u{FFFD} \u{FEFF} e\u{301}", String(repeating: "M", count: 500),
        "Ligne\nautre\u{0B}\u{2028}fin", "--- %%EOF endobj stream",
    ])
    func hostileWordsAreDrawnAsWords(words: String) throws {
        let test = try TestApplication.forPrinting()
        let client = try test.client("Aubrac " + PlainText.line(words).prefix(150))
        var line = test.item("Vol " + PlainText.line(words).prefix(150))
        line.description = words
        let invoice = try test.issued([line], for: client)
        let pdf = try test.pdf(of: invoice.path)
        try pdf.check()
        #expect(pdf.pages.count == 1)
        #expect(pdf.contains("Vol "))
        #expect(pdf.contains("Total TTC 120,00 €"))
        #expect(try pdf.paymentCode()?.count == 11)
        if words.hasPrefix("<") {
            #expect(pdf.contains("Vol <script>alert(1)</script> & \"x\" \\ (y) %s"))
        }
        #expect(try pdf.fonts().values.allSatisfy { $0 })
    }

    @Test func anEnglishClientReadsEnglish() throws {
        let test = try TestApplication.forPrinting()
        let client = try test.client("Harbour Joinery") { $0.language = .english }
        let lines = [test.item("Aerial survey", quantity: 20_000, price: 450)]
        let pdf = try test.pdf(of: test.issued(lines, for: client).path)
        for words in [
            "Invoice", "Bill to", "Issue date", "21 November 2026", "Due date", "Description",
            "Quantity", "2 units", "Net total €900.00", "VAT €180.00", "Total €1,080.00",
            "Payment by bank transfer by", "Supply of services.",
            "No discount for early payment.", "three times the French legal interest rate",
            "Fixed compensation for recovery costs: €40",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        for french in ["Facture", "Échéance", "Désignation", "Prix", "TTC", "TVA", "Règlement"] {
            #expect(!pdf.contains(french), "\(french)\n\(pdf.text)")
        }
    }

    @Test func aDraftIsMarkedAndCannotBePaid() throws {
        let test = try TestApplication.forPrinting()
        let draft = try test.draft(for: test.client())
        let pdf = try test.pdf(of: draft.path)
        #expect(pdf.contains("BROUILLON"))
        #expect(try pdf.paymentCode() == nil)
    }
}
