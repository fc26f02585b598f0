import Basics
import Database

/// Which human numbers there are.
public enum NumberSeries: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case client, quote, order, invoice
    case creditNote = "credit_note"
    /// What takes back an invoice that a corrective one replaces.
    case reversal
    case payment
    case depositRequest = "deposit_request"
    case recurringInvoice = "recurring_invoice"

    public var label: Text {
        switch self {
        case .client: Text("Clients", "Clients")
        case .quote: Text("Devis", "Quotes")
        case .order: Text("Commandes", "Orders")
        case .invoice: Text("Factures", "Invoices")
        case .creditNote: Text("Avoirs", "Credit notes")
        case .reversal: Text("Annulations", "Reversals")
        case .payment: Text("Paiements", "Payments")
        case .recurringInvoice: Text("Abonnements", "Recurring invoices")
        case .depositRequest: Text("Demandes d’acompte", "Deposit requests")
        }
    }

    public var defaultPattern: NumberPattern {
        let text =
            switch self {
            case .client: "C-{NNNNN}"
            case .quote: "DEV-{YYYY}-{NNN}"
            case .order: "CMD-{YYYY}-{NNNN}"
            case .invoice: "FACT-{YYYY}-{NNN}"
            case .creditNote: "AV-{YYYY}-{NNN}"
            case .reversal: "ANN-{YYYY}-{NNN}"
            case .payment: "PAI-{YYYY}-{NNNN}"
            case .recurringInvoice: "ABO-{NNNN}"
            case .depositRequest: "DA-{YYYY}-{NNN}"
            }
        return NumberPattern(text) ?? NumberPattern.fallback
    }
}

/// How a number is written: `FACT-{YYYY}-{NNN}`. With `{YYYY}` it starts again each year, with `{MM}`
/// each month, with `{DD}` each day; `{NNN}` is at least three digits.
public struct NumberPattern: Sendable, Hashable {
    /// French rules allow these characters and 35 of them at most (BR-FR-02).
    static let maximumLength = 35
    static let fallback = NumberPattern(
        text: "{NNNNNN}", parts: [.counter(digits: 6)])

    enum Part: Sendable, Hashable {
        case literal(String)
        case year, shortYear, month, day
        case counter(digits: Int)
    }

    public let text: String
    let parts: [Part]

    private init(text: String, parts: [Part]) {
        self.text = text
        self.parts = parts
    }

    /// Nil when a placeholder is unknown, the counter is missing or doubled, a character is not
    /// allowed in an invoice number, or two periods would write the same number: a month without
    /// its year, a day without its month.
    public init?(_ text: String) {
        var parts: [Part] = []
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "{") {
            if start > rest.startIndex { parts.append(.literal(String(rest[..<start]))) }
            guard let end = rest[start...].firstIndex(of: "}") else { return nil }
            let name = rest[rest.index(after: start)..<end]
            switch name {
            case "YYYY": parts.append(.year)
            case "YY": parts.append(.shortYear)
            case "MM": parts.append(.month)
            case "DD": parts.append(.day)
            default:
                guard (1...9).contains(name.count), name.allSatisfy({ $0 == "N" }) else {
                    return nil
                }
                parts.append(.counter(digits: name.count))
            }
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        self.init(text: text, parts: parts)
        let counters = parts.filter { if case .counter = $0 { true } else { false } }
        let allowed = text.unicodeScalars.allSatisfy {
            $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
                || "+-_/{}".unicodeScalars.contains($0)
        }
        guard counters.count == 1, allowed, text.utf8.count <= NumberPattern.maximumLength,
            tellsPeriodsApart
        else { return nil }
    }

    private var tellsPeriodsApart: Bool {
        let hasYear = parts.contains(.year) || parts.contains(.shortYear)
        if parts.contains(.day), !parts.contains(.month) { return false }
        return hasYear || !parts.contains(.month)
    }

    /// What the counter counts within: `2026`, `2026-11`, or empty when it never starts again.
    public func period(on day: Day) -> String {
        if parts.contains(.day) { return day.iso }
        if parts.contains(.month) { return String(day.iso.prefix(7)) }
        return parts.contains(.year) || parts.contains(.shortYear) ? String(day.iso.prefix(4)) : ""
    }

