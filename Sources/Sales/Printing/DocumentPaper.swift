import Basics
import Core
import Markup

/// A document drawn as a sheet in the page: the same value as its PDF.
struct DocumentPaper {
    let document: PrintedDocument

    init(_ document: PrintedDocument) { self.document = document }

    var sheet: HTML {
        """
        <article class="paper" lang="\(document.language.rawValue)"><div class="hd">\(brand)\
        <div class="ttl"><b>\(document.title)</b><span>\(document.number)</span></div></div>
        <div class="pt">\(party(document.seller))\(party(document.buyer))</div>
        <dl class="facts">\(document.facts, {
            "<div><dt>\($0.label)</dt><dd>\($0.value)</dd></div>"
        })</dl>\(if: !document.subject.isEmpty, "<p><b>\(document.subject)</b></p>")\(table)
        <div class="low">\(vat)<dl class="sums">\(document.sums, {
            "<div class=\"\($0.isTotal ? "big" : "")\"><dt>\($0.label)</dt><dd>\($0.value)</dd></div>"
        })</dl></div>\(message)\(payment)\(acceptance)
        <div class="lgl">\(document.mentions, { "<p>\($0)</p>" })<p class="co">\(document.footer)</p></div></article>
        """
    }

    private var brand: HTML {
        guard document.logo == nil else {
            return "<div class=\"brand\"><img src=\"/logo\" alt=\"\(document.brand)\"></div>"
        }
        return """
            <div class="brand"><span class="logo" aria-hidden="true">\(document.brand.prefix(1).uppercased())</span>\
            \(document.brand)</div>
            """
    }

    private func party(_ party: PrintedDocument.Party) -> HTML {
        """
        <div><h3>\(party.heading)</h3><b>\(party.name)</b>\
        <address>\(party.lines.joined(separator: "\n"))</address>\
        <div class="num">\(party.numbers.joined(separator: "\n"))</div></div>
        """
    }

    private var table: HTML {
        let columns = document.columns
        return """
            <table class="pl"><thead><tr><th scope="col">\(columns.label)</th>\
            <th scope="col" class="n">\(columns.quantity)</th><th scope="col" class="n">\(columns.price)</th>\
            \(columns.discount.map { "<th scope=\"col\" class=\"n\">\($0)</th>" as HTML })\
            \(columns.vat.map { "<th scope=\"col\" class=\"n\">\($0)</th>" as HTML })\
            <th scope="col" class="n">\(columns.net)</th></tr></thead><tbody>\(document.lines, row)</tbody></table>
            """
    }

    private var width: Int {
        4 + (document.columns.discount == nil ? 0 : 1) + (document.columns.vat == nil ? 0 : 1)
    }

    private func row(_ line: PrintedDocument.Line) -> HTML {
        switch line {
        case .section(let title):
            "<tr class=\"g\"><th scope=\"rowgroup\" colspan=\"\(width)\">\(title)</th></tr>"
        case .text(let text): "<tr class=\"txt\"><td colspan=\"\(width)\">\(text)</td></tr>"
        case .item(let item): row(item)
        }
    }

    private func row(_ item: PrintedDocument.Item) -> HTML {
        let discount: HTML =
            document.columns.discount == nil ? .empty : "<td class=\"n r\">\(item.discount)</td>"
        let vat: HTML =
            document.columns.vat == nil ? .empty : "<td class=\"n v\">\(item.vat)</td>"
        return """
            <tr><td class="d"><b>\(item.label)</b>\
            \(if: !item.description.isEmpty, "<small>\(item.description)</small>")</td>\
            <td class="n q">\(item.quantity)</td><td class="n p">\(item.price)</td>\
            \(discount)\(vat)<td class="n t">\(item.net)</td></tr>
            """
    }

    private var vat: HTML {
        guard !document.vatLines.isEmpty else { return "<div></div>" }
        return """
            <table class="vat"><thead><tr>\(document.vatColumns, { "<th scope=\"col\">\($0)</th>" })</tr></thead>\
            <tbody>\(document.vatLines, {
                "<tr><th scope=\"row\">\($0.rate)</th><td>\($0.base)</td><td>\($0.vat)</td></tr>"
            })</tbody></table>
            """
    }

    private var message: HTML {
        document.message.isEmpty ? .empty : "<p class=\"pre\">\(document.message)</p>"
    }

    private var payment: HTML {
        guard let payment = document.payment else { return .empty }
        return """
            <div class="pay"><div><h3>\(payment.heading)</h3><dl>\(payment.rows, {
                "<dt>\($0.label)</dt><dd>\($0.value)</dd>"
            })</dl></div></div>
            """
    }

    private var acceptance: HTML {
        guard let acceptance = document.acceptance else { return .empty }
        return """
            <div class="pay"><div><h3>\(acceptance.heading)</h3><p>\(acceptance.text)</p></div></div>
            """
    }
}
