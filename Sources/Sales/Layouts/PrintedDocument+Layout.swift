import Basics
import Core

extension PrintedDocument {
    /// The document in the look and with the words of a layout, in one language or in both.
    static func laidOut(
        by layout: DocumentLayout, in say: Language, _ make: (Language) -> PrintedDocument
    ) -> PrintedDocument {
        var document = make(say).dressed(in: layout, say)
        var foot = say(layout.footer)
        if layout.wording == .bilingual {
            document = document.beside(make(say.other).dressed(in: layout, say.other))
            foot = both(foot, say.other(layout.footer))
        }
        document.footer = [foot, document.footer].filter { !$0.isEmpty }.joined(separator: "\n")
        return document
    }

    private func dressed(in layout: DocumentLayout, _ say: Language) -> PrintedDocument {
        var out = self
        out.layout = layout
        switch kind {
        case .quote: out.title = layout.word(.quote, say, or: title)
        case .order: out.title = layout.word(.order, say, or: title)
        default: break
        }
        if kind.isOfLines {
            out.opening = say(layout.opening)
            out.closing = say(layout.closing)
            out.columns = columns.map { $0.worded(by: layout, say) }
            if layout.separatesUnits { out.separateUnits(say) }
            if layout.numbersLines { out.numberLines(say) }
        }
        return out
    }

    private mutating func separateUnits(_ say: Language) {
        guard let index = columns.firstIndex(where: { $0.kind == .quantity }) else { return }
        columns.insert(Column(.unit, say("Unité", "Unit")), at: index + 1)
        lines = lines.map { line in
            guard case .item(var item) = line else { return line }
            item.cells[.quantity] = item.count
            return .item(item)
        }
    }

    private mutating func numberLines(_ say: Language) {
        columns.insert(Column(.position, say("N°", "No.")), at: 0)
        var number = 0
        lines = lines.map { line in
            guard case .item(var item) = line else { return line }
            number += 1
            item.cells[.position] = String(number)
            return .item(item)
        }
    }
}

extension PrintedDocument.Kind {
    /// Whether it sells: quotes, orders, invoices, credit notes.
    var isOfLines: Bool { self != .statement && self != .depositRequest }
}

extension PrintedDocument.Column {
    fileprivate func worded(by layout: DocumentLayout, _ say: Language) -> PrintedDocument.Column {
        let word: DocumentLayout.Word? =
            switch kind {
            case .label: .label
            case .quantity: .quantity
            case .price: .price
            case .net: .net
            default: nil
            }
        return PrintedDocument.Column(kind, word.map { layout.word($0, say, or: title) } ?? title)
    }
}

extension Language {
    var other: Language { self == .french ? .english : .french }
}

// MARK: - Two languages

extension PrintedDocument {
    /// The same document with each word of ours in the other language too. What people typed, and days
    /// and numbers, stay as they are.
    fileprivate func beside(_ other: PrintedDocument) -> PrintedDocument {
        var out = self
        out.title = Self.both(title, other.title, "\n")
        out.seller.heading = Self.both(seller.heading, other.seller.heading)
        out.buyer.heading = Self.both(buyer.heading, other.buyer.heading)
        out.facts = Self.paired(facts, other.facts) {
            Fact(Self.both($0.label, $1.label), $0.value)
        }
        out.columns = Self.paired(columns, other.columns) {
            Column($0.kind, Self.both($0.title, $1.title, "\n"))
        }
        out.vatColumns = Self.paired(vatColumns, other.vatColumns) { Self.both($0, $1) }
        out.vatLines = Self.paired(vatLines, other.vatLines) {
            VATLine(rate: Self.both($0.rate, $1.rate), base: $0.base, vat: $0.vat)
        }
        out.sums = Self.paired(sums, other.sums) {
            Sum(label: Self.both($0.label, $1.label), value: $0.value, isTotal: $0.isTotal)
        }
        out.payment?.heading = Self.both(
            payment?.heading ?? "", other.payment?.heading ?? "", "\n")
        if let heading = acceptance?.heading, let text = acceptance?.text {
            out.acceptance = Acceptance(
                heading: Self.both(heading, other.acceptance?.heading ?? ""),
                text: Self.both(text, other.acceptance?.text ?? "", "\n"))
        }
        out.opening = Self.both(opening, other.opening, "\n")
        out.closing = Self.both(closing, other.closing, "\n")
        out.mentions = Self.paired(mentions, other.mentions) { Self.both($0, $1, " — ") }
        return out
    }

    private static func both(_ one: String, _ other: String, _ separator: String = " / ") -> String
    {
        func letters(_ text: String) -> String { String(text.filter { !$0.isWhitespace }) }
        // `20 %` and `20%` say the same.
        if letters(one).contains(letters(other)) { return one }
        return one.isEmpty || other.contains(one) ? other : one + separator + other
    }

    private static func paired<Part>(
        _ ones: [Part], _ others: [Part], _ pair: (Part, Part) -> Part
    ) -> [Part] {
        guard ones.count == others.count else { return ones }
        return zip(ones, others).map(pair)
    }
}
