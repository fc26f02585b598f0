import Basics
import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

/// The accounting entries, and VAT by rate.
@Suite struct BookEntryTests {
    private func entries(_ test: TestApplication) throws -> [BookEntry] {
        let year = try test.today.firstOfYear
        var out: [BookEntry] = []
        try test.read { transaction in
            try transaction.eachBookEntry(year...year.adding(months: 11).endOfMonth) {
                out.append($0)
            }
        }
        return out
    }

    @Test func everyEntryBalancesAndLettersAddUpToNothing() throws {
        let test = try TestApplication(Invoicing.self, Payments.self, Books.self)
        let client = try test.client()
        let reduced = VATRate(.standard, Percentage(hundredths: 550))
        let invoice = try test.issued(
            [test.item(price: 100), test.item(price: 33, vat: reduced)], for: client)
        let other = try test.issued([test.item(price: 10)], for: client)
        let gross = invoice.totalGross.minorUnits
        _ = try test.pay(gross + 500, from: client, [(invoice, gross), (other, 200)])
        var retail = test.item()
        retail.unitPrice = UnitPrice(millionths: 30_000)
        retail.includesVAT = true
        let odd = try test.issued([retail], for: client)
        #expect(odd.totalGross != odd.totalNet + odd.totalVAT, "a cent that no net gives")
        let undone = try test.pay(700, from: client)
        try test.write { _ = try $0.undoPayment(undone.id, reason: "Double") }
        let lines = try entries(test)
        let byEntry = Dictionary(grouping: lines, by: \.number)
        #expect(byEntry.count == 6)
        #expect(byEntry.keys.sorted() == Array(1...6))
        for (number, lines) in byEntry {
            #expect(lines.map(\.amount).sum() == .zero, "entry \(number)")
        }
        let lettered = Dictionary(grouping: lines.filter { !$0.letter.isEmpty }, by: \.letter)
        #expect(Set(lettered.keys) == [invoice.number ?? "", undone.number])
        for (letter, lines) in lettered {
            #expect(lines.map(\.amount).sum() == .zero, "letter \(letter)")
        }
    }

    @Test func theFileHasEighteenColumnsAndItsLegalName() throws {
        let test = try TestApplication(Invoicing.self, Payments.self, Books.self)
        _ = try test.issued()
        let year = try test.today.year
        let answer = try test.get("/books/entries?year=\(year)&separator=pipe", as: .accountant)
        #expect(answer.status == 200)
        let lines = answer.text.split(separator: "\r\n")
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.count { $0 == "|" } == 17 })
        #expect(lines[1].contains("|411000|"))
        #expect(
            answer.response.headers["Content-Disposition"]?.contains("FEC\(year)1231.txt") == true)
    }

    @Test func VATOnReceiptsFollowsTheMoneyAndEndsAtThatOfTheInvoice() throws {
        let test = try TestApplication(Invoicing.self, Payments.self, Books.self)
        let client = try test.client()
        let invoice = try test.issued([test.item(price: 100)], for: client)
        func vat(_ basis: String) throws -> [Int] {
            let filter = VATFilter(
                Fields([.init(name: "basis", value: basis)]), try test.organisation,
                today: try test.today)
            return try test.read { try $0.vatReport(filter) }.rates
                .flatMap { [$0.base.minorUnits, $0.vat.minorUnits] }
        }
        #expect(try vat("debits") == [10_000, 2_000])
        #expect(try vat("receipts") == [])
        let first = try test.pay(4_001, from: client, [(invoice, 4_001)])
        #expect(try vat("receipts") == [3_334, 667])
        try test.pay(7_999, from: client, [(invoice, 7_999)])
        #expect(try vat("receipts") == [10_000, 2_000])
        try test.write { _ = try $0.undoPayment(first.id, reason: "Impayé") }
        #expect(try vat("receipts") == [6_666, 1_333])
        #expect(try vat("debits") == [10_000, 2_000])
    }

    @Test func accountsAreOnesOwn() throws {
        let test = try TestApplication(Invoicing.self, Books.self)
        func save(_ services: String) throws -> Int {
            try test.post(
                "/books/accounts",
                [
                    "client_account": "411000", "deposit_account": "419100",
                    "service_account": services, "product_account": "707000",
                    "vat_account": "445710", "bank_account": "512000",
                    "cheque_account": "511200", "cash_account": "530000",
                    "opening_account": "890000", "rounding_account": "758000",
                ], as: .accountant
            ).status
        }
        #expect(try save("70x") == 422)
        #expect(try save("706100") == 303)
        _ = try test.issued()
        let file = try test.get("/books/entries", as: .owner)
        #expect(file.text.contains("\t706100\t"))
    }
}
