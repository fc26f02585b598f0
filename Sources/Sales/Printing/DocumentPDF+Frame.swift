import Basics
import Drawing

// What every page has: the accent at its top, the mark of a draft, the footer with its number.
extension DocumentPDF {
    private static let accentHeight = 5.0
    private static let markTop = 360.0

    func drawFrame(_ page: TableLayout.PageNumber) {
        drawAccent()
        if let mark = printed.draftMark {
            document.text(
                mark.uppercased(), x: 0, y: Self.markTop, width: document.pageSize.width,
                style: sheet.mark, maxLines: 1)
        }
        line(at: sheet.footer)
        let number = printed.page(page.number, of: page.total)
        document.text(
            number, x: sheet.right - 80, y: sheet.footer + 8, width: 80,
            style: sheet.small.aligned(.right), maxLines: 1)
        document.text(
            printed.footer, x: sheet.left, y: sheet.footer + 8, width: sheet.width - 90,
            style: sheet.small, maxLines: 3)
    }

    private func drawAccent() {
        let size = document.pageSize
        switch printed.layout.accent {
        case .band:
            document.rectangle(
                x: 0, y: 0, width: size.width, height: Self.accentHeight, fill: accent)
        case .side:
            document.rectangle(
                x: 0, y: 0, width: Self.accentHeight, height: size.height, fill: accent)
        case .none: break
        }
    }

    func drawRunningHead() {
        document.text(
            printed.brand, x: sheet.left, y: 42, width: 240, style: sheet.value, maxLines: 1)
        document.text(
            printed.fullTitle, x: sheet.right - 240, y: 42, width: 240,
            style: sheet.quiet.aligned(.right), maxLines: 1)
        line(at: 62)
    }
}
