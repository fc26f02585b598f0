import Basics
import Drawing

// The head of the first page: who, to whom, and the facts.
extension DocumentPDF {
    static let topEdge = 44.0
    static let partiesTop = 114.0
    /// Where the address stands in the window of a French envelope.
    static let buyerLeft = 306.0
    static let largestLogo = (width: 190.0, height: 54.0)

    func drawHead() {
        drawBrand()
        let style = sheet.title
        document.text(
            printed.title, x: Self.buyerLeft - 60, y: Self.topEdge - 6,
            width: sheet.right - Self.buyerLeft + 60, style: style, maxLines: 1)
        document.text(
            printed.number.isEmpty ? printed.draftMark ?? "" : printed.number,
            x: Self.buyerLeft, y: Self.topEdge + 23, width: sheet.right - Self.buyerLeft,
            style: sheet.number, maxLines: 1)
        _ = party(printed.seller, x: sheet.left, width: 228) { text, x, y, width, style, lines in
            document.text(text, x: x, y: y, width: width, style: style, maxLines: lines)
        }
        _ = party(printed.buyer, x: Self.buyerLeft, width: sheet.right - Self.buyerLeft) {
            text, x, y, width, style, lines in
            document.text(text, x: x, y: y, width: width, style: style, maxLines: lines)
        }
        let facts = factsTop
        drawFacts(at: facts)
        if !printed.subject.isEmpty {
            document.text(
                printed.subject, x: sheet.left, y: facts + factsHeight + 18, width: sheet.width,
                style: sheet.subject, maxLines: 3)
        }
    }

    /// Where the table may begin.
    func measureHead() -> Double {
        let foot = factsTop + factsHeight
        guard !printed.subject.isEmpty else { return foot + 14 }
        return foot + 18 + 8
            + document.measure(
                printed.subject, width: sheet.width, style: sheet.subject, maxLines: 3
            ).height
    }

    private func drawBrand() {
        guard let logo else {
            document.text(
                printed.brand, x: sheet.left, y: Self.topEdge, width: 230, style: sheet.brand,
                maxLines: 2)
            return
        }
        let (width, height) = (Double(logo.width), Double(logo.height))
        let scale = min(Self.largestLogo.width / width, Self.largestLogo.height / height)
        document.image(logo, x: sheet.left, y: Self.topEdge - 6, width: width * scale)
    }

    private typealias Placed = (String, Double, Double, Double, TextStyle, Int) -> Double

    /// Places the lines of a party and answers its foot.
    private func party(
        _ party: PrintedDocument.Party, x: Double, width: Double, _ place: Placed
    ) -> Double {
        var y = Self.partiesTop
        y += place(party.heading, x, y, width, sheet.label, 1) + 4
        y += place(party.name, x, y, width, sheet.name, 3) + 2.5
        for line in party.lines { y += place(line, x, y, width, sheet.body, 2) + 2 }
        if !party.numbers.isEmpty { y += 2 }
        for number in party.numbers { y += place(number, x, y, width, sheet.quiet, 1) + 2 }
        return y
    }

    private var factsTop: Double {
        func foot(_ party: PrintedDocument.Party, _ width: Double) -> Double {
            self.party(party, x: 0, width: width) { text, _, _, width, style, lines in
                document.measure(text, width: width, style: style, maxLines: lines).height
            }
        }
        return max(
            foot(printed.seller, 228), foot(printed.buyer, sheet.right - Self.buyerLeft)) + 16
    }

    /// Facts stand in rows of at most four.
    private static let factsPerRow = 4
    private static let factRowHeight = 29.0

    private var factRows: [[PrintedDocument.Fact]] {
        stride(from: 0, to: printed.facts.count, by: Self.factsPerRow).map {
            Array(printed.facts[$0..<min($0 + Self.factsPerRow, printed.facts.count)])
        }
    }

    private var factsHeight: Double { Double(factRows.count) * Self.factRowHeight + 14 }

    private func drawFacts(at top: Double) {
        line(at: top)
        let columns = Double(min(Self.factsPerRow, printed.facts.count))
        let width = sheet.width / max(columns, 1)
        for (row, facts) in factRows.enumerated() {
            for (column, fact) in facts.enumerated() {
                let x = sheet.left + Double(column) * width
                let y = top + 10 + Double(row) * Self.factRowHeight
                document.text(
                    fact.label, x: x, y: y, width: width - 8, style: sheet.label, maxLines: 1)
                document.text(
                    fact.value, x: x, y: y + 11.5, width: width - 8, style: sheet.value,
                    maxLines: 1)
            }
        }
        line(at: top + factsHeight)
    }

    func line(at y: Double, color: Color = .hairline, width: Double = 0.6) {
        document.line(
            from: (sheet.left, y), to: (sheet.right, y), width: width, color: color)
    }
}
