import Basics
import Drawing

// The lines of the document.
extension DocumentPDF {
    /// Beneath this a column of words is no longer read.
    private static let leastLabelWidth = 150.0
    private static let cellPadding = 5.0

    func tableLayout(top: Double) -> TableLayout {
        var style = TableLayout.Style()
        style.text = sheet.line
        style.note = TextStyle(size: 8.5, color: .grey, italic: true, lineGap: 1)
        style.heading = TextStyle(size: 9.5, weight: .bold)
        style.rowPadding = sheet.rowPadding
        style.paragraphGap = 2
        style.cellPadding = Self.cellPadding
        if printed.layout.table == .filled {
            style.headerFill = accent.tint
            style.headerRule = nil
            style.header = Self.filledHeader
        }
        return TableLayout(
            x: sheet.left, columns: columns, firstTop: top, nextTop: sheet.nextTop - 14,
            bottom: sheet.bottom, style: style)
    }

    private static let filledHeader = TextStyle(
        size: 7.5, weight: .semibold, color: .ink, tracking: 0.3)

    var tableRows: [TableLayout.Row] {
        let rows = printed.lines.map { line -> TableLayout.Row in
            switch line {
            case .section(let title): .heading(title)
            case .text(let text): .text(text)
            case .item(let item): .cells(cells(item))
            }
        }
        return rows + (printed.message.isEmpty ? [] : [.text(printed.message)])
    }

    private func cells(_ item: PrintedDocument.Item) -> [TableLayout.Cell] {
        printed.columns.map { column in
            guard column.kind == .label else {
                return TableLayout.Cell(item.cells[column.kind] ?? "")
            }
            return TableLayout.Cell([
                .init(item.label, style: label),
                .init(
                    item.description, style: TextStyle(size: 8, color: .grey, lineGap: 1)),
            ])
        }
    }

    private var label: TextStyle { TextStyle(size: sheet.line.size, weight: .semibold) }

    /// Columns of numbers are as wide as their widest number; words take the rest.
    private var columns: [TableLayout.Column] {
        let items = printed.lines.compactMap { line in
            if case .item(let item) = line { item } else { nil }
        }
        let widths = printed.columns.map { column in
            column.kind == .label
                ? 0 : width(column.title, items.map { $0.cells[column.kind] ?? "" })
        }
        let most = sheet.width - Self.leastLabelWidth
        let sum = widths.reduce(0, +)
        let scale = sum > most ? most / sum : 1
        let rest = sheet.width - min(sum, most)
        return zip(printed.columns, widths).map { column, width in
            TableLayout.Column(
                column.title, width: column.kind == .label ? rest : width * scale,
                alignment: column.kind.isNumber ? .right : .left)
        }
    }

    private func width(_ title: String, _ texts: [String]) -> Double {
        let header = TableLayout.Style().header
        let longest = texts.max { $0.count < $1.count } ?? ""
        let titles = title.split(separator: "\n").map {
            document.measure(String($0), style: header).width
        }
        let widest = max(
            titles.max() ?? 0, document.measure(longest, style: sheet.line).width)
        return widest + 2 * Self.cellPadding + 8
    }
}

extension PrintedDocument.Column.Kind {
    /// Numbers stand at the right of their column.
    var isNumber: Bool {
        switch self {
        case .label, .unit, .day, .reference: false
        case .position, .quantity, .price, .discount, .vat, .net, .debit, .credit, .balance: true
        }
    }
}
