import Basics
import Testing

@Suite struct JSONReaderTests {
    @Test func whatTwoReadersCouldUnderstandInTwoWaysIsRefused() {
        let refused = [
            "", "{", "[1,]", "{\"a\":1,}", "01", "+1", ".5", "1.", "1e3", "0x1", "nul", "1 2",
            "\"a", "\"\u{1}\"", "'a'", "NaN", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":1}",
            "{a:1}", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\x\"", "\"\\u12g4\"",
            "12.5", "-", "9223372036854775808", "[1 2]", "{\"a\" 1}", "\u{FEFF}1",
        ]
        for text in refused { #expect(JSON(parsing: text) == nil, "\(text)") }
        #expect(JSON(parsing: [0x22, 0xFF, 0x22]) == nil, "bytes that are not UTF-8")
    }

    @Test func deepNestingIsRefusedRatherThanFollowed() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(JSON(parsing: nested(64)) != nil)
        #expect(JSON(parsing: nested(65)) == nil)
        #expect(JSON(parsing: String(repeating: "[", count: 1_000_000)) == nil)
        #expect(JSON(parsing: String(repeating: "{\"a\":", count: 1_000_000)) == nil)
    }

    @Test func textsNumbersAndWhiteSpaceAreReadAsWritten() {
        #expect(JSON(parsing: " [ 1 , -2 ,\n3.00\t] ") == [1, -2, 3])
        #expect(JSON(parsing: "-9223372036854775808")?.int == Int.min)
        #expect(JSON(parsing: "\"\\u00e9\\ud83d\\ude00\\/\\n\\u0000\"")?.string == "é😀/\n\0")
        #expect(JSON(parsing: "{\"b\":true,\"a\":null}")?.text == "{\"a\":null,\"b\":true}")
        #expect(JSON(parsing: "{}") == .object([]))
    }

    @Test func whatIsWrittenIsReadBack() {
        let value: JSON = [
            "texte": "L’été \"à\" la\\mer\u{7F}\u{1F}😀", "nombre": -12, "liste": [true, nil, [:]],
        ]
        #expect(JSON(parsing: value.bytes) == value.canonical)
    }
}
