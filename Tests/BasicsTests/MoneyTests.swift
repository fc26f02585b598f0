import Testing

@testable import Basics

struct MoneyTests {
    @Test(arguments: [
        (15_000, 10_000_000, 1500), (3_333, 1_000_000, 33), (5_000, 10_000, 1),
        (4_999, 10_000, 0), (10_000, 5_000, 1), (10_000, 4_999, 0), (-5_000, 10_000, -1),
    ])
    func quantityTimesPriceRoundsHalfAwayFromZero(
        tenThousandths: Int, millionths: Int, cents: Int
    ) {
        let quantity = Quantity(tenThousandths: tenThousandths)
        let price = UnitPrice(millionths: millionths)
        #expect(quantity.times(price, in: .euro) == Amount(cents))
    }

    @Test func francsWithoutDecimalsRoundToWholeUnits() {
        let price = UnitPrice(millionths: 15_000_500_000)
        #expect(Quantity(1).times(price, in: .westAfricanFranc) == Amount(15_001))
    }

    @Test func theLargestLineDoesNotOverflow() {
        let amount = Quantity.maximum.times(UnitPrice.maximum, in: .euro)
        #expect(amount.minorUnits == 1_000_000_000_000_000_000)
    }

    @Test(arguments: [
        (10_000, 2000, 2000), (999, 2000, 200), (1, 5000, 1), (-1, 5000, -1), (105, 550, 6),
    ])
    func aShareIsRoundedHalfAwayFromZero(cents: Int, hundredths: Int, expected: Int) {
        #expect(Amount(cents).share(Percentage(hundredths: hundredths)) == Amount(expected))
    }
}

struct ScaledDecimalTests {
    @Test(arguments: [
        ("1 234,56", 123_456), ("1234.56", 123_456), ("1,234.56", 123_456),
        ("1.234,56", 123_456), ("1\u{202F}234,5", 123_450), ("12", 1200), ("-3,5", -350),
        ("0,10", 10), ("1.234.567,89", 123_456_789), ("2,500", 250), (",5", 50),
    ])
    func numbersAreReadAsPeopleTypeThem(text: String, expected: Int) throws {
        #expect(try ScaledDecimal.parse(text, decimals: 2) == expected)
    }

    @Test(arguments: ["", "abc", "1-2", "--1", "1,2,3", "12,34.56,78", "1e5", "+", "١٢"])
    func whatIsNotANumberIsRefused(text: String) {
        #expect(throws: ScaledDecimal.Fault.notANumber) {
            try ScaledDecimal.parse(text, decimals: 2)
        }
    }

    @Test func tooManyDecimalsAreRefusedRatherThanRounded() {
        #expect(throws: ScaledDecimal.Fault.tooManyDecimals) {
            try ScaledDecimal.parse("1,005", decimals: 2)
        }
    }

    @Test func hugeNumbersAreRefusedRatherThanWrapped() {
        #expect(throws: ScaledDecimal.Fault.outOfRange) {
            try ScaledDecimal.parse("99999999999999999999", decimals: 2)
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        for value in [-1, 0, 1, 99, 100, 123_456, -987_654_321] {
            let text = ScaledDecimal.plain(value, decimals: 2)
            #expect(try ScaledDecimal.parse(text, decimals: 2) == value)
            let french = Language.french.decimal(value, decimals: 2, minimumDecimals: 2)
            #expect(try ScaledDecimal.parse(french, decimals: 2) == value)
        }
    }
}

struct LanguageTests {
    @Test func moneyIsWrittenAsEachLanguageDoes() {
        #expect(Language.french.money(Amount(123_450), .euro) == "1\u{202F}234,50\u{A0}€")
        #expect(Language.english.money(Amount(123_450), .euro) == "€1,234.50")
        #expect(Language.french.money(Amount(-5), .euro) == "\u{2212}0,05\u{A0}€")
        #expect(
            Language.french.money(Amount(25_000), .westAfricanFranc) == "25\u{202F}000\u{A0}F CFA")
    }

    @Test func oneAndManyFollowTheLanguage() {
        let (one, many) = (Text("ligne", "row"), Text("lignes", "rows"))
        #expect(Language.french.count(0, one, many) == "0\u{A0}ligne")
        #expect(Language.english.count(0, one, many) == "0\u{A0}rows")
        #expect(Language.french.count(2, one, many) == "2\u{A0}lignes")
    }

    @Test func percentagesKeepOnlyTheDecimalsTheyHave() {
        #expect(Language.french.percentage(Percentage(hundredths: 550)) == "5,5\u{A0}%")
        #expect(Language.french.percentage(Percentage(hundredths: 2000)) == "20\u{A0}%")
    }
}
