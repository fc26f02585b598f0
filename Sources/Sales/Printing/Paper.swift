import Basics
import Core
import Drawing
import Markup

/// A printed document as a sheet in a page: the same words as its PDF.
struct Paper {
    let printed: PrintedDocument
    /// Where the logo is; nil without one.
    let logoAddress: String?

    init(_ printed: PrintedDocument, logoAddress: String?) {
        self.printed = printed
        self.logoAddress = printed.logo == nil ? nil : logoAddress
    }

    private var say: Language { printed.language }

    var html: HTML {
        """
        <article class="paper\(look)" lang="\(say.rawValue)" aria-label="\(printed.fullTitle)">\(head)
        <div class="pt">\(party(printed.seller))\(party(printed.buyer))</div>
        \(facts)\(subject)\(words(printed.opening))\(table)
        <div class="low">\(vat)\(sums)</div>\(printed.layout.shownBlocks.map(block).joined())\(foot)</article>
        """
    }

    /// Classes of the style sheet for what a layout chooses beside words and blocks.
    private var look: String {
        let layout = printed.layout
        return (layout.typeface == .serif ? " serif" : "")
            + (layout.logoSide == .right ? " mirrored" : "")
            + (layout.density == .compact ? " dense" : "")
            + (layout.table == .filled ? " filled" : "")
    }

    private func block(_ block: DocumentLayout.Block) -> HTML {
        switch block {
        case .payment: payment
        case .acceptance: acceptance
        case .closing: words(printed.closing)
        case .mentions: mentions
        }
    }

    private func words(_ text: String) -> HTML {
        text.isEmpty ? .empty : "<p class=\"wds\">\(text)</p>"
    }

    private var head: HTML {
        let brand: HTML =
            logoAddress.map { "<img src=\"\($0)\" alt=\"\(printed.brand)\">" }
                ?? """
                <span class="logo" aria-hidden="true">\(printed.brand.prefix(1).uppercased())</span>\(printed.brand)
                """
        return """
            <div class="hd"><div class="brand">\(brand)</div><div class="ttl"><b>\(printed.title)</b>\
            <span>\(printed.number.isEmpty ? printed.draftMark ?? "" : printed.number)</span></div></div>
            """
    }

    private func party(_ party: PrintedDocument.Party) -> HTML {
        """
        <div><h3>\(party.heading)</h3><address><b>\(party.name)</b>\(party.lines, { "<br>\($0)" })</address>\
        \(if: !party.numbers.isEmpty, "<div class=\"num\">\(party.numbers.joined(separator: "\n"))</div>")</div>
        """
    }

    private var facts: HTML {
        """
        <dl class="facts">\(printed.facts, {
            "<div><dt>\($0.label)</dt><dd>\($0.value)</dd></div>"
        })</dl>
        """
    }

    private var subject: HTML {
        printed.subject.isEmpty ? .empty : "<p class=\"sbj\"><b>\(printed.subject)</b></p>"
    }

    private var table: HTML {
        """
        <table class="pl" role="table" aria-label="\(say("Lignes", "Lines"))"><thead role="rowgroup"><tr role="row">\
        \(printed.columns, {
            "<th role=\"columnheader\" scope=\"col\" class=\"\($0.kind.isNumber ? "n" : "")\">\($0.title)</th>"
        })\
        </tr></thead><tbody role="rowgroup">\(printed.lines, line)\(message)</tbody></table>
        """
    }

    private var message: HTML { printed.message.isEmpty ? .empty : text(printed.message) }

    private func line(_ line: PrintedDocument.Line) -> HTML {
        switch line {
        case .section(let title):
            """
            <tr class="g" role="row"><th colspan="\(printed.columns.count)" scope="colgroup" role="cell">\(title)</th></tr>
            """
        case .text(let words): text(words)
        case .item(let item): row(item)
        }
    }

    private func text(_ words: String) -> HTML {
        """
        <tr class="txt" role="row"><td colspan="\(printed.columns.count)" role="cell">\(words)</td></tr>
        """
    }

