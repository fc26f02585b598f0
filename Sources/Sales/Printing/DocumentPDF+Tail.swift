import Basics
import Drawing

// What stands under the lines: VAT and totals, how to pay or accept, and what the law asks to say.
extension DocumentPDF {
    private static let vatWidth = 226.0
    private static let sumsWidth = 216.0
    private static let rowHeight = 16.5
    private static let totalHeight = 27.0
    private static let qrSide = 64.0

    var tailBlocks: [Block] {
        [totalsBlock] + printed.layout.shownBlocks.compactMap(block)
    }

    private func block(_ block: DocumentLayout.Block) -> Block? {
        switch block {
        case .payment: printed.payment.map(paymentBlock)
        case .acceptance: printed.acceptance.map(acceptanceBlock)
        case .closing: printed.closing.isEmpty ? nil : closingBlock
        case .mentions: printed.mentions.isEmpty ? nil : mentionsBlock
        }
    }

    private var closingBlock: Block {
        let size = document.measure(printed.closing, width: sheet.width, style: sheet.body)
        return Block(gap: 18, height: size.height) { top in
            document.text(
                printed.closing, x: sheet.left, y: top, width: sheet.width, style: sheet.body)
        }
    }

    private var totalsBlock: Block {
        let sums = printed.sums.reduce(0) {
            $0 + ($1.isTotal ? Self.totalHeight : Self.rowHeight)
        }
        let vat =
            printed.vatLines.isEmpty
            ? 0 : Double(printed.vatLines.count + 1) * Self.rowHeight
        return Block(gap: 16, height: max(sums, vat)) { top in
            drawVAT(at: top)
            drawSums(at: top)
        }
    }

    private func drawVAT(at top: Double) {
        guard !printed.vatLines.isEmpty else { return }
        let widths = [96.0, 65, 65]
        func row(_ texts: [String], _ y: Double, _ style: TextStyle) {
            var x = sheet.left
            for (index, text) in texts.enumerated() {
                document.text(
                    text, x: x, y: y, width: widths[index],
                    style: index == 0 ? style : style.aligned(.right), maxLines: 1)
                x += widths[index]
            }
        }
        row(printed.vatColumns, top + 2, sheet.label)
        for (index, line) in printed.vatLines.enumerated() {
            let y = top + Double(index + 1) * Self.rowHeight
            document.line(
                from: (sheet.left, y - 2), to: (sheet.left + Self.vatWidth, y - 2), width: 0.5)
            row([line.rate, line.base, line.vat], y + 1.5, TextStyle(size: 8.5))
        }
    }

    private func drawSums(at top: Double) {
        let x = sheet.right - Self.sumsWidth
        var y = top
        for sum in printed.sums {
            let style = sum.isTotal ? sheet.total : TextStyle(size: 9.5)
            if sum.isTotal {
                document.line(
                    from: (x, y + 3), to: (sheet.right, y + 3), width: 1.4,
                    color: printed.layout.accent == .none ? .ink : accent)
                y += 10
            }
            let label = document.measure(sum.label, style: style).width
            document.text(sum.label, x: x, y: y, width: label + 2, style: style, maxLines: 1)
            document.text(
                sum.value, x: x + label + 6, y: y, width: Self.sumsWidth - label - 6,
                style: style.aligned(.right), maxLines: 1)
            y += sum.isTotal ? Self.totalHeight - 10 : Self.rowHeight
        }
    }

    private func paymentBlock(_ payment: PrintedDocument.Payment) -> Block {
        let hasCode = payment.code != nil
        let text = 3 + payment.headingHeight + Double(payment.rows.count) * 13
        let height = max(hasCode ? Self.qrSide : 0, text) + 22
        guard !payment.rows.isEmpty else {
            return Block(gap: 18, height: payment.headingHeight) { top in
                document.text(
                    payment.heading, x: sheet.left, y: top, width: sheet.width,
                    style: sheet.value, maxLines: 2)
            }
        }
        return Block(gap: 20, height: height) { top in
            document.rectangle(
                x: sheet.left, y: top, width: sheet.width, height: height,
                stroke: (.hairline, 0.8), radius: 6)
            var x = sheet.left + 14
            if let code = payment.code {
                // The text of a code is shorter than any limit, so drawing it cannot fail.
                try? document.qrCode(
                    code, x: x, y: top + (height - Self.qrSide) / 2, side: Self.qrSide)
                x += Self.qrSide + 18
            }
            drawPayment(payment, x: x, y: top + (height - text) / 2)
        }
    }

    private func drawPayment(_ payment: PrintedDocument.Payment, x: Double, y: Double) {
        document.text(
            payment.heading, x: x, y: y, width: sheet.right - x - 12, style: sheet.value,
            maxLines: 2)
        for (index, row) in payment.rows.enumerated() {
            let y = y + 5 + payment.headingHeight + Double(index) * 13
            document.text(row.label, x: x, y: y, width: 50, style: sheet.quiet, maxLines: 1)
            document.text(
                row.value, x: x + 52, y: y, width: sheet.right - x - 64, style: sheet.body,
                maxLines: 1)
        }
    }

    private func acceptanceBlock(_ acceptance: PrintedDocument.Acceptance) -> Block {
        let (width, height) = (260.0, 96.0)
        let x = sheet.right - width
        return Block(gap: 20, height: height) { top in
            document.rectangle(
                x: x, y: top, width: width, height: height, stroke: (.hairline, 0.8), radius: 6)
            document.text(
                acceptance.heading, x: x + 14, y: top + 11, width: width - 28,
                style: sheet.value, maxLines: 1)
            document.text(
                acceptance.text, x: x + 14, y: top + 26, width: width - 28, style: sheet.small,
                maxLines: 3)
        }
    }

    private var mentionsBlock: Block {
        let text = printed.mentions.joined(separator: " ")
        let size = document.measure(text, width: sheet.width, style: sheet.small)
        let isLast = printed.layout.shownBlocks.last == .mentions
        return Block(gap: 16, height: size.height, standsAtFoot: isLast) { top in
            document.text(text, x: sheet.left, y: top, width: sheet.width, style: sheet.small)
        }
    }
}

extension PrintedDocument.Payment {
    /// One line a language, in points.
    fileprivate var headingHeight: Double { heading.contains("\n") ? 26 : 13 }
}
