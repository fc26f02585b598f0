import Basics
import Core
import EInvoice
import Markup

/// What is to be said against an invoice: sums that come out otherwise, rules that it breaks.
struct ReceivedVerdict {
    let verdict: InvoiceVerdict
    let invoice: ReceivedInvoice
    let request: Request

    /// Of each kind as many are shown; the rest is counted.
    private static let most = 50

    init(_ verdict: InvoiceVerdict, _ invoice: ReceivedInvoice, _ request: Request) {
        self.verdict = verdict
        self.invoice = invoice
        self.request = request
    }

    private var say: Language { request.say }

    var card: HTML {
        let isFine = verdict.breaches.isEmpty && verdict.differences.isEmpty
        let body: HTML = isFine ? fine : differences + breaches
        return RecordParts(request).card(
            "verdict", Text("Contrôle", "Check"), sub: verdict.rules, body)
    }

    private var fine: HTML {
        """
        <div class="body"><p class="note">\(request.icon("shield-check"))<span>\(say(
            "Les montants se recalculent au centime près et aucune règle n’est enfreinte.",
            "The amounts come out to the cent and no rule is broken."))</span></p></div>
        """
    }

    private func say(_ text: Bilingual) -> String { say(text.french, text.english) }

    private func place(_ place: Breach.Place) -> String {
        place.label.map { ", " + say($0) } ?? ""
    }

    private var differences: HTML {
        guard !verdict.differences.isEmpty else { return .empty }
        let rows = verdict.differences.prefix(Self.most)
        return """
            <div class="body"><p>\(say(
                "Ces montants ne se recalculent pas. Ils sont gardés tels qu’ils sont écrits.",
                "These amounts do not come out. They are kept as they are written."))</p></div>
            <div class="scroll"><table class="tbl"><thead><tr><th scope="col">\(say("Montant", "Amount"))</th>\
            <th scope="col" class="n">\(say("Écrit", "Stated"))</th><th scope="col" class="n">\(say("Recalculé", "Recomputed"))</th></tr></thead>\
            <tbody>\(rows, { row in
                """
                <tr><td class="w">\(say(row.label))<small>\(row.term)\(place(row.place))</small></td>\
                <td class="n late">\(row.stated.map(number) ?? "—")</td><td class="n">\(number(row.computed))</td></tr>
                """
            })</tbody></table></div>\(more(verdict.differences.count))
            """
    }

    private var breaches: HTML {
        guard !verdict.breaches.isEmpty else { return .empty }
        return """
            <div class="body"><p>\(say(
                "Règles que la facture n’a pas respectées :", "Rules that the invoice breaks:"))</p></div>
            <ul class="rows">\(verdict.breaches.prefix(Self.most), { breach in
                """
                <li><span class="ic">\(request.icon("triangle-alert"))</span><div>\(say(breach.message))\
                <small>\(breach.code) · \(breach.term)\(place(breach.place))</small></div></li>
                """
            })</ul>\(more(verdict.breaches.count))
            """
    }

    private func more(_ count: Int) -> HTML {
        guard count > Self.most else { return .empty }
        return """
            <div class="foot">\(say("et \(count - Self.most) de plus", "and \(count - Self.most) more"))</div>
            """
    }

    private func number(_ value: Numeral) -> String { StatedNumber.text(value, say) }
}

/// A number as a file states it, written as the reader's language does.
enum StatedNumber {
    static func text(_ value: Numeral, _ say: Language, atLeast least: Int = 2) -> String {
        let plain = value.text(atLeast: least)
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = Int(parts[0]) else { return plain }
        let isNegative = plain.hasPrefix("-") && whole == 0
        let fraction = parts.count > 1 ? say(",", ".") + parts[1] : ""
        return (isNegative ? "-" : "") + say.integer(whole) + fraction
    }
}