    private func row(_ item: PrintedDocument.Item) -> HTML {
        """
        <tr role="row">\(printed.columns, { column in
            column.kind == .label
                ? """
                <td role="cell" class="d"><b>\(item.label)</b>\
                \(if: !item.description.isEmpty, "<small>\(item.description)</small>")</td>
                """
                : """
                <td role="cell" class="\(column.kind.cssClass)">\(item.cells[column.kind] ?? "")</td>
                """ as HTML
        })</tr>
        """
    }

    private var vat: HTML {
        guard !printed.vatLines.isEmpty else { return "<div></div>" }
        return """
            <table class="vat"><caption class="sr">\(say("Détail de la TVA", "VAT breakdown"))</caption><thead><tr>\
            \(printed.vatColumns, { "<th scope=\"col\">\($0)</th>" })</tr></thead><tbody>\
            \(printed.vatLines, {
                "<tr><th scope=\"row\">\($0.rate)</th><td>\($0.base)</td><td>\($0.vat)</td></tr>"
            })</tbody></table>
            """
    }

    private var sums: HTML {
        """
        <dl class="sums">\(printed.sums, { sum in
            "<div\(attribute: "class", sum.isTotal ? "big" : nil)><dt>\(sum.label)</dt><dd>\(sum.value)</dd></div>"
        })</dl>
        """
    }

    private var payment: HTML {
        guard let payment = printed.payment else { return .empty }
        let code = payment.code.flatMap { try? QRCode($0) }
        return """
            <div class="pay">\(code.map(drawing))<div><h3 class="wds">\(payment.heading)</h3>\
            \(if: !payment.rows.isEmpty, """
                <dl>\(payment.rows, { "<dt>\($0.label)</dt><dd>\($0.value)</dd>" })</dl>
                """)</div></div>
            """
    }

    private func drawing(_ code: QRCode) -> HTML {
        let path = (0..<code.size).flatMap { row in
            code.runs(row: row).map { run in
                "M\(run.lowerBound) \(row)h\(run.count)v1h-\(run.count)z"
            }
        }.joined()
        return """
            <svg viewBox="-1 -1 \(code.size + 2) \(code.size + 2)" role="img" shape-rendering="crispEdges" \
            aria-label="\(say("QR code de virement", "Bank transfer QR code"))"><path fill="currentColor" d="\(path)"/></svg>
            """
    }

    private var acceptance: HTML {
        guard let acceptance = printed.acceptance else { return .empty }
        return """
            <div class="pay sign"><div><h3>\(acceptance.heading)</h3><p>\(acceptance.text)</p></div></div>
            """
    }

    private var mentions: HTML {
        printed.mentions.isEmpty
            ? .empty
            : "<div class=\"lgl\"><p>\(printed.mentions.joined(separator: " "))</p></div>"
    }

    private var foot: HTML {
        "<div class=\"lgl\"><p class=\"co\">\(printed.footer)</p></div>"
    }
}

extension PrintedDocument.Column.Kind {
    /// Where a narrow screen puts the cell, by the style sheet's letters.
    fileprivate var cssClass: String {
        switch self {
        case .label: "d"
        case .position: "n i"
        case .quantity: "n q"
        case .unit: "u"
        case .price: "n p"
        case .discount: "n r"
        case .vat: "n v"
        case .net, .balance: "n t"
        case .day: "dy"
        case .reference: "rf"
        case .debit, .credit: "n m"
        }
    }
}

/// The sheet with the frame that it lies in.
struct PaperDesk {
    let paper: Paper
    let title: String
    /// Where its PDF is.
    let pdfAddress: String
    let request: Request

    var html: HTML {
        let (say, icon) = (request.say, request.icon)
        return """
            <section class="desk a-doc" aria-labelledby="h-doc"><header><h2 id="h-doc">\(title)</h2><span class="sp"></span>\
            <a class="btn g sm sq hide-m" href="\(pdfAddress)" target="_blank" rel="noopener" \
            aria-label="\(say("Ouvrir le PDF dans un onglet", "Open the PDF in a tab"))">\(icon("external-link"))</a>\
            </header><div class="mat">\(paper.html)</div></section>
            """
    }
}
