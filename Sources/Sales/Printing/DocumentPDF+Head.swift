import Basics
import Drawing

// The head of the first page: who, to whom, and the facts.
extension DocumentPDF {
    static let topEdge = 44.0
    static let partiesTop = 114.0
    /// Where the address stands in the window of a French envelope.
    static let buyerLeft = 306.0

    func drawHead() {
        drawBrand()
        drawTitle()
        _ = party(printed.seller, x: sheet.left, width: 228) { text, x, y, width, style, lines in
            document.text(text, x: x, y: y, width: width, style: style, maxLines: lines)
        }
        _ = party(printed.buyer, x: Self.buyerLeft, width: sheet.right - Self.buyerLeft) {
            text, x, y, width, style, lines in
            document.text(text, x: x, y: y, width: width, style: style, maxLines: lines)
        }
        let facts = factsTop
        drawFacts(at: facts)
        var y = facts + factsHeight
        for text in headTexts {
            y += text.gap
            y += document.text(
                text.string, x: sheet.left, y: y, width: sheet.width, style: text.style,
                maxLines: text.most
            )
        }
    }

    /// Where the table may begin.
    func measureHead() -> Double {
        let texts = headTexts
        let heights = texts.map {
            $0.gap
                + document.measure(
                    $0.string, width: sheet.width, style: $0.style, maxLines: $0.most
                ).height
        }
        return factsTop + factsHeight + heights.reduce(0, +) + (texts.isEmpty ? 14 : 8)
    }

    /// What stands between the facts and the lines.
    private var headTexts: [(string: String, style: TextStyle, gap: Double, most: Int?)] {
        let texts = [
            (printed.subject, sheet.subject, 18.0, Optional(3)),
            (printed.opening, sheet.body, printed.subject.isEmpty ? 16 : 8, nil),
        ]
        return texts.filter { !$0.0.isEmpty }
    }

    private var isMirrored: Bool { printed.layout.logoSide == .right }

    /// What kind of document, and its number, opposite to the logo.
    private func drawTitle() {
        let width = sheet.right - Self.buyerLeft + 60
        let alignment: Alignment = isMirrored ? .left : .right
        let x = isMirrored ? sheet.left : sheet.right - width
        var y = Self.topEdge - 6
        for (index, name) in printed.titles.enumerated() {
            let style = index == 0 ? sheet.title : sheet.subject
            document.text(
                name, x: x, y: y, width: width, style: style.aligned(alignment), maxLines: 1)
            y += index == 0 ? 29 : 17
        }
        document.text(
            printed.number.isEmpty ? printed.draftMark ?? "" : printed.number, x: x, y: y,
            width: width, style: sheet.number.aligned(alignment), maxLines: 1)
    }

    private func drawBrand() {
        guard let logo else {
            document.text(
                printed.brand, x: isMirrored ? sheet.right - 230 : sheet.left, y: Self.topEdge,
                width: 230, style: sheet.brand.aligned(isMirrored ? .right : .left), maxLines: 2)
            return
        }
        let most = printed.layout.logoSize.most
        let (width, height) = (Double(logo.width), Double(logo.height))
        let scale = min(most.width / width, most.height / height)
        document.image(
            logo, x: isMirrored ? sheet.right - width * scale : sheet.left, y: Self.topEdge - 6,
            width: width * scale)
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

extension DocumentLayout.LogoSize {
    /// The room for it, in points.
    fileprivate var most: (width: Double, height: Double) {
        switch self {
        case .small: (130, 36)
        case .medium: (190, 54)
        case .large: (230, 64)
        }
    }
}
