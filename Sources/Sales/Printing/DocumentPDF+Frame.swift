import Basics
import Drawing

// What every page has: the accent at its top, the mark of a draft, the footer with its number.
extension DocumentPDF {
    private static let accentHeight = 5.0
    private static let markTop = 360.0

    func drawFrame(_ page: TableLayout.PageNumber) {
        document.rectangle(
            x: 0, y: 0, width: document.pageSize.width, height: Self.accentHeight, fill: accent)
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

    func drawRunningHead() {
        document.text(
            printed.brand, x: sheet.left, y: 42, width: 240, style: sheet.value, maxLines: 1)
        document.text(
            printed.fullTitle, x: sheet.right - 240, y: 42, width: 240,
            style: sheet.quiet.aligned(.right), maxLines: 1)
        line(at: 62)
    }
}
