import Basics
@testable import Core
import Drawing
import EInvoice
import HTTP
import TestSupport
import Testing

@testable import Sales

/// A company in Abidjan: francs without cents, 18 %, a tax account instead of a SIREN.
struct WestAfricaTests {
    private func application(isSetUp: Bool = true) throws -> TestApplication {
        try TestApplication(
            Clients.self, Catalogue.self, Invoicing.self, EInvoices.self, Payments.self,
            Receivables.self, Sending.self, Calculations.self, isSetUp: isSetUp)
    }

    private func setUp(_ browser: Browser) throws {
        try browser.get("/")
        try browser.submit(
            "/setup/company",
            [
                "name": "Lagune Images", "street": "Boulevard Latrille", "city": "Abidjan",
                "postal_code": "", "country": "CI", "email": "contact@lagune.example",
                "trade_register": "RCCM CI-ABJ-2024-B-12345", "siren": "",
            ])
        #expect(browser.address == "/setup/vat")
        let form = try #require(browser.forms.first { $0.action == "/setup/vat" })
        #expect(form["default_vat_rate"] == "18" && form["currency"] == "XOF", "proposed")
        #expect(browser.text.contains("compte contribuable"))
        try browser.submit("/setup/vat", ["vat_number": "2400123 K"])
        #expect(browser.address == "/setup/bank")
        try browser.submit("/setup/bank")
        try browser.submit("/setup/look")
        try browser.submit("/setup/numbering")
        #expect(browser.address == "/")
    }

    @Test func aCompanyWalksFromTheFirstStartToThePaidInvoice() throws {
        let test = try application(isSetUp: false)
        let browser = test.browser()
        try setUp(browser)
        #expect(try test.organisation.vatNumber == "2400123K")
        try browser.get("/clients/new")
        try browser.submit(
            "/clients",
            [
                "name": "Cacao du Bandama", "kind": "company", "street": "Rue du Commerce",
                "city": "Bouaké", "postal_code": "", "country": "CI", "vat_number": "0901234Z",
            ])
        let client = try #require(
            try test.read { try $0.clients(matching: "Cacao", most: 1) }.first)
        try browser.get("/invoices/new?client=\(client.id)")
        try browser.submit("/invoices", ["new[label]": "Film"], button: ("op", "add"))
        try browser.submit("/invoices", ["lines[0][unit_price]": "150001"], button: ("op", "save"))
        let draft = browser.address
        try browser.get(draft + "/issue")
        try browser.submit(draft + "/issue")
        let id = try #require(Invoice.ID(String(draft.split(separator: "/").last ?? "")))
        let invoice = try test.read { try $0.invoice(id) }
        #expect(invoice.totalNet == Amount(150_001) && invoice.totalVAT == Amount(27_000))
        let pdf = try browser.get(draft + "/pdf")
        #expect(try PDFFile(pdf.bytes).attachments(named: [FacturX.fileName]).isEmpty)
        try browser.get(draft)
        #expect(browser.text.contains("NCC\u{A0}2400123K"))
        #expect(browser.text.contains("RCCM CI-ABJ-2024-B-12345"))
        try pay(invoice.id, client.id, test)
        #expect(try test.read { try $0.invoice(invoice.id).openAmount } == .zero)
    }

    private func pay(_ invoice: Invoice.ID, _ client: Client.ID, _ test: TestApplication) throws {
        let answer = try test.program().post(
            "/payments",
            [
                "client_id": JSON(client), "amount": 177_001,
                "paid_on": .string(test.today.iso), "method": "transfer",
                "settlements": [["invoice_id": JSON(invoice), "amount": 177_001]],
            ])
        #expect(answer.status == 201, "\(answer.text)")
    }

    @Test func ratesOfOtherCountriesAreRefusedByName() throws {
        let test = try application()
        let client = try test.client()
        let answer = try test.program().post(
            "/invoices",
            [
                "client_id": JSON(client.id),
                "lines": [
                    ["label": "Vol", "quantity": "1", "unit_price": "100", "vat": "S9999"]
                ],
            ])
        #expect(answer.status == 422)
        let pointer = answer.json?["errors"]?.array?.first?["pointer"]?.string
        #expect(pointer == "/lines/0/vat", "\(answer.text)")
        #expect(answer.text.contains("99.99") || answer.text.contains("99,99"))
    }

    @Test func aRateThatIsOverIsRefusedOnTheDayOfIssue() throws {
        let test = try application()
        let old = VATRate(.standard, Percentage(hundredths: 1960))
        let draft = try test.draft(for: test.client(), [test.item(vat: old)])
        let refusal = problem { try test.write { _ = try $0.issueInvoice(draft.id) } }
        #expect(refusal?.fields.map(\.field).contains("lines[0][vat]") == true)
    }

    @Test func theReasonOfAnExemptionGoesIntoTheDocument() throws {
        let test = try application()
        let client = try test.client()
        var draft = InvoiceDraft(for: client.id, lines: [test.item(vat: VATRate(.exempt))])
        draft.exemption = .education
        let invoice = try test.write { try $0.issueInvoice($0.draftInvoice(draft).id) }
        let print = try test.read { try $0.invoicePrint(invoice) }
        #expect(print.mentions.sentences.contains { $0.text.contains("261, 4, 4°") })
        #expect(print.electronic?.vatBreakdown.first?.exemptionCode == "VATEX-EU-132-1I")
    }
}