    public func number(_ counter: Int, on day: Day) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .year: padded(day.year, 4)
            case .shortYear: padded(day.year % 100, 2)
            case .month: padded(day.month, 2)
            case .day: padded(day.dayOfMonth, 2)
            case .counter(let digits): padded(counter, digits)
            }
        }.joined()
    }
}

/// A number that was given: how it is written, and the how-manieth of its period it is.
public struct TakenNumber: Sendable, Hashable {
    public var number: String
    public var period: String
    public var counter: Int
}

extension Transaction {
    /// The next number of a series. The counter's row stays locked until this transaction ends: one that
    /// rolls back leaves no gap, and another that wants a number waits.
    public func nextNumber(_ series: NumberSeries, on day: Day) throws -> String {
        try takeNumber(series, on: day).number
    }

    /// The next number of a series with its place there, for series that must have no gap.
    public func takeNumber(_ series: NumberSeries, on day: Day) throws -> TakenNumber {
        try takeNumber(series, by: numberPattern(series), on: day)
    }

    /// The next numbers of a series, for many records at once.
    public func takeNumbers(
        _ series: NumberSeries, count: Int, on day: Day
    ) throws -> [String] {
        let pattern = try numberPattern(series)
        let last: Int? = try value(
            """
            INSERT INTO number_counters (organisation_id, series, period, last_value)
            VALUES (\(organisation), \(series), \(pattern.period(on: day)), \(count))
            ON CONFLICT (organisation_id, series, period)
            DO UPDATE SET last_value = number_counters.last_value + excluded.last_value
            RETURNING last_value
            """)
        let end = last ?? count
        return (end - count + 1...end).map { pattern.number($0, on: day) }
    }

    public func takeNumber(
        _ series: NumberSeries, by pattern: NumberPattern, on day: Day
    ) throws -> TakenNumber {
        let period = pattern.period(on: day)
        let counter: Int? = try value(
            """
            INSERT INTO number_counters (organisation_id, series, period, last_value)
            VALUES (\(organisation), \(series), \(period), 1)
            ON CONFLICT (organisation_id, series, period)
            DO UPDATE SET last_value = number_counters.last_value + 1
            RETURNING last_value
            """)
        return TakenNumber(
            number: pattern.number(counter ?? 1, on: day), period: period, counter: counter ?? 1)
    }

    public func numberPattern(_ series: NumberSeries) throws -> NumberPattern {
        let text: String? = try value(
            """
            SELECT pattern FROM number_series
            WHERE organisation_id = \(organisation) AND series = \(series)
            """)
        return text.flatMap(NumberPattern.init) ?? series.defaultPattern
    }

    /// The number that the next document of that day would take.
    public func upcomingCounter(_ series: NumberSeries, on day: Day) throws -> Int {
        let period = try numberPattern(series).period(on: day)
        let last: Int? = try value(
            """
            SELECT last_value FROM number_counters
            WHERE organisation_id = \(organisation) AND series = \(series) AND period = \(period)
            """)
        return (last ?? 0) + 1
    }

    /// Lets a series go on where an older program stopped. It only goes forward, so that no number that
    /// was given can be given again.
    public func continueSeries(
        _ series: NumberSeries, pattern: NumberPattern, next: Int, on day: Day
    ) throws {
        try run(
            """
            INSERT INTO number_series (organisation_id, series, pattern)
            VALUES (\(organisation), \(series), \(pattern.text))
            ON CONFLICT (organisation_id, series) DO UPDATE SET pattern = excluded.pattern
            """)
        let changed = try run(
            """
            INSERT INTO number_counters (organisation_id, series, period, last_value)
            VALUES (\(organisation), \(series), \(pattern.period(on: day)), \(next - 1))
            ON CONFLICT (organisation_id, series, period)
            DO UPDATE SET last_value = excluded.last_value
            WHERE number_counters.last_value <= excluded.last_value
            """)
        guard changed == 1 else {
            throw Problem.invalid(
                "next_\(series.rawValue)",
                Text(
                    "Un numéro égal ou plus grand a déjà été donné.",
                    "This number or a higher one was already given."))
        }
    }
}
