/// A table that runs over as many pages as it needs: header repeated, rows whole, and a closing
/// block (totals, payment) kept together.
///
/// `plan` measures and breaks into pages; `draw` draws a plan. The plan knows how many pages there
/// are, so that each can say "page 2 / 3".
public struct TableLayout: Sendable {
    /// Left edge of the table, in points.
    public var x: Double
    public var columns: [Column]
    /// Where the table begins on the first page and on the others (the top of its header).
    public var firstTop: Double, nextTop: Double
    /// No row or closing block goes below this.
    public var bottom: Double
    public var style: Style

    public struct Column: Sendable {
        public var title: String
        /// Points, padding included.
        public var width: Double
        public var alignment: Alignment
        public init(_ title: String, width: Double, alignment: Alignment = .left) {
            self.title = title
            self.width = width
            self.alignment = alignment
        }
    }

    /// A run of text in a cell; each begins on a line of its own.
    public struct Paragraph: Sendable {
        public var text: String
        /// nil takes the table's text style.
        public var style: TextStyle?
        public init(_ text: String, style: TextStyle? = nil) {
            self.text = text
            self.style = style
        }
    }

    public struct Cell: Sendable {
        public var paragraphs: [Paragraph]
        public init(_ text: String, style: TextStyle? = nil) {
            paragraphs = text.isEmpty ? [] : [Paragraph(text, style: style)]
        }
        public init(_ paragraphs: [Paragraph]) {
            self.paragraphs = paragraphs.filter { !$0.text.isEmpty }
        }
    }

    public enum Row: Sendable {
        /// One cell a column; missing cells are blank and supernumerary ones are not drawn.
        case cells([Cell])
        /// A title over the whole width, which never stands alone at the foot of a page.
        case heading(String)
        /// Free text over the whole width.
        case text(String)
    }

    public struct Style: Sendable {
        public var text = TextStyle()
        public var heading = TextStyle(size: 9.5, weight: .semibold)
        public var note = TextStyle(size: 8.5, color: .grey)
        public var header = TextStyle(size: 7.5, weight: .semibold, color: .grey, tracking: 0.3)
        /// Behind the header; nil leaves paper.
        public var headerFill: Color?
        /// Under the header.
        public var headerRule: Color? = .ink
        /// Under each row.
        public var rowRule: Color? = .hairline
        /// Points above and below the text of a row.
        public var rowPadding = 6.0
        /// Points between two paragraphs of a cell.
        public var paragraphGap = 1.5
        /// Points left and right of the text of a cell. The outermost edges have none unless the
        /// header is filled, so that text stands flush with what is above and below the table.
        public var cellPadding = 5.0
        public init() {}
    }

    /// Which page is being drawn, for "page 2 / 3".
    public struct PageNumber: Sendable, Equatable {
        public let number: Int, total: Int
        public var isFirst: Bool { number == 1 }
        public var isLast: Bool { number == total }
    }

    public init(
        x: Double, columns: [Column], firstTop: Double, nextTop: Double, bottom: Double,
        style: Style = Style()
    ) {
        self.x = x
        self.columns = columns
        self.firstTop = firstTop
        self.nextTop = nextTop
        self.bottom = bottom
        self.style = style
    }

    /// The sum of the columns, in points.
    public var width: Double { columns.reduce(0) { $0 + $1.width } }

    /// Draws a plan, beginning each page it needs.
    /// - Parameters:
    ///   - page: draws what surrounds the table (header and footer) on each page.
    ///   - tail: draws the closing block; it gets the top of the room kept for it.
    public func draw(
        _ plan: Plan, in document: PDFDocument,
        page: (PDFDocument, PageNumber) -> Void = { _, _ in },
        tail: (PDFDocument, _ top: Double) -> Void = { _, _ in }
    ) {
        for (index, content) in plan.pages.enumerated() {
            document.beginPage()
            page(document, PageNumber(number: index + 1, total: plan.pages.count))
            var y = top(ofPage: index)
            if !content.isEmpty { y += drawHeader(at: y, in: document) }
            for row in content {
                draw(row, at: y, in: document)
                y += row.height
            }
            if index == plan.pages.count - 1 { tail(document, y) }
        }
    }

    func top(ofPage index: Int) -> Double { index == 0 ? firstTop : nextTop }

    /// The boxes of the columns' text: left edge and width.
    func boxes() -> [(x: Double, width: Double)] {
        var left = x
        return columns.enumerated().map { index, column in
            defer { left += column.width }
            let isFlushLeft = index == 0 && style.headerFill == nil
            let isFlushRight = index == columns.count - 1 && style.headerFill == nil
            let before = isFlushLeft ? 0 : style.cellPadding
            let after = isFlushRight ? 0 : style.cellPadding
            return (left + before, max(column.width - before - after, 1))
        }
    }

    func headerHeight(in document: PDFDocument) -> Double {
        let heights = zip(columns, boxes()).map { column, box in
            document.measure(column.title, width: box.width, style: style.header).height
        }
        return (heights.max() ?? 0) + 2 * style.rowPadding
    }

    private func drawHeader(at y: Double, in document: PDFDocument) -> Double {
        let height = headerHeight(in: document)
        if let fill = style.headerFill {
            document.rectangle(x: x, y: y, width: width, height: height, fill: fill)
        }
        for (column, box) in zip(columns, boxes()) {
            let style = style.header.aligned(column.alignment)
            // Titles of one and of two lines stand on the same foot.
            let used = document.measure(column.title, width: box.width, style: style).height
            document.text(
                column.title, x: box.x, y: y + height - self.style.rowPadding - used,
                width: box.width, style: style)
        }
        if let rule = style.headerRule {
            document.line(
                from: (x, y + height), to: (x + width, y + height), width: 0.8, color: rule)
        }
        return height
    }

    private func draw(_ row: Plan.MeasuredRow, at y: Double, in document: PDFDocument) {
        for text in row.texts {
            document.text(
                text.string, x: text.x, y: y + text.offset, width: text.width, style: text.style)
        }
        if row.hasRule, let rule = style.rowRule {
            let foot = y + row.height
            document.line(from: (x, foot), to: (x + width, foot), width: 0.5, color: rule)
        }
    }
}
