/// One rule of EN 16931, of the French rules, or of our own: its code, the field it is about, what to do
/// when it is broken, and a function that looks.
public struct Rule: Sendable {
    /// Whose rule it is.
    public enum Origin: String, Sendable, CaseIterable {
        /// EN 16931 and its code lists.
        case en16931 = "EN 16931"
        /// What the French reform asks beyond it.
        case french = "BR-FR"
        /// What no validator checks, and an invoice must hold to all the same.
        case comptoir = "Comptoir"

        /// The edition of the rules that are implemented.
        public var edition: String {
            switch self {
            case .en16931: "1.3.16"
            case .french: "1.4.0"
            case .comptoir: "1"
            }
        }
    }

    public let code: String
    /// `BT-31`
    public let term: String
    public let message: Bilingual
    public var origin: Origin {
        if code.hasPrefix("BR-FR-") { return .french }
        return code.hasPrefix("BR-") ? .en16931 : .comptoir
    }

    /// Where it is broken; nowhere when it holds.
    let faults: @Sendable (EInvoice) -> [Breach.Place]

    init(
        _ code: String, _ term: String, _ message: Bilingual,
        faults: @escaping @Sendable (EInvoice) -> [Breach.Place]
    ) {
        self.code = code
        self.term = term
        self.message = message
        self.faults = faults
    }

    /// A rule about the whole invoice; `holds` answers true when all is well.
    init(
        _ code: String, _ term: String, _ french: String, _ english: String,
        _ holds: @escaping @Sendable (EInvoice) -> Bool
    ) {
        self.init(code, term, Bilingual(french, english)) { holds($0) ? [] : [.document] }
    }

    func breaches(in invoice: EInvoice) -> [Breach] {
        faults(invoice).map { Breach(rule: self, place: $0) }
    }
}

/// A rule that an invoice breaks, and where.
public struct Breach: Sendable, Hashable {
    public enum Place: Sendable, Hashable {
        case document
        /// A line, counted from one.
        case line(Int)
        /// A row of the VAT breakdown, counted from one.
        case vatRow(Int)
        /// An allowance or charge of the document, counted from one.
        case adjustment(Int)

        public var label: Bilingual? {
            switch self {
            case .document: nil
            case .line(let number): Bilingual("ligne \(number)", "line \(number)")
            case .vatRow(let number): Bilingual("TVA, rang \(number)", "VAT, row \(number)")
            case .adjustment(let number):
                Bilingual("remise ou frais \(number)", "allowance or charge \(number)")
            }
        }
    }

    public let code: String
    public let term: String
    public let place: Place
    public let message: Bilingual

    init(rule: Rule, place: Place) {
        code = rule.code
        term = rule.term
        message = rule.message
        self.place = place
    }
}

extension Rule {
    /// A rule about each line.
    static func line(
        _ code: String, _ term: String, _ french: String, _ english: String,
        _ holds: @escaping @Sendable (EInvoice.Line) -> Bool
    ) -> Rule {
        Rule(code, term, Bilingual(french, english)) { invoice in
            invoice.lines.enumerated().filter { !holds($0.element) }.map { .line($0.offset + 1) }
        }
    }

    /// A rule about each row of the VAT breakdown.
    static func vatRow(
        _ code: String, _ term: String, _ french: String, _ english: String,
        _ holds: @escaping @Sendable (EInvoice.VATBreakdown, EInvoice) -> Bool
    ) -> Rule {
        Rule(code, term, Bilingual(french, english)) { invoice in
            invoice.vatBreakdown.enumerated().filter { !holds($0.element, invoice) }
                .map { .vatRow($0.offset + 1) }
        }
    }

    enum Adjustments: Sendable { case allowances, charges }

    /// A rule about each allowance or charge of the document.
    static func each(
        _ adjustments: Adjustments, _ code: String, _ term: String, _ french: String,
        _ english: String, _ holds: @escaping @Sendable (EInvoice.Adjustment) -> Bool
    ) -> Rule {
        Rule(code, term, Bilingual(french, english)) { invoice in
            let all = adjustments == .allowances ? invoice.allowances : invoice.charges
            return all.enumerated().filter { !holds($0.element) }
                .map { .adjustment($0.offset + 1) }
        }
    }

    /// A rule about each allowance or charge of the lines.
    static func ofLines(
        _ adjustments: Adjustments, _ code: String, _ term: String, _ french: String,
        _ english: String, _ holds: @escaping @Sendable (EInvoice.Adjustment) -> Bool
    ) -> Rule {
        line(code, term, french, english) { line in
            (adjustments == .allowances ? line.allowances : line.charges).allSatisfy(holds)
        }
    }
}
