import Basics
import Database
import DatabaseTesting
import HTTP
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// What people type into the search field to find a record.
@Suite struct SearchTests {
    private func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Quotes.self, Orders.self, Invoicing.self, Payments.self)
    }

    private func found(_ words: String, _ test: TestApplication) throws -> String {
        try test.get("/search?q=" + PercentEncoding.encoded(words)).text
    }

    @Test func aClientIsFoundByNameNumberMailPhoneAndCity() throws {
        let test = try application()
        let client = try test.client { draft in
            draft.phone = "+33199001234"
        }
        let typed = [
            "aubrac", client.number, "compta@aubrac.example", "compta@", "01 99 00 12 34",
            "+33 1 99 00 12 34", "villeurbanne", "69100", "Menuis aub",
        ]
        for words in typed {
            #expect(try found(words, test).contains("href=\"\(client.path)\""), "\(words)")
        }
        #expect(!(try found("durand", test).contains(client.path)))
    }

    /// Among the five that the palette offers, and in the type-ahead of the line editor.
    @Test func namesThatBeginAsTypedAreOfferedFirst() throws {
        let test = try application()
        for name in ["Alix", "Anne", "Bruno", "Chloé", "Denis", "Éloi"] {
            _ = try test.client(name + " Vaubrun")
        }
        let wanted = try test.client("Vaubrun Éditions")
        let palette = try test.get("/search/suggest?q=vaubrun").text
        #expect(palette.contains(wanted.path))
        let typed = try test.read { try $0.clients(matching: "vaubrun", most: 5) }
        #expect(typed.first?.id == wanted.id)
    }

    /// Search reads a part of many documents only: which part, the words decide.
    @Test func wordsThatAreCommonRareOrOfYearsAgoAreFoundAmongManyDocuments() throws {
        let test = try application()
        try test.write { transaction in
            try transaction.run(
                """
                SELECT write_search_entry(\(transaction.organisation), 'invoice',
                    (lpad(to_hex(1700000000000 + n * 1000000), 12, '0')
                        || lpad(to_hex(n), 20, '0'))::uuid,
                    'F-' || lpad(n::text, 5, '0'),
                    search_terms('commun', 'z' || n, CASE WHEN n <= 200 THEN 'ancien' END,
                        CASE WHEN n = 3 THEN 'unique' END, CASE WHEN n % 7 = 0 THEN 'septieme' END))
                FROM generate_series(1, 1500) n
                """)
        }
        func labels(_ query: String, most: Int = 3) throws -> [String] {
            try test.read { transaction in
                let query = SearchQuery(query)?.text ?? ""
                return try transaction.values(
                    "SELECT label FROM search_kinds(ARRAY['invoice'], \(query), \(most))")
            }
        }
        #expect(try labels("commun") == ["F-01500", "F-01499", "F-01498"])
        #expect(try labels("commun septieme") == ["F-01498", "F-01491", "F-01484"])
        #expect(try labels("unique commun") == ["F-00003"])
        #expect(try labels("ancien").count == 3)
        #expect(try labels("ancien").allSatisfy { $0 <= "F-00200" })
        #expect(try labels("ancien uni") == ["F-00003"])
        #expect(try labels("commun z33", most: 20).count == 11)
        #expect(try labels("rien du tout").isEmpty)
    }

    @Test func anInvoiceIsFoundByNumberClientReferenceAndAmount() throws {
        let test = try application()
        let client = try test.client()
        var draft = InvoiceDraft(for: client.id, lines: [test.item(quantity: 10_288, price: 1000)])
        draft.reference = "BC-7781"
        let input = draft
        let made = try test.write { try $0.draftInvoice(input) }
        // 1 028,80 without VAT, 1 234,56 with it.
        #expect(made.totalGross == Amount(123_456))
        #expect(try found("1234,56", test).contains("href=\"\(made.path)\""), "a draft")
        let invoice = try test.write { try $0.issueInvoice(made.id) }
        let typed = [
            invoice.number ?? "", "Aubrac", "bc-7781", "7781", "1 234,56", "1234.56", "1234,56 €",
            "1\u{202F}234,56\u{A0}€", "1,234.56", "1028,80", "1028.8", "1 028,80 EUR",
        ]
        for words in typed {
            #expect(try found(words, test).contains("href=\"\(invoice.path)\""), "\(words)")
        }
        for words in ["1234,5", "234,56", "12345.6", "1 234,57"] {
            #expect(!(try found(words, test).contains(invoice.path)), "\(words)")
        }
        #expect(try test.get("/invoices?q=1234,56").text.contains(invoice.path), "in the list")
    }

    @Test func quotesOrdersAndPaymentsAreFoundByAmountToo() throws {
        let test = try application()
        let quote = try test.quote([test.item(price: 321)])
        let order = try test.newOrder([test.item(price: 321)])
        let payment = try test.pay(38_520, from: try test.client())
        let page = try found("385,20", test)
        for path in [quote.path, order.path, payment.path] {
            #expect(page.contains("href=\"\(path)\""), "\(path)")
        }
    }

    @Test func clientsComeBeforeTheirDocumentsAndMails() throws {
        let test = try application()
        let client = try test.client()
        let invoice = try test.issued(for: client)
        let page = try found("aubrac", test)
        let first = try #require(page.firstRange(of: client.path))
        let second = try #require(page.firstRange(of: invoice.path))
        #expect(first.lowerBound < second.lowerBound)
        let kinds = test.application.capabilities.flatMap { $0.searchSources }.map(\.kind)
        #expect(kinds.first == .mail, "else the order is that of the capabilities")
    }

    @Test func theLatestDocumentsComeFirst() throws {
        let test = try application()
        let client = try test.client()
        let numbers = try (1...7).map { _ in try test.issued(for: client).number ?? "" }
        let list = try test.get("/search/suggest?q=aubrac").text
        #expect(list.contains(numbers[6]))
        #expect(!list.contains(numbers[0]), "suggestions hold five")
    }

    @Test func documentsFollowTheNewNameOfTheirClient() throws {
        let test = try application()
        let client = try test.client()
        let invoice = try test.issued(for: client)
        let renamed = ClientDraft(
            name: "Charpentes Vercors", kind: .company, address: client.address,
            language: .french)
        try test.write { _ = try $0.updateClient(client.id, renamed, version: nil) }
        #expect(try found("vercors", test).contains("href=\"\(invoice.path)\""))
        #expect(!(try found("aubrac", test).contains(invoice.path)))
    }

    /// The index writes amounts with the decimals of their currency, as the program does.
    @Test(arguments: Currency.all)
    func everyCurrencyIsWrittenAsItIsTyped(currency: Currency) throws {
        let test = try TestApplication(currency: currency)
        for amount in [Amount(123_456), Amount(120_000), Amount(5)] {
            let typed = Language.french.money(amount, currency)
            let query = try #require(SearchQuery(typed)).text
            let matches: Bool? = try test.read {
                try $0.value(
                    "SELECT amount_terms(\(currency), \(amount)) @@ \(query)::tsquery")
            }
            #expect(matches == true, "\(typed): \(query)")
        }
    }

    @Test func documentsThatWereThereBeforeAreFoundByTheirAmountToo() throws {
        let strings = try TestCluster.shared.makeDatabase()
        let all = try ProgramFolder(TestDatabase.repository).migrations()
        let owner = try Connection(strings.owner)
        try Schema.migrate(
            all.filter { $0.number < 10 }, owner: owner, runtimeRole: "comptoir")
        let organisation = UniqueID.make(at: .now)
        let settings = [(name: "app.organisation", value: organisation.description)]
        try owner.transaction(settings: settings) { connection in
            try connection.run(
                """
                INSERT INTO organisations (id, slug, name) VALUES (\(organisation), 'a', 'A')
                """)
            try connection.run(
                """
                INSERT INTO clients (organisation_id, id, number, kind, name)
                VALUES (\(organisation), \(organisation), 'C-1', 'company', 'Aubrac')
                """)
            try connection.run(
                """
                INSERT INTO payments (organisation_id, id, number, client_id, direction, method,
                    paid_on, amount, currency, open_amount)
                VALUES (\(organisation), \(organisation), 'PAI-1', \(organisation), 'in',
                    'transfer', '2026-11-21', 123456, 'EUR', 123456)
                """)
        }
        try Schema.migrate(all, owner: owner, runtimeRole: "comptoir")
        let query = try #require(SearchQuery("1 234,56")).text
        let found: [String] = try owner.transaction(settings: settings) {
            try $0.values("SELECT label FROM search_records('payment', \(query), 5)")
        }
        #expect(found == ["PAI-1"])
    }
}
