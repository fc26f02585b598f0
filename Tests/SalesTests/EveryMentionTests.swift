import Basics
import Core
import Database
import EInvoice
import HTTP
import TestSupport
import Testing

@testable import Sales

/// Each mention that the law asks for (docs/mentions.md): on the paper, and in the e-invoice.
struct EveryMentionTests {
    private struct Issued {
        var print: InvoicePrint
        var printed: PrintedDocument
        var words: String
        var electronic: EInvoice
    }

    private func issued(
        _ settings: SQL? = nil, _ lines: [DocumentLine]? = nil,
        _ change: (inout InvoiceDraft, TestApplication, Client) throws -> Void = { _, _, _ in }
    ) throws -> Issued {
        let test = try TestApplication(Invoicing.self, Clients.self)
        if let settings {
            try test.change(
                "UPDATE organisations SET \(settings) WHERE id = \(test.organisationID)")
        }
        let client = try test.client { $0.vatNumber = "FR96552100554" }
        var draft = InvoiceDraft(for: client.id, lines: lines ?? [test.item()])
        try change(&draft, test, client)
        let invoice = try test.write { try $0.issueInvoice($0.draftInvoice(draft).id) }
        let print = try test.read { try $0.invoicePrint(invoice) }
        let printed = PrintedDocument(print)
        return Issued(
            print: print, printed: printed,
            words: (printed.mentions + [printed.footer] + printed.seller.numbers
                + printed.buyer.numbers + printed.facts.map { $0.label + " " + $0.value })
                .joined(separator: "\n"), electronic: try #require(print.electronic))
    }

    private func plain(_ text: String) -> String { text.replacing("\u{A0}", with: " ") }

    @Test func bothPartiesAreNamedWithTheirNumbers() throws {
        let issued = try issued()
        #expect(plain(issued.printed.seller.numbers.joined()).contains("SIREN 732 829 320"))
        #expect(plain(issued.printed.buyer.numbers.joined()).contains("SIREN 552 100 554"))
        #expect(issued.electronic.seller?.legalID?.value == "732829320")
        #expect(issued.electronic.buyer?.legalID?.value == "552100554")
        #expect(issued.electronic.seller?.vatID == "FR44732829320")
        #expect(issued.electronic.buyer?.vatID == "FR96552100554")
        #expect(!issued.printed.seller.lines.isEmpty && !issued.printed.buyer.lines.isEmpty)
    }

    @Test func legalFormCapitalAndRegisterStandAtTheFoot() throws {
        #expect(try issued().printed.footer.contains("SAS au capital de"))
    }

    @Test func theNatureOfTheOperationIsSaid() throws {
        let issued = try issued()
        #expect(issued.words.contains("Nature de l’opération : prestation de services."))
        #expect(issued.electronic.process == "S1")
    }

    @Test func theOptionForDebitsIsSaidInTheWordsOfTheLaw() throws {
        let issued = try issued("vat_on_debits = true")
        #expect(
            issued.words.contains("Option pour le paiement de la taxe d’après les débits"))
        #expect(issued.electronic.vatDueCode == "5")
        #expect(try !self.issued().words.contains("débits"))
    }

    @Test func whereGoodsGoIsSaidIfItIsElsewhere() throws {
        let issued = try issued { draft, test, client in
            var input = Input(
                Fields(
                    [
                        ("label", "Entrepôt"), ("street", "3 rue des Quais"),
                        ("postal_code", "69002"),
                        ("city", "Lyon"), ("country", "FR"),
                    ].map { Fields.Field(name: $0.0, value: $0.1) }))
            let address = AddressDraft(&input, country: "FR")
            draft.delivery = try test.write { transaction in
                try transaction.addAddress(address, to: client)
                return try transaction.addresses(of: client.id).first?.id
            }
        }
        #expect(issued.words.contains("Livraison : Entrepôt, 3 rue des Quais, 69002 Lyon."))
        #expect(issued.electronic.delivery.address?.line == "3 rue des Quais")
        #expect(try self.issued().electronic.delivery.address == nil)
    }

    @Test func latePenaltiesTheFortyEurosAndTheDiscountTermsAreSaid() throws {
        let issued = try issued("discount_terms = 'Escompte de 2 % sous 8 jours.'")
        #expect(issued.words.contains("40\u{A0}€") || issued.words.contains("40 €"))
        #expect(issued.words.contains("Escompte de 2 % sous 8 jours."))
        for code in ["PMT", "PMD", "AAB"] {
            #expect(issued.electronic.notes.contains { $0.code == code }, "\(code)")
        }
    }

    @Test func dayDueDaySupplyDayAndTheBuyersOrderAreSaid() throws {
        let issued = try issued { draft, test, _ in
            draft.reference = "BC-42"
            draft.serviceOn = try test.read { $0.today }.adding(days: -3)
        }
        #expect(issued.words.contains("Votre référence BC-42"))
        #expect(issued.words.contains("Date de réalisation"))
        #expect(issued.words.contains("Échéance"))
        #expect(issued.electronic.references.order == "BC-42")
        #expect(issued.electronic.dueOn != nil)
    }

    @Test func theFranchiseNamesItsArticle() throws {
        let test = try TestApplication()
        let issued = try issued("vat_regime = 'franchise'", [test.item(vat: VATRate(.exempt))])
        #expect(issued.words.contains("TVA non applicable, art. 293 B du CGI"))
        #expect(issued.electronic.vatBreakdown.first?.exemptionCode == "VATEX-FR-FRANCHISE")
    }

    @Test func reverseChargeIsSaid() throws {
        let test = try TestApplication()
        let issued = try issued(nil, [test.item(vat: VATRate(.reverseCharge))])
        #expect(issued.words.contains("Autoliquidation"))
        #expect(issued.electronic.vatBreakdown.first?.exemptionCode == "VATEX-EU-AE")
    }
}
