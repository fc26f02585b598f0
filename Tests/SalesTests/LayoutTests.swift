import Basics
import HTTP
import TestSupport
import Testing

@testable import Core
@testable import Sales

struct LayoutTests {
    private static func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Quotes.self, Orders.self, Invoicing.self, Payments.self,
            Receivables.self, Layouts.self, Sending.self, Settings.self)
    }

    /// Keeps the layout that a change makes of the present one.
    private func keep(_ test: TestApplication, _ change: (inout DocumentLayout) -> Void) throws {
        try test.write { transaction in
            let saved = try transaction.savedLayout()
            var layout = saved.layout
            change(&layout)
            var input = Input(
                Fields([.init(name: "accent_color", value: "#1f6f5c")]))
            var draft = LayoutDraft(&input, transaction.scope.organisation)
            draft.layout = layout
            draft.version = saved.version
            try transaction.saveLayout(draft)
        }
    }

    @Test func aLayoutReadsBackWhatItWrote() {
        var layout = LayoutPreset.modern.applied(to: .standard)
        layout.paper = .letter
        layout.wording = .bilingual
        layout.numbersLines = true
        layout.separatesUnits = true
        layout.move(.closing, by: -1)
        layout.hidden = [.payment]
        layout.words = [.net: Text("Montant HT", "Net amount")]
        layout.opening = Text("Bonjour,", "Hello,")
        layout.footer = Text("Merci", "Thanks")
        #expect(DocumentLayout(layout.json) == layout)
        #expect(DocumentLayout(["blocks": ["nonsense", "closing"]]).blocks.first == .closing)
        #expect(DocumentLayout(["blocks": ["closing"]]).blocks.count == 4, "each block once")
    }

    @Test func theLegalMentionsCannotBeHidden() {
        #expect(DocumentLayout(["hidden": ["mentions", "payment"]]).hidden == [.payment])
    }

    @Test func anIssuedInvoiceKeepsTheLayoutOfItsDay() throws {
        let test = try LayoutTests.application()
        try keep(test) { $0.words = [.label: Text("Prestation vendue", "Service sold")] }
        let invoice = try test.issued()
        let before = try test.get(invoice.path + "/pdf").bytes
        try keep(test) { $0.words = [.label: Text("Autre chose", "Else")] }
        #expect(try test.get(invoice.path + "/pdf").bytes == before)
        #expect(try test.get(invoice.path).text.contains("Prestation vendue"))
        let draft = try test.draft(for: test.client("Autre client"))
        #expect(try test.pdf(of: draft.path).contains("Autre chose"), "a draft follows")
    }

    @Test func wordsTextsAndColumnsAreTheOrganisationsOwn() throws {
        let test = try LayoutTests.application()
        try keep(test) {
            $0.words = [.quote: Text("Proposition", ""), .net: Text("Montant net", "")]
            $0.opening = Text("Merci de votre confiance.", "Thank you.")
            $0.closing = Text("À bientôt.", "See you.")
            $0.footer = Text("Garantie dix ans", "Ten years of guarantee")
            $0.numbersLines = true
            $0.separatesUnits = true
        }
        let quote = try test.sentQuote([test.item(quantity: 20_000), test.item("Montage")])
        let pdf = try test.pdf(of: quote.path)
        for words in [
            "Proposition", "Montant net", "Merci de votre confiance.", "À bientôt.",
            "Garantie dix ans", "N° Désignation Quantité Unité",
            "1 Prise de vue aérienne 2 unités", "2 Montage 1 unité",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        #expect(!pdf.contains("Devis"))
    }

    @Test func aBilingualInvoiceSaysItsWordsAndMentionsInBoth() throws {
        let test = try LayoutTests.application()
        try keep(test) { $0.wording = .bilingual }
        let invoice = try test.issued()
        let pdf = try test.pdf(of: invoice.path)
        for words in [
            "Facture", "Invoice", "Échéance / Due date", "Total HT / Net total", "Désignation",
            "Description", "Indemnité forfaitaire pour frais de recouvrement",
            "Prise de vue aérienne 1 unité 100,00", "by 21 December 2026", "20 % 100,00 20,00",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        #expect(pdf.count("Prise de vue aérienne") == 1, "what a person typed is said once")
        let english = try #require(invoice.mentions?["sentences"]?.array)
        #expect(english.contains { $0["text"]?.string?.contains(" — ") == true })
    }

    @Test func blocksStandInTheOrderChosenAndHiddenOnesAreLeftOut() throws {
        let test = try LayoutTests.application()
        try keep(test) {
            $0.blocks = [.mentions, .closing, .payment, .acceptance]
            $0.closing = Text("Dernier mot.", "Last word.")
        }
        let first = try test.pdf(of: test.issued().path).text
        let mention = try #require(first.range(of: "Pas d’escompte"))
        let closing = try #require(first.range(of: "Dernier mot."))
        let payment = try #require(first.range(of: "Règlement par virement"))
        #expect(mention.lowerBound < closing.lowerBound)
        #expect(closing.lowerBound < payment.lowerBound)
        try keep(test) { $0.hidden = [.payment] }
        let invoice = try test.issued(for: test.client("Autre client"))
        #expect(!(try test.pdf(of: invoice.path).contains("Règlement par virement")))
    }

    @Test func everyPresetTypefaceAndPaperPrintsOnePage() throws {
        let test = try LayoutTests.application()
        let client = try test.client()
        for preset in LayoutPreset.allCases {
            for paper in DocumentLayout.Paper.allCases {
                try keep(test) {
                    $0 = preset.applied(to: $0)
                    $0.paper = paper
                }
                let pdf = try test.pdf(of: test.issued(for: client).path)
                #expect(pdf.pages.count == 1)
                #expect(try pdf.fonts().values.allSatisfy { $0 }, "\(preset)")
                try pdf.check()
            }
        }
    }

    @Test func theFormIsSavedArrangedAndRefusedWithNothingLost() throws {
        let test = try LayoutTests.application()
        let browser = test.browser(as: .owner)
        try browser.get("/settings/layout")
        #expect(faultsOfMarkup(browser.text) == [])
        #expect(browser.text.contains("data:image/png;base64,iVBOR"), "a picture")
        try browser.submit(
            "/settings/layout", ["op": "up:closing", "opening_fr": "Bonjour à vous"])
        #expect(browser.text.contains("value=\"payment,closing,acceptance,mentions\""))
        #expect(browser.text.contains("Bonjour à vous"))
        #expect(try test.read { try $0.savedLayout().version } == 0, "nothing is saved yet")
        try browser.submit("/settings/layout", ["op": "save", "accent_color": "#ffffff"])
        #expect(browser.status == 422)
        #expect(browser.text.contains("trop claire"))
        #expect(browser.text.contains("Bonjour à vous"))
        try browser.submit("/settings/layout", ["op": "save", "accent_color": "#1f6f5c"])
        let saved = try test.read { try $0.savedLayout() }
        #expect(saved.layout.opening.french == "Bonjour à vous")
        #expect(saved.layout.blocks == [.payment, .closing, .acceptance, .mentions])
    }

    @Test func whoSavesOverAnothersChangeIsTold() throws {
        let test = try LayoutTests.application()
        let browser = test.browser(as: .owner)
        try browser.get("/settings/layout")
        try keep(test) { $0.numbersLines = true }
        try browser.submit("/settings/layout", ["op": "save", "closing_fr": "À bientôt."])
        #expect(browser.status == 409)
        #expect(browser.text.contains("À bientôt."))
        #expect(try test.read { try $0.savedLayout().layout.closing.french } == "")
    }

    @Test func aStatementOfAccountIsPrintedInTheSameLayout() throws {
        let test = try LayoutTests.application()
        try keep(test) { $0.footer = Text("Garantie dix ans", "") }
        let client = try test.client()
        let invoice = try test.issued(for: client)
        try test.pay(5_000, from: client, [])
        let pdf = try test.pdf(of: "/clients/\(client.id)/statement")
        for words in [
            "Relevé de compte", "Menuiserie Aubrac", try #require(invoice.number),
            "Débit Crédit Solde", "120,00", "50,00", "70,00", "Garantie dix ans",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
    }
}
