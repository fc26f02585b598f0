import Basics
import Core
import Drawing

/// Draws a document as its layout says. The same document gives the same bytes.
struct DocumentPDF {
    let printed: PrintedDocument
    let document: PDFDocument
    let logo: Image?
    let accent: Color
    let sheet: DocumentSheet

    static func bytes(of printed: PrintedDocument) throws -> [UInt8] {
        try DocumentPDF(printed, as: .pdf).bytes()
    }

    /// - Parameter output: the file, or a picture of its first pages.
    init(_ printed: PrintedDocument, as output: PDFDocument.Output) throws {
        self.printed = printed
        sheet = DocumentSheet(printed.layout)
        document = try PDFDocument(
            title: printed.fullTitle, author: printed.brand, subject: printed.subject,
            language: printed.language.rawValue,
            fonts: DocumentFonts.set(of: printed.layout.typeface), pageSize: sheet.size,
            createdAt: printed.settledAtSeconds.map(Int64.init), as: output)
        // A logo that cannot be read must not keep an invoice from being printed.
        logo = printed.logo.flatMap { try? Image(png: $0, isKept: true) }
        accent = Color(hex: printed.accentColor) ?? .ink
    }

    func bytes() throws -> [UInt8] {
        let tail = tailBlocks
        let headHeight = measureHead()
        let layout = tableLayout(top: headHeight)
        let tailHeight = tail.reduce(0) { $0 + $1.gap + $1.height }
        let plan = layout.plan(
            tableRows, tailHeight: tailHeight, measuring: document)
        layout.draw(plan, in: document) { document, page in
            drawFrame(page)
            if page.isFirst { drawHead() } else { drawRunningHead() }
        } tail: { document, top in
            drawTail(tail, from: top)
        }
        return try document.finish()
    }

    /// Totals follow their lines; a short document may leave the foot of the page empty.
    private func drawTail(_ blocks: [Block], from top: Double) {
        var y = top
        for block in blocks {
            y += block.gap
            if block.standsAtFoot { y = max(y, sheet.bottom - block.height) }
            block.draw(y)
            y += block.height
        }
    }

    /// A part of the closing block, measured before it is drawn.
    struct Block {
        var gap: Double
        var height: Double
        var standsAtFoot = false
        var draw: (Double) -> Void
    }
}

/// The fonts of all documents, read from the disk once.
enum DocumentFonts {
    static let sans = Result { () throws(DrawingError) in try FontSet.liberationSans() }
    private static let serif = Result { () throws(DrawingError) in try FontSet.liberationSerif() }
    private static let modern = Result { () throws(DrawingError) in try FontSet.lato() }

    /// Where the chosen one is not installed, a document is still drawn.
    static func set(of typeface: DocumentLayout.Typeface) throws -> FontSet {
        switch typeface {
        case .sans: try sans.get()
        case .serif: try serif.get()
        case .modern: try (try? modern.get()) ?? sans.get()
        }
    }
}

/// Measures of the sheet, in points, and the styles of its texts.
struct DocumentSheet {
    let size: PageSize
    let left = 50.0
    /// Where a following page begins under its running head.
    let nextTop = 84.0
    /// How much smaller texts of lines are than in an airy document.
    let isCompact: Bool

    var right: Double { size.width - 50 }
    var width: Double { size.width - 100 }
    /// The foot of the text; the footer stands below.
    var bottom: Double { size.height - 68 }
    var footer: Double { size.height - 55 }

    let title = TextStyle(size: 23, weight: .bold, alignment: .right)
    let number = TextStyle(size: 10.5, color: .grey, alignment: .right)
    let brand = TextStyle(size: 15, weight: .bold)
    let label = TextStyle(size: 7.5, weight: .semibold, color: .grey, tracking: 0.2)
    let name = TextStyle(size: 10.5, weight: .semibold, lineGap: 1)
    let body = TextStyle(size: 9, lineGap: 2)
    let quiet = TextStyle(size: 9, color: .grey, lineGap: 2)
    let value = TextStyle(size: 9.5, weight: .semibold)
    let subject = TextStyle(size: 11, weight: .semibold)
    let total = TextStyle(size: 13, weight: .bold)
    let small = TextStyle(size: 7.5, color: .grey, lineGap: 1.5)
    let mark = TextStyle(
        size: 74, weight: .bold, color: Color(red: 0.945, green: 0.948, blue: 0.955),
        alignment: .center)

    init(_ layout: DocumentLayout) {
        size = layout.paper == .letter ? .letter : .a4
        isCompact = layout.density == .compact
    }

    /// The text of a line.
    var line: TextStyle { TextStyle(size: isCompact ? 8.5 : 9, lineGap: isCompact ? 0 : 1) }
    var rowPadding: Double { isCompact ? 3.5 : 6.5 }
}
