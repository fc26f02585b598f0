import Testing

@testable import EInvoice

struct NumeralTests {
    @Test(arguments: [
        ("12.50", "12.5", 2), ("-0.005", "-0.005", 3), ("1000000", "1000000", 0), (".5", "0.5", 1),
    ])
    func aNumberIsReadAsItIsWritten(text: String, plain: String, decimals: Int) throws {
        let number = try #require(Numeral(text))
        #expect(number.text() == plain)
        #expect(number.decimals == decimals)
    }

    @Test(arguments: ["", ".", "1,5", "1e3", "--1", "1.2.3", "0x10", "1 000", "∞"])
    func anythingElseIsNoNumber(text: String) {
        #expect(Numeral(text) == nil)
    }

    @Test func numbersThatCouldOverflowAreRefused() {
        #expect(Numeral(String(repeating: "9", count: 20)) != nil)
        #expect(Numeral(String(repeating: "9", count: 21)) == nil)
        #expect(Numeral("0.0000000000001") == nil)
    }

    @Test func equalValuesAreEqualHoweverTheyAreWritten() throws {
        #expect(Numeral("10.50") == Numeral("10.5"))
        #expect(Set([try #require(Numeral("10.50")), try #require(Numeral("10.5"))]).count == 1)
        #expect(try #require(Numeral("-2")) < Numeral("-1.99")!)
    }

    @Test(arguments: [
        ("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0.00"), ("2.675", "2.68"),
    ])
    func halvesAreRoundedAwayFromZero(text: String, rounded: String) throws {
        #expect(try #require(Numeral(text)).rounded(to: 2) == Numeral(rounded))
    }
}
