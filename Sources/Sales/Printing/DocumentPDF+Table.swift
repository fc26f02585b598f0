import Basics
import Drawing

// The lines of the document.
extension DocumentPDF {
    /// Beneath this a column of words is no longer read.
    private static let leastLabelWidth = 150.0
    private static let cellPadding = 5.0

    func tableLayout(top: Double) -> TableLayout {
        var style = TableLayout.Style()
        style.text = TextStyle(size: 9, lineGap: 1)
        style.note = TextStyle(size: 8.5, color: .grey, italic: true, lineGap: 1)
        style.heading = TextStyle(size: 9.5, weight: .bold)
        style.rowPadding = 6.5
        style.paragraphGap = 2
        style.cellPadding = Self.cellPadding
        return TableLayout(
            x: sheet.left, columns: columns, firstTop: top, nextTop: sheet.nextTop - 14,
            bottom: sheet.bottom, style: style)
    }

    var tableRows: [TableLayout.Row] {
        let rows = printed.lines.map { line -> TableLayout.Row in
            switch line {
            case .section(let title): .heading(title)
            case .text(let text): .text(text)
            case .item(let item): .cells(cells(item))
            }
        }
        return printed.message.isEmpty ? rows : rows + [.text(printed.message)]
    }

    private func cells(_ item: PrintedDocument.Item) -> [TableLayout.Cell] {
        var cells = [
            TableLayout.Cell([
                .init(item.label, style: TextStyle(size: 9, weight: .semibold)),
                .init(item.description, style: TextStyle(size: 8, color: .grey, lineGap: 1)),
            ]),
            TableLayout.Cell(item.quantity), TableLayout.Cell(item.price),
        ]
        if printed.columns.discount != nil { cells.append(TableLayout.Cell(item.discount)) }
        if printed.columns.vat != nil { cells.append(TableLayout.Cell(item.vat)) }
        return cells + [TableLayout.Cell(item.net)]
    }

    /// Columns of numbers are as wide as their widest number; words take the rest.
    private var columns: [TableLayout.Column] {
        let items = printed.lines.compactMap { line in
            if case .item(let item) = line { item } else { nil }
        }
        var numbers: [(title: String, texts: [String])] = [
            (printed.columns.quantity, items.map(\.quantity)),
            (printed.columns.price, items.map(\.price)),
        ]
        if let title = printed.columns.discount { numbers.append((title, items.map(\.discount))) }
        if let title = printed.columns.vat { numbers.append((title, items.map(\.vat))) }
        numbers.append((printed.columns.net, items.map(\.net)))
        let widths = numbers.map { width($0.title, $0.texts) }
        let most = sheet.width - Self.leastLabelWidth
        let sum = widths.reduce(0, +)
        let scale = sum > most ? most / sum : 1
        let columns = zip(numbers, widths).map {
            TableLayout.Column($0.title, width: $1 * scale, alignment: .right)
        }
        let rest = sheet.width - min(sum, most)
        return [TableLayout.Column(printed.columns.label, width: rest)] + columns
    }

    private func width(_ title: String, _ texts: [String]) -> Double {
        let header = TableLayout.Style().header
        let cell = TextStyle(size: 9)
        let longest = texts.max { $0.count < $1.count } ?? ""
        let widest = max(
            document.measure(title, style: header).width,
            document.measure(longest, style: cell).width)
        return widest + 2 * Self.cellPadding + 8
    }
}
