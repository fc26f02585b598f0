import Basics
import Core
import Markup

/// The lines of an order with what is invoiced of each and what is left, and the totals below.
struct OrderLines {
    let record: OrderRecord
    let request: Request

    init(_ record: OrderRecord, _ request: Request) {
        self.record = record
        self.request = request
    }

    private var say: Language { request.say }
    private var currency: Currency { record.order.currency }

    var card: HTML {
        guard !record.lines.isEmpty else {
            return RecordParts(request).card(
                "lines", Text("Lignes", "Lines"),
                "<div class=\"body\"><p class=\"mut\">\(say("Aucune ligne.", "No line."))</p></div>"
            )
        }
        return RecordParts(request).card(
            "lines", Text("Lignes", "Lines"), sub: invoicedShare,
            """
            <div class="scroll" tabindex="0" role="group" aria-label="\(say("Lignes", "Lines"))">\
            <table class="tbl cards"><thead><tr>\(headings)</tr></thead><tbody>\(record.lines, row)</tbody></table></div>\
            \(totals)
            """)
    }

    /// "40 % facturés"
    private var invoicedShare: String {
        let items = record.lines.filter { $0.kind == .item }
        let whole = items.map { $0.grossAmount(in: currency) }.sum()
        guard whole > .zero else { return "" }
        let taken = items.map {
            $0.invoicedQuantity.times($0.unitPrice, in: currency)
        }.sum()
        let percent = roundedQuotient(Int128(taken.minorUnits) * 100, Int128(whole.minorUnits))
        guard taken > .zero else { return "" }
        return say("\(percent)\u{A0}% facturés", "\(percent)% invoiced")
    }

    private var priceLabel: Text {
        record.lines.pricesIncludeVAT == true
            ? Text("Prix TTC", "Price with VAT") : Text("Prix HT", "Price")
    }

    private func adjustmentRow(_ line: DocumentLine) -> HTML {
        """
        <tr><td class="w" colspan="4">\(line.label)</td>\
        <td class="n k3" data-label="\(say("TVA", "VAT"))">\(line.vatIsSpread ? "" : say.shortRate(line.vat))</td>\
        <td class="n" colspan="2">\(line.percentageText(say))</td>\
        <td class="n amt">\(say.amount(line.netAmount(in: currency), currency))</td></tr>
        """
    }

    private var headings: HTML {
        let names: [(StaticString, Text)] = [
            ("", Text("Désignation", "Description")), ("n", Text("Quantité", "Quantity")),
            ("n", priceLabel), ("n k2", Text("Remise", "Discount")),
            ("n k3", Text("TVA", "VAT")), ("n", Text("Facturé", "Invoiced")),
            ("n", Text("Reste", "Left")), ("n", Text("Net HT", "Net")),
        ]
        return names.map { name, label -> HTML in
            "<th scope=\"col\" class=\"\(name.description)\">\(say(label))</th>"
        }.joined()
    }

    private func row(_ line: DocumentLine) -> HTML {
        switch line.kind {
        case .section:
            "<tr><th scope=\"rowgroup\" colspan=\"8\" class=\"w\">\(line.label)</th></tr>"
        case .text:
            "<tr><td colspan=\"8\" class=\"w mut\">\(line.label) \(line.description)</td></tr>"
        case .item: itemRow(line)
        case .allowance, .charge: adjustmentRow(line)
        }
    }

    private func itemRow(_ line: DocumentLine) -> HTML {
        let left = line.quantity - line.invoicedQuantity
        let discount: String =
            switch line.discount {
            case .none: ""
            case .percent(let percentage): "\u{2212}" + say.percentage(percentage)
            case .amount(let amount): say.amount(-amount, currency)
            }
        let unit = Unit(rawValue: line.unit).map { $0.counted(line.quantity, in: say) } ?? line.unit
        let invoiced = line.invoicedQuantity == .zero ? "—" : say.quantity(line.invoicedQuantity)
        let progress = line.invoicedShare
        return """
            <tr><td class="w">\(line.label)\(if: !line.description.isEmpty, "<small>\(line.description)</small>")</td>
            <td class="n" data-label="\(say("Quantité", "Quantity"))">\(say.quantity(line.quantity)) \(unit)</td>
            <td class="n" data-label="\(say(priceLabel))">\(say.price(line.unitPrice, currency))</td>
            <td class="n k2"\(attribute: "data-label", discount.isEmpty ? nil : say("Remise", "Discount"))>\(discount)</td>
            <td class="n k3" data-label="\(say("TVA", "VAT"))">\(say.shortRate(line.vat))</td>
            <td class="n" data-label="\(say("Facturé", "Invoiced"))">\(invoiced)\(if: progress > .zero && progress < .whole, "<small>\(say.percentage(progress))</small>")</td>
            <td class="n" data-label="\(say("Reste", "Left"))">\(left == .zero ? "—" : say.quantity(left))</td>
            <td class="n amt">\(say.amount(line.netAmount(in: currency), currency))</td></tr>
            """
    }

    private var totals: HTML {
        let totals = record.totals
        func sum(_ label: Text, _ amount: Amount) -> HTML {
            """
            <div class="r"><dt>\(say(label))</dt><dd>\(say.money(amount, currency))</dd></div>
            """
        }
        return """
            <div class="tot">\(Calculations.link(record.order.path, request))<dl>\(sum(Text("Total HT", "Net"), totals.net))\
            \(totals.vatRows.filter { $0.vat > .zero }, { row in
                let rate = say.percentage(row.rate.percentage)
                return sum(Text("TVA \(rate)", "VAT \(rate)"), row.vat)
            })<div class="grand"><dt>\(say("Total TTC", "Total"))</dt>\
            <dd>\(say.money(totals.gross, currency))</dd></div></dl></div>
            """
    }
}
