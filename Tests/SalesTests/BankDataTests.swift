import Basics
import HTTP
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// Where suppliers are paid to: who sees it, and what the journal says of that.
struct BankDataTests {
    private static let account = "FR1420041010050500013M02606"

    /// An invoice that states an account, a bank, a mandate and a card, and the account in words as well.
    private static func telling(_ samples: InvoiceSamples) -> [UInt8] {
        let changed = samples.changed("FR7630006000011234567890189", account)
        return Array(
            String(decoding: changed, as: UTF8.self)
                .replacing(
                    "<ram:PayeePartyCreditorFinancialAccount>",
                    with: """
                        <ram:ApplicableTradeSettlementFinancialCard><ram:ID>998877</ram:ID>\
                        </ram:ApplicableTradeSettlementFinancialCard>\
                        <ram:PayeePartyCreditorFinancialAccount>
                        """
                )
                .replacing(
                    "</rsm:ExchangedDocument>",
                    with: """
                        <ram:IncludedNote><ram:Content>Compte FR14 2004 1010 0505 0001 3M02 606, \
                        merci</ram:Content></ram:IncludedNote></rsm:ExchangedDocument>
                        """
                )
                .replacing(
                    "<ram:SpecifiedTradePaymentTerms>",
                    with: """
                        <ram:SpecifiedTradePaymentTerms><ram:DirectDebitMandateID>MANDAT-4711\
                        </ram:DirectDebitMandateID>
                        """
                ).utf8)
    }

    /// Gives the agent a role that handles purchases and sees no bank details.
    private func blindfold(_ test: TestApplication) throws {
        let role = try test.write {
            try $0.createRole(CustomRoleDraft(name: "Achats", permissions: [.writePurchases]))
        }
        let agent = try #require(test.people[.agent])
        let form: KeyValuePairs = ["role": role.id.description]
        #expect(try test.post("/settings/colleagues/\(agent.id)", form).status == 303)
    }

    private func readings(_ test: TestApplication) throws -> [JournalEntry] {
        try test.read { try $0.journal(most: 100) }.filter { $0.action == "bank_data.read" }
    }

