import Testing

@testable import Basics

struct CompanyNumberTests {
    @Test func frenchCompanyNumbersNeedTheirKey() {
        #expect(CompanyNumbers.isSIREN("732829320"))
        #expect(!CompanyNumbers.isSIREN("732829321"))
        #expect(!CompanyNumbers.isSIREN("73282932"))
        #expect(CompanyNumbers.isSIRET("73282932000074"))
        #expect(!CompanyNumbers.isSIRET("73282932000075"))
        #expect(CompanyNumbers.isVATNumber("FR44732829320"))
        #expect(!CompanyNumbers.isVATNumber("FR45732829320"))
        #expect(CompanyNumbers.frenchVATNumber(siren: "732829320") == "FR44732829320")
    }

    @Test func accountNumbersNeedTheirKey() {
        #expect(CompanyNumbers.isIBAN("FR7630006000011234567890189"))
        #expect(!CompanyNumbers.isIBAN("FR7630006000011234567890188"))
        #expect(CompanyNumbers.isIBAN("BE68539007547034"))
        #expect(!CompanyNumbers.isIBAN("FR76"))
        #expect(CompanyNumbers.isBIC("AGRIFRPP"))
        #expect(!CompanyNumbers.isBIC("AGRIFRP"))
    }

    @Test(arguments: [
        ("01 99 00 12 34", "FR", "+33199001234"), ("+33 (0)1 99 00 12 34", "FR", "+33199001234"),
        ("0033199001234", "FR", "+33199001234"), ("07 08 09 10 11", "CI", "+2250708091011"),
        ("+225 07 08 09 10 11", "FR", "+2250708091011"),
    ])
    func telephoneNumbersBecomeInternational(text: String, country: String, expected: String) {
        #expect(PhoneNumber.normalized(text, country: country) == expected)
    }

    @Test(arguments: ["12", "abc", "+", "01 99 00", "+0123456789", "01+990012"])
    func whatIsNoTelephoneNumberIsRefused(text: String) {
        #expect(PhoneNumber.normalized(text, country: "FR") == nil)
    }

    @Test(arguments: [
        "a@b", "@example.com", "a@", "a b@example.com", "a@@example.com", "a@example..com",
        "a@-example.com", ".a@example.com", "a@example.com\nBcc: b@example.com,c",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(EmailAddress.normalized(text) == nil)
    }

    @Test func addressesAreInLowerCase() {
        #expect(EmailAddress.normalized(" Jeanne@Example.COM ") == "jeanne@example.com")
    }
}

struct PlainTextTests {
    @Test func foldingForgetsAccentsCaseAndPunctuation() {
        #expect(PlainText.folded("Éts. Gérard & Fils") == "ets gerard fils")
        #expect(PlainText.folded("CŒUR d’Alène") == "coeur d alene")
    }

    @Test func controlCharactersAndDirectionMarksAreTakenOut() {
        #expect(PlainText.line("a\u{0}b\u{202E}c\r\n d ") == "abc d")
        #expect(PlainText.lines("  un\r\ndeux\rtrois\n ") == "un\ndeux\ntrois")
    }
}

struct CSVTests {
    private func records(_ text: String, pieces: Int = 1) throws -> [[String]] {
        var reader = CSV.Reader()
        var out: [[String]] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try reader.read(bytes[start..<min(start + pieces, bytes.count)]) { out.append($1) }
        }
        try reader.finish { out.append($1) }
        return out
    }

    @Test(arguments: [1, 2, 3, 1000])
    func recordsAreTheSameHoweverTheBytesCome(pieces: Int) throws {
        let text = "\u{FEFF}a,b\r\n\"x, y\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",é\n\nlast,"
        #expect(
            try records(text, pieces: pieces) == [
                ["a", "b"], ["x, y", "say \"hi\""], ["two\nlines", "é"], ["last", ""],
            ])
    }

    @Test func linesAreNumberedByWhereRecordsStart() throws {
        var reader = CSV.Reader()
        var numbers: [Int] = []
        try reader.read(Array("a\r\n\"b\r\nc\"\r\nd\r\n".utf8)) { line, _ in numbers.append(line) }
        #expect(numbers == [1, 2, 4])
    }

    @Test func aQuoteThatIsNeverClosedIsAFault() {
        #expect(throws: CSV.Reader.Fault.unclosedQuote(line: 2)) {
            try records("a,b\n\"c,d\n")
        }
    }

    @Test func spreadsheetsDoNotRunWhatPeopleTyped() {
        #expect(CSV.line(["=cmd()", "-12,50", "+33 1"]) == "'=cmd();-12,50;+33 1\r\n")
        #expect(CSV.line(["\n=1", "＝1+1", "\t@a"]) == "\"'\n=1\";'＝1+1;'\t@a\r\n")
        #expect(CSV.line(["+cmd|x"]) == "'+cmd|x\r\n")
        #expect(CSV.line(["a;b", "c\"d"]) == "\"a;b\";\"c\"\"d\"\r\n")
    }
}

struct JSONTests {
    @Test func whatIsWrittenIsReadBack() throws {
        let value: JSON = [
            "text": "é \" \\ \n \u{1} 😀", "number": -12, "yes": true, "none": nil,
            "list": [1, "two", []],
        ]
        let read = try #require(JSON(parsing: value.bytes))
        #expect(read["text"]?.string == "é \" \\ \n \u{1} 😀")
        #expect(read["number"]?.int == -12)
        #expect(read["list"]?.array?.count == 3)
        #expect(JSON(parsing: "{\"a\":") == nil)
    }
}

struct CryptographyTests {
    @Test func hashesAreThoseOfThePublishedVectors() {
        #expect(
            hexadecimal(Digest.sha256("abc"))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hexadecimal(
                Digest.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }
}
