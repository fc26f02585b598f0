import Testing

@testable import Drawing

@Suite struct TextTests {
    private let style = TextStyle(size: 9)
    private let hostile: [String] = [
        "", "\u{0}", "a\u{0}b", "\u{1}\u{1B}[31m\u{7F}\u{9B}", "\r\n\r\n\t\u{0B}\u{0C}",
        "😀👨‍👩‍👧‍👦🇫🇷🏳️‍🌈", "السعر 100 يورو", "\u{202E}gnirts", "\u{2067}\u{2067}x",
        String(repeating: "x", count: 10_000),
        String(repeating: "W\u{200D}", count: 10_000),
        String(repeating: "👩\u{200D}", count: 5_000),
        "Z" + String(repeating: "\u{0301}\u{0323}", count: 5_000),
        String(repeating: "ligne\n", count: 2_000), "\u{FEFF}\u{FFFE}\u{10FFFF}\u{E000}",
        "<span foreground='red'>&amp;</span>", "𝕏𐍈漢字かな", String(repeating: "é ", count: 40_000),
    ]

    @Test func noTextCrashesOrLeavesItsColumn() throws {
        for text in hostile {
            for alignment in [Alignment.left, .right, .center] {
                let pdf = try page { document in
                    let style = style.aligned(alignment)
                    let height = document.text(text, x: 200, y: 50, width: 100, style: style)
                    let size = document.measure(text, width: 100, style: style)
                    #expect(size.height == height)
                }
                for word in try words(of: pdf) {
                    // A letter or a chain of joined ones may be wider: it is clipped.
                    guard !text.unicodeScalars.contains("\u{200D}") else { continue }
                    #expect(word.xMin > 199 && word.xMax < 301, "\(text.prefix(20)) \(word)")
                }
            }
        }
    }

    @Test func controlCharactersVanishAndTheRestStays() throws {
        let pdf = try page {
            $0.text("avant\u{0}après\u{7}, \u{202E}droit", x: 40, y: 40, style: style)
        }
        #expect(try textByPage(of: pdf)[0] == "avantaprès, droit\n")
    }

    @Test func accentsHeapedOnOneLetterAreLimited() {
        let heap = "e" + String(repeating: "\u{0301}", count: 50) + "t"
        #expect(PlainText.cleaned(heap) == "e\u{0301}\u{0301}\u{0301}\u{0301}\u{200B}t")
    }

    @Test func joinedEmojiAreLimitedEvenAroundDroppedCharacters() {
        for separator in ["", "\u{0}"] {
            let chain = String(repeating: "👩\u{200D}\(separator)", count: 1_000)
            let longest = PlainText.cleaned(chain).map(\.unicodeScalars.count).max()
            #expect(longest == PlainText.maximumScalarsInCharacter)
        }
        let family = "👨‍👩‍👧‍👦🏳️‍🌈"
        #expect(PlainText.cleaned(family) == family)
    }

    @Test func textBeyondTheLimitEndsWithAnEllipsis() {
        let text = PlainText.cleaned(String(repeating: "é", count: 100_000))
        #expect(text.hasSuffix("é…"))
        #expect(text.utf8.count <= PlainText.maximumBytes + 3)
        #expect(PlainText.cleaned(text) == text)
    }

    @Test func linesAreLimitedWithAnEllipsisOverParagraphs() throws {
        let text = "Un\nDeux mots et encore beaucoup d’autres mots\nTrois\nQuatre"
        let document = try newDocument()
        let line = document.measure("Un", width: 80, style: style).height
        for lines in 1...5 {
            let height = document.measure(text, width: 80, style: style, maxLines: lines).height
            #expect(abs(height - Double(lines) * line) < 0.01)
        }
        let pdf = try page { $0.text(text, x: 40, y: 40, width: 80, style: style, maxLines: 2) }
        let drawn = try textByPage(of: pdf)[0].split(separator: "\n")
        #expect(drawn.count == 2)
        #expect(drawn[0] == "Un")
        #expect(drawn[1].hasPrefix("Deux mots") && drawn[1].hasSuffix("…"))
    }

    @Test func shortTextIsNotEllipsized() throws {
        let pdf = try page { $0.text("Un\nDeux", x: 40, y: 40, style: style, maxLines: 2) }
        #expect(try textByPage(of: pdf)[0] == "Un\nDeux\n")
    }

    @Test func figuresHaveOneWidth() throws {
        let document = try newDocument()
        let widths = (0...9).flatMap { tens in
            // Liberation kerns 11, which would push a column of amounts out of line.
            (0...9).map { document.measure("é 1\(tens)\($0),00", style: style).width }
        }
        #expect(Set(widths).count == 1)
    }

    @Test func thinSpacesOfFrenchAmountsAreSpaces() throws {
        let pdf = try page { $0.text("1\u{202F}234,50\u{A0}€", x: 40, y: 40, style: style) }
        let found = try textByPage(of: pdf)[0]
        #expect(found.filter { !$0.isWhitespace } == "1234,50€")
        #expect(found.count >= 10)
    }

    @Test func rightAlignedTextEndsAtTheRightEdge() throws {
        for text in ["12,00", "Total"] {
            let pdf = try page {
                $0.text(text, x: 100, y: 40, width: 90, style: style.aligned(.right))
            }
            #expect(abs(try words(of: pdf)[0].xMax - 190) < 1)
        }
    }

    @Test func leftStaysLeftInTextThatRunsFromRightToLeft() throws {
        // Numbers alone are found at their place whatever the letters around them.
        let pdf = try page {
            $0.text("א 123", x: 100, y: 40, width: 300, style: style)
        }
        let number = try #require(try words(of: pdf).first { $0.text.contains("123") })
        #expect(number.xMin < 140)
    }

    @Test func partsOfASplitTextGiveTheWholeText() throws {
        let document = try newDocument()
        let text = (1...200).map { "mot\($0)" }.joined(separator: " ") + "\n\nfin"
        var rest: String? = text
        var parts: [String] = []
        while let current = rest {
            let (head, tail) = document.split(current, width: 100, style: style, height: 40)
            #expect(document.measure(head, width: 100, style: style).height <= 40)
            parts.append(head)
            rest = tail
        }
        #expect(parts.count > 10)
        func bare(_ text: String) -> String { text.filter { !$0.isWhitespace } }
        #expect(bare(parts.joined()) == bare(text))
    }
}
