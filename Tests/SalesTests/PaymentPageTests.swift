import Basics
import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

@Suite struct PaymentPageTests {
    private func application() throws -> TestApplication {
        try TestApplication(Payments.self, Receivables.self, Clients.self)
    }

    @Test func aPaymentIsTypedAndSettlesTheOldestWithoutAWordOnParts() throws {
        let test = try application()
        let client = try test.client()
        let invoice = try test.debt(10_000, of: client)
        let browser = test.browser(as: .accountant)
        try browser.get("/payments/new?client=\(client.id)")
        try browser.submit("/payments", ["amount": "120,00", "reference": "VIR 12"])
        #expect(browser.status == 200)
        #expect(browser.address.hasPrefix("/payments/"))
        #expect(browser.text.contains("VIR 12") && browser.text.contains("A-1"))
        #expect(try test.account(client) == [0, 2_000])
        #expect(try test.open(invoice) == 0)
        let list = try browser.get("/payments?method=transfer&direction=in&q=aubrac")
        #expect(list.text.contains("PAI-"))
        #expect(try browser.get("/payments?method=cash").text.contains("Aucun paiement"))
    }

    @Test func anInvoiceLeadsToItsPaymentFilledIn() throws {
        let test = try application()
        let client = try test.client()
        _ = try test.debt(700, of: client, number: "OLD")
        let invoice = try test.debt(10_050, of: client, number: "A-2")
        let browser = test.browser()
        try browser.get("/payments/new?invoice=\(invoice.id)")
        let form = try #require(browser.forms.first { $0.action == "/payments" })
        #expect(form["amount"] == "100,50")
        #expect(form["settle_\(invoice.id)"] == "100,50")
        try browser.submit("/payments", [:], button: ("op", "save"))
        #expect(try test.open(invoice) == 0)
        #expect(try test.account(client) == [700, 0])
    }

    @Test func theSpreadIsProposedAndCountedByTheServer() throws {
        let test = try application()
        let client = try test.client()
        let first = try test.debt(1_000, of: client, number: "A-1")
        let second = try test.debt(2_000, of: client, number: "A-2")
        let browser = test.browser()
        try browser.get("/payments/new?client=\(client.id)")
        try browser.submit("/payments", ["amount": "15"], button: ("op", "propose"))
        let form = try #require(browser.forms.first { $0.action == "/payments" })
        #expect(form["settle_\(first.id)"] == "10,00")
        #expect(form["settle_\(second.id)"] == "5,00")
        let live = try test.post(
            "/payments/preview",
            ["client": "\(client.id)", "amount": "15", "settle_\(first.id)": "4"])
        #expect(live.text.contains("11,00\u{A0}€"))
        #expect(live.text.contains("data-live"))
        #expect(try test.account(client) == [3_000, 0])
    }

    @Test(arguments: [
        ("amount", "0"), ("amount", "-5"), ("amount", ""), ("amount", "x"), ("day", "2999-01-01"),
        ("day", ""), ("method", "gold"), ("reference", String(repeating: "r", count: 101)),
        ("settle", "100,01"), ("settle", "-1"), ("settle", "abc"),
    ])
    func aWrongFieldIsNamedAndNothingTypedIsLost(field: String, value: String) throws {
        let test = try application()
        let client = try test.client()
        let invoice = try test.debt(10_000, of: client)
        let name = field == "settle" ? "settle_\(invoice.id)" : field
        var form = [
            "client": "\(client.id)", "amount": "500", "day": try test.today.iso,
            "method": "cheque", "notes": "Remis lundi",
        ]
        form[name] = value
        let answer = try test.respond(.post, "/payments", form: form.map { ($0.key, $0.value) })
        #expect(answer.status == 422)
        let anchor = "href=\"#f-" + String(name.map { $0 == "-" ? "-" : $0 }) + "\""
        #expect(answer.text.contains(anchor))
        #expect(answer.text.contains("Remis lundi"))
        #expect(try test.account(client) == [10_000, 0])
    }

