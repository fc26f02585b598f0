import Basics
import Core
import Database
import Drawing
import EInvoice
import TestSupport
import Testing

@testable import Sales

/// Issued invoices as e-invoices: what stands in them, what is refused, and what is kept.
struct FacturXTests {
    private func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Quotes.self, Orders.self, Invoicing.self, EInvoices.self, Payments.self,
            Sending.self, Sharing.self)
    }

    private func invoice(_ issued: Invoice, _ test: TestApplication) throws -> EInvoice {
        let answer = try test.get(issued.path + "/factur-x.xml")
        #expect(answer.status == 200)
        return try EInvoiceReader.read(answer.bytes).0
    }

    private func obstacles(
        _ lines: [DocumentLine], for client: Client, _ test: TestApplication
    ) throws -> [IssueObstacle] {
        let draft = try test.draft(for: client, lines)
        let found = try test.read { try $0.issueObstacles(draft.id, on: $0.today) }
        let refusal = problem { _ = try test.write { try $0.issueInvoice(draft.id) } }
        #expect((refusal?.fields.map(\.field) ?? []) == found.map(\.field))
        return found
    }

    @Test func anIssuedInvoiceCarriesItselfForPrograms() throws {
        let test = try application()
        let client = try test.client { $0.vatNumber = "FR96552100554" }
        let lines = [
            test.item(
                quantity: 20_000, price: 450, discount: .percent(Percentage(hundredths: 1000))),
            test.item("Tirage", vat: VATRate(.standard, Percentage(hundredths: 1000))),
        ]
        let issued = try test.issued(lines, for: client)
        let read = try invoice(issued, test)
        #expect(read.number == issued.number)
        #expect(read.typeCode == "380")
        #expect(read.process == "S1")
        #expect(read.seller?.legalID == EInvoice.Identifier("732829320", scheme: "0002"))
        #expect(read.buyer?.electronicAddress == EInvoice.Identifier("552100554", scheme: "0225"))
        #expect(read.lines.map(\.net) == [Numeral(cents: 81_000), Numeral(cents: 10_000)])
        #expect(read.lines[0].allowances.first?.amount == Numeral(cents: 9_000))
        #expect(read.totals?.due == Numeral(cents: issued.totalGross.minorUnits))
        #expect(read.notes.filter { $0.code == "BAR" }.map(\.text) == ["B2B"])
        let pdf = try test.get(issued.path + "/pdf").bytes
        let attached = try PDFFile(pdf).attachments(named: [FacturX.fileName])
        #expect(try attached.map(\.bytes) == [test.get(issued.path + "/factur-x.xml").bytes])
    }

    @Test func aCreditNoteNamesItsInvoice() throws {
        let test = try application()
        let issued = try test.issued()
        let note = try test.write { try $0.issueCreditNote(of: issued.id, CreditNoteDraft()) }
        let read = try invoice(note, test)
        #expect(read.typeCode == "381")
        #expect(read.precedingInvoices.map(\.number) == [issued.number])
        #expect(read.precedingInvoices.first?.issuedOn != nil)
        #expect(read.paymentMeans.isEmpty)
    }

    @Test func theDocumentStaysWhatItWasWhateverChanges() throws {
        let test = try application()
        let client = try test.client()
        let issued = try test.issued(for: client)
        let before = try test.get(issued.path + "/pdf").bytes
        try test.change(
            """
            UPDATE organisations SET name = 'Autre', iban = '', bic = ''
            WHERE id = \(test.organisationID)
            """)
        try test.pay(
            issued.totalGross.minorUnits, from: client, [(issued, issued.totalGross.minorUnits)])
        #expect(try test.get(issued.path + "/pdf").bytes == before)
        let link = SharedLink(
            to: SharedSubject(kind: .invoice, id: issued.id.value), of: test.organisationID,
            at: test.clock.now
        ).path(test.application)
        #expect(try test.get(link + "/pdf", as: nil).bytes == before)
        let kept = try #require(try test.read { try $0.knownDocument(of: issued.id) })
        #expect(kept.sha256 == hexadecimal(Digest.sha256(before)))
    }

    @Test func theJobMakesTheDocumentAndTwiceIsOnce() throws {
        let test = try application()
        let issued = try test.issued()
        #expect(try test.read { try $0.knownDocument(of: issued.id) } == nil)
        #expect(try JobRunner(test.application, only: test.organisationID).runDue() == 1)
        let kept = try #require(try test.read { try $0.knownDocument(of: issued.id) })
        let again = try test.write { try $0.keptDocument(of: $0.invoice(issued.id)) }
        #expect(again.content == kept.content)
    }

    @Test func nobodyChangesOrRemovesAKeptDocument() throws {
        let test = try application()
        let issued = try test.issued()
        _ = try test.get(issued.path + "/pdf")
        let owner = try Connection(TestDatabase.strings.owner)
        let settings = [(name: "app.organisation", value: test.organisationID.description)]
        let changes: [SQL] = [
            "UPDATE kept_documents SET content = '', sha256 = encode(sha256(''), 'hex')",
            "DELETE FROM kept_documents", "TRUNCATE kept_documents",
        ]
        for change in changes {
            #expect(throws: DatabaseError.self) {
                try owner.transaction(settings: settings) { try $0.run(change) }
            }
        }
    }

    @Test func elsewhereTheDocumentIsAPDFWithoutXML() throws {
        let test = try application()
        try test.write {
            try $0.run(
                """
                UPDATE organisations SET country = 'CI', currency = 'XOF', siren = '',
                    trade_register = 'CI-ABJ-2020-B-1' WHERE id = \($0.organisation)
                """)
        }
        let client = try test.client(country: "CI") { $0.siren = "" }
        let vat = VATRate(.standard, Percentage(hundredths: 1800))
        let issued = try test.issued([test.item(vat: vat)], for: client)
        let pdf = try test.get(issued.path + "/pdf")
        #expect(pdf.text.hasPrefix("%PDF"))
        #expect(try PDFFile(pdf.bytes).attachments(named: [FacturX.fileName]).isEmpty)
        #expect(try test.get(issued.path + "/factur-x.xml").status == 409)
    }

    @Test func draftsHaveNoElectronicForm() throws {
        let test = try application()
        let draft = try test.draft(for: test.client())
        #expect(try test.get(draft.path + "/factur-x.xml").status == 409)
    }

    @Test func whatIsOutsideVATIsInvoicedApart() throws {
        let test = try application()
        let found = try obstacles(
            [test.item(), test.item(vat: VATRate(.outside))], for: test.client(), test)
        #expect(found.map(\.field) == ["lines"])
        #expect(found.first?.message.french.contains("à part") == true)
    }

    @Test func aRateThatFranceDoesNotHaveIsRefusedAtItsLine() throws {
        let test = try application()
        let odd = VATRate(.standard, Percentage(hundredths: 1900))
        let found = try obstacles([test.item(), test.item(vat: odd)], for: test.client(), test)
        #expect(
            found.contains {
                $0.message.french == "Ligne 2\u{A0}: Ce taux de TVA n’existe pas en France."
            })
    }

    @Test func aFrenchCompanyIsReachedBySIRENOrMail() throws {
        let test = try application()
        let unreachable = try test.client {
            $0.siren = ""
            $0.email = ""
        }
        let found = try obstacles([test.item()], for: unreachable, test)
        #expect(found.map(\.field) == ["client_siren"])
        #expect(found.map(\.place) == [.client])
        let person = try test.client("Jeanne Vial", kind: .person) { $0.email = "" }
        #expect(try obstacles([test.item()], for: person, test).isEmpty)
    }

    @Test func sentencesThatTheLawAsksForCannotBeEmptied() throws {
        let test = try application()
        try test.change(
            """
            UPDATE organisations SET late_penalty = '', discount_terms = ''
            WHERE id = \(test.organisationID)
            """)
        let found = try obstacles([test.item()], for: test.client(), test)
        #expect(Set(found.map(\.field)) == ["late_penalty", "discount_terms"])
        #expect(found.allSatisfy { $0.place == .settings })
    }

    @Test(arguments: Unit.allCases)
    func everyUnitHasACode(unit: Unit) {
        #expect((2...3).contains(unit.recommendationCode.count))
    }
}
