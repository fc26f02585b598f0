extension TableLayout {
    /// Which rows stand on which page.
    public struct Plan: Sendable {
        var pages: [[MeasuredRow]]
        public var pageCount: Int { pages.count }
        /// For each page the indices of its rows. A row taller than a page is on several.
        public var rowsByPage: [[Int]] { pages.map { $0.map(\.index) } }

        /// A row, or the part of a row that is on one page, ready to be drawn.
        struct MeasuredRow: Sendable {
            var index: Int
            var texts: [PlacedText] = []
            var height = 0.0
            var hasRule = true
        }
        struct PlacedText: Sendable {
            var string: String
            var style: TextStyle
            var x: Double, width: Double
            /// From the top of the row.
            var offset: Double
        }
    }

    /// Room below which a row taller than a page is not begun, in points.
    private static let leastRoomToSplit = 60.0

    /// Measures the rows and breaks them into pages: a row is never cut unless it is taller than a
    /// page, a heading stays with the row after it, and the closing block stays in one piece, with
    /// the last row above it where they fit together.
    /// - Parameters:
    ///   - tailHeight: room kept after the last row, in points.
    ///   - document: measures the text.
    public func plan(
        _ rows: [Row], tailHeight: Double = 0, measuring document: PDFDocument
    ) -> Plan {
        var breaker = PageBreaker(
            first: bottom - firstTop, next: bottom - nextTop,
            header: headerHeight(in: document))
        for block in blocks(of: rows) {
            let measured = block.map { measure(rows[$0], index: $0, in: document) }
            let height = measured.reduce(0) { $0 + $1.height }
            if height <= breaker.roomOfFreshPage {
                breaker.add(measured, height: height)
                continue
            }
            let headings = height - (measured.last?.height ?? 0)
            if breaker.room < headings + Self.leastRoomToSplit { breaker.breakPage() }
            for index in block {
                split(rows[index], index: index, with: &breaker, in: document)
            }
        }
        breaker.reserve(tailHeight)
        return Plan(pages: breaker.pages.map { $0.flatMap { $0 } })
    }

    /// Rows that stay together: headings and the row after them.
    private func blocks(of rows: [Row]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = 0
        for (index, row) in rows.enumerated() {
            if case .heading = row, index < rows.count - 1, index - start < 3 { continue }
            result.append(start..<index + 1)
            start = index + 1
        }
        return result
    }

    private func measure(
        _ row: Row, index: Int, in document: PDFDocument
    ) -> Plan.MeasuredRow {
        part(of: texts(of: row), index: index, height: .infinity, in: document).placed
    }

    /// Draws a row over several pages, cut between lines.
    private func split(
        _ row: Row, index: Int, with breaker: inout PageBreaker, in document: PDFDocument
    ) {
        var rest = texts(of: row)
        while true {
            if breaker.room < Self.leastRoomToSplit { breaker.breakPage() }
            let (placed, remaining) = part(
                of: rest, index: index, height: breaker.room, in: document)
            breaker.add([placed], height: placed.height)
            guard let remaining else { return }
            rest = remaining
        }
    }

    private typealias CellTexts = (x: Double, width: Double, paragraphs: [(String, TextStyle)])

    private func texts(of row: Row) -> [CellTexts] {
        switch row {
        case .heading(let title): return [wholeWidth(title, style.heading)]
        case .text(let note): return [wholeWidth(note, style.note)]
        case .cells(let cells):
            return zip(zip(columns, boxes()), cells).map { place, cell in
                let paragraphs = cell.paragraphs.map {
                    ($0.text, ($0.style ?? style.text).aligned(place.0.alignment))
                }
                return (place.1.x, place.1.width, paragraphs)
            }
        }
    }

    private func wholeWidth(_ text: String, _ style: TextStyle) -> CellTexts {
        let inset = self.style.headerFill == nil ? 0 : self.style.cellPadding
        return (x + inset, max(width - 2 * inset, 1), [(text, style)])
    }

    /// As much of the cells' text as the height allows, and the rest. Where the height allows
    /// nothing at all, each cell still gives a line, so that every call makes progress.
    private func part(
        of cells: [CellTexts], index: Int, height: Double, in document: PDFDocument
    ) -> (placed: Plan.MeasuredRow, rest: [CellTexts]?) {
        let room = height - 2 * style.rowPadding
        var row = Plan.MeasuredRow(index: index)
        var tallest = 0.0
        var rest: [CellTexts] = []
        for cell in cells {
            var used = 0.0
            var remaining: [(String, TextStyle)] = []
            for (text, style) in cell.paragraphs {
                let top = used > 0 ? used + self.style.paragraphGap : 0
                let mustWait = !remaining.isEmpty || (used > 0 && top + style.size > room)
                guard !mustWait else {
                    remaining.append((text, style))
                    continue
                }
                let (head, tail) = document.split(
                    text, width: cell.width, style: style, height: room - top)
                row.texts.append(
                    .init(
                        string: head, style: style, x: cell.x, width: cell.width,
                        offset: self.style.rowPadding + top))
                used =
                    top + document.measure(head, width: cell.width, style: style).height
                if let tail { remaining.append((tail, style)) }
            }
            tallest = max(tallest, used)
            rest.append((cell.x, cell.width, remaining))
        }
        row.height = tallest + 2 * style.rowPadding
        let isWhole = rest.allSatisfy { $0.paragraphs.isEmpty }
        row.hasRule = isWhole
        return (row, isWhole ? nil : rest)
    }
}

/// Fills pages with blocks of rows, from top to bottom.
private struct PageBreaker {
    typealias Block = [TableLayout.Plan.MeasuredRow]
    private(set) var pages: [[Block]] = [[]]
    /// Points left on the last page.
    private(set) var room: Double
    let roomOfFreshPage: Double

    private let header: Double

    init(first: Double, next: Double, header: Double) {
        self.header = header
        room = first - header
        roomOfFreshPage = next - header
    }

    mutating func breakPage() {
        // A first page with less room than a row stays without rows.
        pages.append([])
        room = roomOfFreshPage
    }

    mutating func add(_ block: Block, height: Double) {
        // Sums of fractions of a point may differ in the last digit.
        if height > room + 0.001 { breakPage() }
        pages[pages.count - 1].append(block)
        room -= height
    }

    /// Keeps room after the last row. If there is none, the last block goes to the new page with
    /// it, so that totals do not stand alone.
    mutating func reserve(_ tailHeight: Double) {
        let isEmpty = pages[pages.count - 1].isEmpty
        let left = isEmpty ? room + header : room
        guard tailHeight > left + 0.001 else { return }
        let last = pages[pages.count - 1]
        let moved = last.last ?? []
        let height = moved.reduce(0) { $0 + $1.height }
        breakPage()
        guard last.count > 1, height + tailHeight <= roomOfFreshPage else { return }
        pages[pages.count - 2].removeLast()
        pages[pages.count - 1].append(moved)
        room -= height
    }
}
