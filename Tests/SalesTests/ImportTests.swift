import Basics
import Core
import Database
import FoundationEssentials
@testable import Sales
import TestSupport
import Testing

@Suite struct ImportTests {
    @Test func documentsClientsAndItemsComeInWithTheirOwnNumbersAndDays() throws {
        let sample = try ImportSample()
        let result = try sample.run(lines: [
            "536365,85123A, WHITE  HEART ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
            "536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom",
            "C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,EIRE",
            "536370,22728,ALARM CLOCK,3,2010-12-02 08:45:00,0.0,,France",
        ])
        #expect(
            result.imported == .init(lines: 4, documents: 3, amount: Amount(1530 + 1800 - 2750)))
        #expect(result.refused == .init())
        #expect(result.clients == 3)
        #expect(result.items == 4)
        let rows: [String] = try sample.test.read { transaction in
            try transaction.values(
                """
                SELECT concat_ws('|', i.kind, i.number, i.issued_on, i.due_on, i.total_gross,
                    i.open_amount, i.origin, i.status, c.number, c.name, c.country, c.open_amount,
                    i.buyer->'address'->>'country', i.issued_at AT TIME ZONE 'UTC')
                FROM invoices i
                JOIN clients c ON c.organisation_id = \(transaction.organisation) AND c.id = i.client_id
                WHERE i.organisation_id = \(transaction.organisation) ORDER BY i.id
                """)
        }
        #expect(
            rows == [
                "invoice|536365|2010-12-01|2010-12-01|3330|0|import|issued|17850|Customer 17850|GB|0|GB|2010-12-01 08:26:00",
                "credit_note|C536379|2010-12-01|2010-12-01|2750|0|import|issued|14527|Customer 14527|IE|0|IE|2010-12-01 09:41:00",
                "invoice|536370|2010-12-02|2010-12-02|0|0|import|issued|NO-ACCOUNT|Customers without an account|FR|0|FR|2010-12-02 08:45:00",
            ])
        let lines: [String] = try sample.test.read { transaction in
            try transaction.values(
                """
                SELECT concat_ws('|', l.position, l.label, l.quantity, l.unit_price, l.net_amount,
                    t.reference, t.kind)
                FROM invoice_lines l
                JOIN items t ON t.organisation_id = \(transaction.organisation) AND t.id = l.item_id
                WHERE l.organisation_id = \(transaction.organisation) ORDER BY l.id
                """)
        }
        #expect(
            lines == [
                "1|WHITE HEART|60000|2550000|1530|85123A|product",
                "2|POSTAGE|10000|18000000|1800|POST|service",
                "1|Discount|10000|27500000|2750|D|service",
                "1|ALARM CLOCK|30000|0|0|22728|product",
            ])
    }

    @Test(arguments: [
        ("1,A,Text,1,2010-12-01 08:26:00,2.55,1,France,more", ImportRefusal.wrongColumns),
        (",A,Text,1,2010-12-01 08:26:00,2.55,1,France", .noDocument),
        ("A1,B,Adjust bad debt,1,2010-12-01 08:26:00,5,,France", .accountingEntry),
        ("1,A,Text,1,2010-02-30 08:26:00,2.55,1,France", .badDay),
        ("1,A,Text,1,01/12/2010,2.55,1,France", .badDay),
        ("1,A,Text,one,2010-12-01 08:26:00,2.55,1,France", .badQuantity),
        ("1,A,Text,1e3,2010-12-01 08:26:00,2.55,1,France", .badQuantity),
        ("1,A,Text,1,2010-12-01 08:26:00,\"2,55\",1,France", .badPrice),
        ("1,A,Text,1,2010-12-01 08:26:00,,1,France", .badPrice),
        ("1,A,Text,1,2010-12-01 08:26:00,2.55,1,Atlantis", .unknownCountry),
        ("1,A,Text,99999999,2010-12-01 08:26:00,2.55,1,France", .tooLarge),
        ("1,A,Text,1,2010-12-01 08:26:00,-2.55,1,France", .negativePrice),
        ("1,A,  ,1,2010-12-01 08:26:00,2.55,1,France", .noDescription),
        ("1,A,Text,0,2010-12-01 08:26:00,2.55,1,France", .zeroQuantity),
        ("1,A,Text,-1,2010-12-01 08:26:00,2.55,1,France", .negativeQuantity),
        ("C1,A,Text,1,2010-12-01 08:26:00,2.55,1,France", .positiveQuantity),
        ("1,A,\(String(repeating: "x", count: 201)),1,2010-12-01 08:26:00,2.55,1,France", .tooLong),
        (
            "\(String(repeating: "1", count: 36)),A,Text,1,2010-12-01 08:26:00,2.55,1,France",
            .documentNumberTooLong
        ),
        (
            "1,A,Text,1,2010-12-01 08:26:00,2.55,\(String(repeating: "1", count: 41)),France",
            .badClient
        ),
    ])
    func aLineThatCannotStandOnAnInvoiceIsRefusedForItsReason(
        line: String, reason: ImportRefusal
    ) throws {
        let sample = try ImportSample()
        let good = "9,A,Text,1,2010-12-01 08:26:00,2.55,1,France"
        let result = try sample.run(lines: [good, line])
        #expect(result.imported == .init(lines: 1, documents: 1, amount: Amount(255)))
        #expect(result.refused.lines == 1)
        #expect(result.reasons.map(\.refusal) == [reason])
    }

    @Test func bytesThatAreNotTextAreRefusedWhereTheyStand() throws {
        let sample = try ImportSample()
        let start = Array((ImportSample.heading + "\n1,A,Caf").utf8)
        let result = try sample.run(
            bytes: start + [0xE9] + Array(",1,2010-12-01 08:26:00,2.55,1,France\n".utf8))
        #expect(result.reasons.map(\.refusal) == [.notText])
        #expect(result.refused.amount == Amount(255))
    }

    @Test func aDocumentThatLacksAPaidLineIsRefusedAsAWhole() throws {
        let sample = try ImportSample()
        let result = try sample.run(lines: [
            "1,A,Text,1,2010-12-01 08:26:00,2.00,1,France",
            "1,B,,1,2010-12-01 08:26:00,3.00,1,France",
            "2,A,Text,1,2010-12-01 08:26:00,2.00,1,France",
            "2,B,,-5,2010-12-01 08:26:00,0.00,1,France",
        ])
        #expect(result.imported == .init(lines: 1, documents: 1, amount: Amount(200)))
        #expect(result.refused == .init(lines: 3, documents: 1, amount: Amount(500)))
        #expect(Set(result.reasons.map(\.refusal)) == [.noDescription, .incompleteDocument])
    }

    @Test func linesOfOneNumberMustAgree() throws {
        let sample = try ImportSample()
        let result = try sample.run(lines: [
            "1,A,Text,1,2010-12-01 08:26:00,2.00,1,France",
            "1,B,Text,1,2010-12-01 08:26:00,2.00,2,France",
        ])
        #expect(result.reasons.map(\.refusal) == [.linesDisagree])
        #expect(result.refused.lines == 2)
    }

    @Test func quotesReturnsMarksAndAMissingLastBreakAreRead() throws {
        let sample = try ImportSample()
        let text =
            "\u{FEFF}" + ImportSample.heading + "\r\n"
            + "1,A,\"SET \"\"3\"\", RED\nAND BLUE\",1,2010-12-01 08:26:00,2.00,1,France\r\n"
            + "\r\n1,B,Text,2,2010-12-01 08:26:00,2.00,1,France"
        let result = try sample.run(text)
        #expect(result.imported == .init(lines: 2, documents: 1, amount: Amount(600)))
        let labels: [String] = try sample.test.read { transaction in
            try transaction.values(
                """
                SELECT label FROM invoice_lines
                WHERE organisation_id = \(transaction.organisation) ORDER BY position
                """)
        }
        #expect(labels == ["SET \"3\", RED AND BLUE", "Text"])
    }

    @Test(arguments: [
        ("", "empty"), (ImportSample.heading + "\n1,A,\"Text,1\n", "line 2 is never closed"),
        ("InvoiceNo,Description\n1,A\n", "StockCode, Quantity"),
    ])
    func aFileThatCannotBeReadSaysWhyAndLeavesNothing(text: String, reason: String) throws {
        let sample = try ImportSample()
        let problem = #expect(throws: Problem.self) { try sample.run(text) }
        #expect(problem.map { Language.english($0.detail) }?.contains(reason) == true)
        #expect(try sample.count("imports") == 0)
    }

    @Test func theSameFileTwiceImportsNothingTwice() throws {
        let sample = try ImportSample()
        let lines = [
            "1,A,Text,1,2010-12-01 08:26:00,2.00,1,France",
            "2,A,Text,-1,2010-12-01 08:26:00,0.00,1,France",
        ]
        let first = try sample.run(lines: lines)
        let second = try sample.run(lines: lines)
        #expect(first.known == .init() && !first.isRepetition)
        #expect(second.isRepetition)
        #expect(second.imported == .init())
        #expect(second.known == first.imported)
        #expect(second.refused == first.refused)
        #expect(try sample.count("invoices") == 1)
        let changed = try sample.run(lines: ["1,A,Text,2,2010-12-01 08:26:00,2.00,1,France"])
        #expect(changed.reasons.map(\.refusal) == [.otherContent])
    }

    @Test func anOrganisationOfAnotherCurrencyIsRefused() throws {
        let sample = try ImportSample(currency: .euro)
        let problem = #expect(throws: Problem.self) {
            try sample.run(lines: ["1,A,Text,1,2010-12-01 08:26:00,2.00,1,France"])
        }
        #expect(problem?.fields.map(\.field) == ["organisation"])
    }

    @Test func nobodyAddsALineToAnImportedDocumentLater() throws {
        let sample = try ImportSample()
        _ = try sample.run(lines: ["1,A,Text,1,2010-12-01 08:26:00,2.00,1,France"])
        let error = #expect(throws: DatabaseError.self) {
            try sample.test.write { transaction in
                // A change of the row in the same transaction must not open it either.
                try transaction.run(
                    """
                    UPDATE invoices SET notes = 'seen'
                    WHERE organisation_id = \(transaction.organisation)
                    """)
                try transaction.run(
                    """
                    INSERT INTO invoice_lines (organisation_id, id, invoice_id, position, kind, label)
                    SELECT organisation_id, gen_random_uuid(), id, 2, 'text', 'More'
                    FROM invoices WHERE organisation_id = \(transaction.organisation)
                    """)
            }
        }
        #expect(error?.constraintName == "invoices_are_kept")
    }

    @Test func theReportNamesEveryRefusedLine() throws {
        let sample = try ImportSample()
        let path =
            FileManager.default.temporaryDirectory.path
            + "/refused-\(UniqueID.make(at: .now)).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try sample.run(
            lines: [
                "1,A,Text,1,2010-12-01 08:26:00,2.00,1,France",
                "A7,B,Adjust bad debt,1,2010-12-01 08:26:00,-11062.06,,France",
            ], report: path)
        let text = String(
            decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
        #expect(
            text == """
                line;document;amount;reason;explanation\r
                3;A7;-11062.06;accounting_entry;an entry of the books, neither invoice nor credit note\r

                """)
    }
}

extension ImportSample {
    func count(_ table: String) throws -> Int {
        try test.read { transaction in
            switch table {
            case "imports":
                try transaction.value(
                    """
                    SELECT count(*) FROM imports
                    WHERE organisation_id = \(transaction.organisation)
                    """) ?? -1
            case "import_refusals":
                try transaction.value(
                    """
                    SELECT count(*) FROM import_refusals
                    WHERE organisation_id = \(transaction.organisation)
                    """) ?? -1
            default:
                try transaction.value(
                    """
                    SELECT count(*) FROM invoices
                    WHERE organisation_id = \(transaction.organisation)
                    """) ?? -1
            }
        }
    }
}