    @Test func amountsThatWentStaleComeBackWithWhatIsLeft() throws {
        let test = try application()
        let client = try test.client()
        let invoice = try test.debt(10_000, of: client)
        let browser = test.browser()
        try browser.get("/payments/new?invoice=\(invoice.id)")
        try test.pay(6_000, from: client, [(invoice, 6_000)])
        try browser.submit("/payments", [:])
        #expect(browser.status == 422)
        #expect(browser.text.contains("il reste 40,00\u{A0}€ à régler"))
        #expect(try test.open(invoice) == 4_000)
    }

    @Test func aFormSentTwiceRecordsOnePayment() throws {
        let test = try application()
        let client = try test.client()
        let form: KeyValuePairs = [
            "client": "\(client.id)", "amount": "10", "day": try test.today.iso, "method": "card",
            "_submission": UniqueID.make(at: test.clock.now).description,
        ]
        let first = try test.post("/payments", form)
        let second = try test.post("/payments", form)
        #expect(first.status == 303 && first.location == second.location)
        #expect(try test.account(client) == [0, 1_000])
    }

    @Test func undoingAsksFirstAndWantsAReason() throws {
        let test = try application()
        let client = try test.client()
        let payment = try test.pay(1_000, from: client)
        let browser = test.browser()
        try browser.get(payment.path + "/undo")
        try browser.submit(payment.path + "/undo", ["reason": ""])
        #expect(browser.status == 422)
        try browser.submit(payment.path + "/undo", ["reason": "Chèque impayé"])
        #expect(browser.text.contains("Annule"))
        #expect(try browser.get(payment.path).text.contains("Chèque impayé"))
        let again = try test.post(payment.path + "/undo", ["reason": "x"])
        #expect(again.status == 409)
    }

    @Test func theRestIsAllocatedAndRefundedFromThePayment() throws {
        let test = try application()
        let client = try test.client()
        let payment = try test.pay(1_000, from: client)
        let invoice = try test.debt(400, of: client)
        let browser = test.browser()
        try browser.get(payment.path + "/allocate")
        try browser.submit(payment.path + "/allocate")
        #expect(try test.open(invoice) == 0)
        try browser.get(payment.path + "/refund")
        #expect(browser.forms.first { $0.action.hasSuffix("/refund") }?["amount"] == "6,00")
        try browser.submit(payment.path + "/refund", ["amount": "7"])
        #expect(browser.status == 422)
        try browser.submit(payment.path + "/refund", ["amount": "6"])
        #expect(try test.account(client) == [0, 0])
        let page = try browser.get("/payments?view=credit")
        #expect(page.text.contains("Aucun paiement"))
    }

    @Test func unknownAndForeignPaymentsAreNotFound() throws {
        let test = try application()
        let client = try test.client()
        let payment = try test.pay(1_000, from: client)
        let other = try application()
        for path in ["", "/undo", "/refund", "/allocate"] {
            #expect(try other.get(payment.path + path).status == 404)
        }
        #expect(try other.post(payment.path + "/undo", ["reason": "x"]).status == 404)
        #expect(try other.get("/payments/new?client=\(client.id)").status == 404)
        #expect(try test.get("/payments/nothing").status == 404)
    }

    @Test func hostileTextIsShownAsText() throws {
        let test = try application()
        let client = try test.client("<script>alert(1)</script>") { $0.siren = "" }
        _ = try test.debt(100, of: client, number: "<b>1</b>")
        for path in ["/payments/new?client=\(client.id)", "/receivables", "/receivables/invoices"] {
            let text = try test.get(path).text
            #expect(!text.contains("<script>alert"))
            #expect(!text.contains("<b>1</b>"))
        }
    }

    @Test func theListComesAsCSV() throws {
        let test = try application()
        let client = try test.client()
        try test.pay(1_000, from: client)
        let rows = try test.get("/payments/export").text.split(separator: "\r\n")
        #expect(rows.count == 2)
        #expect(rows[1].contains(";Menuiserie Aubrac;Reçu;Virement;;10,00;0,00;10,00;"))
    }
}