    @Test func whoeverMayNotSeeBankDetailsSeesNoneOfAReceivedInvoice() throws {
        let samples = try InvoiceSamples()
        let (test, invoice) = (samples.test, try samples.received(Self.telling(samples)))
        let secrets = [Self.account, "3M02 606", "AGRIFRPP", "MANDAT-4711", "998877"]
        let whole = try test.get(invoice.path).text
        for secret in secrets { #expect(whole.contains(secret), "\(secret)") }
        try blindfold(test)
        let page = try test.get(invoice.path, as: .agent)
        #expect(page.status == 200)
        for secret in secrets { #expect(!page.text.contains(secret), "\(secret)") }
        #expect(page.text.contains("FR14 •••• •••• 2606"))
        #expect(page.text.contains("Réservée aux rôles"))
        #expect(!page.text.contains(invoice.path + "/file"))
        for file in ["/file", "/xml"] {
            #expect(try test.get(invoice.path + file, as: .agent).status == 403, "\(file)")
            #expect(try test.get(invoice.path + file).status == 200, "\(file)")
        }
    }

    @Test func aFileWithoutAnAccountIsForWhoeverSeesPurchases() throws {
        let samples = try InvoiceSamples()
        let (test, xml) = (samples.test, samples.xml)
        let start = try #require(
            xml.firstRange(of: "<ram:SpecifiedTradeSettlementPaymentMeans>")?.lowerBound)
        let close = "</ram:SpecifiedTradeSettlementPaymentMeans>"
        let end = try #require(xml.firstRange(of: close)?.upperBound)
        let harmless = String(xml[..<start]) + String(xml[end...])
        #expect(!harmless.contains("FR7630006"))
        try blindfold(test)
        let invoice = try samples.received(Array(harmless.utf8))
        #expect(try test.get(invoice.path, as: .agent).text.contains(invoice.path + "/file"))
        for file in ["/file", "/xml"] {
            #expect(try test.get(invoice.path + file, as: .agent).status == 200, "\(file)")
        }
        // What a PDF shows, nobody has read.
        let pdf = try samples.received(samples.pdf, named: "facture.pdf")
        #expect(try test.get(pdf.path + "/file", as: .agent).status == 403)
    }

    @Test func oneEntryAnHourSaysWhoReadWhichAccountFromWhere() throws {
        let samples = try InvoiceSamples()
        let test = samples.test
        let supplier = try test.write { transaction in
            var draft = SupplierDraft(name: "Optique Vidal")
            draft.iban = Self.account
            _ = try transaction.createSupplier(SupplierDraft(name: "Sans compte"))
            return try transaction.createSupplier(draft)
        }
        for _ in 1...3 { _ = try test.get(supplier.path + "/edit", as: .agent) }
        let first = try #require(try readings(test).first)
        #expect(try readings(test).count == 1)
        #expect(first.subjectID == supplier.id.value && first.subjectLabel == "Optique Vidal")
        #expect(first.actorName == "Paul Ancel" && first.severity == .medium)
        _ = try test.get(supplier.path + "/edit")
        #expect(try readings(test).count == 2, "somebody else")
        let agent = try #require(test.people[.agent])
        _ = test.answer(
            to: try HTTPRequest(
                method: .get, target: supplier.path + "/edit",
                headers: ["Cookie": "\(Session.cookieName)=\(agent.token)"],
                remoteAddress: "203.0.113.7"))
        #expect(try readings(test).count == 3, "from elsewhere")
        test.clock.advance(seconds: 3601)
        _ = try test.get(supplier.path + "/edit", as: .agent)
        #expect(try readings(test).count == 4, "an hour later")
        // What shows no account in full leaves no entry.
        _ = try test.get(supplier.path, as: .agent)
        _ = try test.get("/suppliers", as: .agent)
        #expect(try readings(test).count == 4)
    }

    @Test func aProgramThatListsAccountsLeavesOneEntryThatNamesThem() throws {
        let test = try TestApplication(Suppliers.self)
        let program = try test.program()
        try program.get("/suppliers")
        #expect(try readings(test).isEmpty, "there is none")
        for name in ["Optique Vidal", "Hélices Morin"] {
            let made = try program.post(
                "/suppliers", ["name": .string(name), "iban": .string(Self.account)])
            #expect(made.status == 201)
        }
        for _ in 1...2 { try program.get("/suppliers") }
        let entry = try #require(try readings(test).first)
        #expect(try readings(test).count == 1)
        #expect(entry.subjectLabel == "Hélices Morin, Optique Vidal" && entry.subjectID == nil)
        let one = try test.read { try $0.suppliers(SupplierFilter(Fields())).rows[0] }
        let known = try program.get("/suppliers/\(one.id)")
        #expect(try readings(test).count == 2)
        test.clock.advance(seconds: 3601)
        let tag = try #require(known.response.headers["ETag"])
        let again = try program.get("/suppliers/\(one.id)", headers: ["If-None-Match": tag])
        #expect(again.status == 304)
        #expect(try readings(test).count == 2, "nothing left")
    }

    @Test(arguments: [
        ("IBAN : FR1420041010050500013M02606.", "IBAN : FR14 •••• •••• 2606."),
        ("fr14 2004 1010 0505 0001 3m02 606 BIC AGRIFRPP", "FR14 •••• •••• 2606 BIC AGRIFRPP"),
        (
            "DE89370400440532013000/GB29NWBK60161331926819",
            "DE89 •••• •••• 3000/GB29 •••• •••• 6819"
        ),
        ("XFR1420041010050500013M02606", "XFR1420041010050500013M02606"),
        (
            "FR1420041010050500013M02607 TVA FR44732829320",
            "FR1420041010050500013M02607 TVA FR44732829320"
        ),
        ("", ""),
    ])
    func accountsAreFoundInWords(text: String, expected: String) {
        #expect(AccountNumbers.masked(in: text) == expected)
    }
}
