import Basics
import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

@Suite struct ReceivablesTests {
    @Test(arguments: [
        (-1, Age.notDue), (0, .notDue), (1, .upTo30), (30, .upTo30), (31, .upTo60), (60, .upTo60),
        (61, .upTo90), (90, .upTo90), (91, .older),
    ])
    func anInvoiceStandsInOneAge(daysLate: Int, age: Age) throws {
        let test = try TestApplication(Receivables.self)
        let client = try test.client()
        let due = try test.today.adding(days: -daysLate)
        _ = try test.debt(1_234, of: client, issued: due.adding(days: -40), due: due)
        let (rows, total) = try test.read { transaction in
            (
                try transaction.receivables(ReceivablesFilter(Fields())).rows,
                try transaction.agedReceivables()
            )
        }
        #expect(rows.map(\.clientID) == [client.id])
        #expect(rows.first?.amounts == total)
        #expect(total[age] == Amount(1_234))
        #expect(total.total == Amount(1_234))
        #expect(total.overdue == (daysLate > 0 ? Amount(1_234) : .zero))
        for other in Age.allCases {
            let filter = OpenInvoiceFilter(
                Fields([.init(name: "age", value: other.rawValue)]))
            let behind = try test.read { try $0.openInvoicesTotal(filter) }
            #expect(behind == total[other])
        }
    }

    @Test func theTotalIsTheSumOfWhatIsOpenAndEachFigureOpensItsInvoices() throws {
        let test = try TestApplication(Receivables.self, Payments.self)
        let today = try test.today
        let aubrac = try test.client()
        let faure = try test.client("Notaires Faure") { $0.siren = "" }
        _ = try test.debt(10_000, of: aubrac, number: "A-1", due: today.adding(days: -45))
        _ = try test.debt(700, of: faure, number: "F-1", due: today.adding(days: 5))
        let paid = try test.debt(500, of: faure, number: "F-2")
        try test.pay(800, from: faure, [(paid, 500)])
        let answer = try test.program().get("/receivables")
        let rows = answer.json?["data"]?.array ?? []
        #expect(rows.map { $0["name"]?.string } == [aubrac.name, faure.name])
        #expect(rows.last?["balance"]?.int == 400)
        let page = try test.get("/receivables")
        #expect(page.text.contains("107,00\u{A0}€"), "the total")
        #expect(page.text.contains("/receivables/invoices?client=\(aubrac.id)&amp;age=60"))
        let behind = try test.get("/receivables/invoices?client=\(aubrac.id)&age=60")
        #expect(behind.text.contains("A-1"))
        #expect(behind.text.contains("45\u{A0}j de retard"))
        #expect(!behind.text.contains("F-1"))
        let csv = try test.get("/receivables/export").text.split(separator: "\r\n")
        #expect(csv.count == 3)
        #expect(csv[1].hasSuffix(";100,00;0,00;0,00;100,00;0,00;0,00;0,00;100,00"))
    }

    @Test func anEmptyBalanceSaysHowToStart() throws {
        let test = try TestApplication(Receivables.self)
        #expect(try test.get("/receivables").text.contains("/receivables/opening"))
        #expect(try test.get("/receivables/invoices").text.contains("Rien à encaisser"))
    }

    @Test func anOpeningBalanceIsRecordedOnceAndPaidLikeAnyOther() throws {
        let test = try TestApplication(Receivables.self, Payments.self, Invoicing.self)
        let client = try test.client()
        let today = try test.today
        let browser = test.browser()
        try browser.get("/receivables/opening?client=\(client.id)")
        try browser.submit(
            "/receivables/opening",
            [
                "number": "FA-99", "issued_on": today.adding(days: -40).iso,
                "due_on": today.adding(days: -10).iso, "amount": "120,50",
            ])
        #expect(try test.account(client) == [12_050, 0])
        let doubled = try test.post(
            "/receivables/opening",
            [
                "client": "\(client.id)", "number": "FA-99", "issued_on": today.iso,
                "due_on": today.iso, "amount": "1",
            ])
        #expect(doubled.status == 422)
        #expect(doubled.text.contains("#f-number"))
    }

    @Test(arguments: [
        ("number", ""), ("amount", "0"), ("amount", "-3"), ("issued_on", "2999-01-01"),
        ("due_on", "2001-01-01"), ("client", ""),
    ])
    func aWrongOpeningBalanceNamesItsField(field: String, value: String) throws {
        let test = try TestApplication(Receivables.self)
        let client = try test.client()
        let today = try test.today
        var form = [
            "client": "\(client.id)", "number": "FA-1", "issued_on": today.iso,
            "due_on": today.iso, "amount": "10",
        ]
        form[field] = value
        let answer = try test.respond(
            .post, "/receivables/opening", form: form.map { ($0.key, $0.value) })
        #expect(answer.status == 422)
        #expect(answer.text.contains("href=\"#f-\(field)\""))
        #expect(try test.account(client) == [0, 0])
    }
}
