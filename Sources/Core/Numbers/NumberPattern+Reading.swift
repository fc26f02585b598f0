import Basics
import Database

extension NumberPattern {
    /// Where a number stands that was written by this pattern: its period, and the how-manieth in it.
    /// Nil for a number that is written otherwise, such as one of an older pattern.
    public func place(of number: String) -> (period: String, counter: Int)? {
        guard let found = NumberPattern.read(Array(number.utf8)[...], parts[...]) else {
            return nil
        }
        guard let month = found.month else { return (found.year ?? "", found.counter) }
        let period = (found.year ?? "") + "-" + month
        return (found.day.map { period + "-" + $0 } ?? period, found.counter)
    }

    private struct Place {
        var year: String?
        var month: String?
        var day: String?
        var counter = 0
    }

    private static func read(_ text: ArraySlice<UInt8>, _ parts: ArraySlice<Part>) -> Place? {
        guard let part = parts.first else { return text.isEmpty ? Place() : nil }
        let rest = parts.dropFirst()
        switch part {
        case .literal(let literal):
            guard text.starts(with: literal.utf8) else { return nil }
            return read(text.dropFirst(literal.utf8.count), rest)
        case .year: return digits(text, 4, rest) { $0.year = $1 }
        case .shortYear: return digits(text, 2, rest) { $0.year = "20" + $1 }
        case .month: return digits(text, 2, rest) { $0.month = $1 }
        case .day: return digits(text, 2, rest) { $0.day = $1 }
        case .counter(let width):
            // More digits than the pattern asks for, once the counter has outgrown it; the longest
            // reading that leaves the parts behind it theirs.
            let most = text.prefix { isDigit($0) }.count
            for count in stride(from: most, through: width, by: -1) {
                let found = digits(text, count, rest) { $0.counter = Int($1) ?? 0 }
                if let found { return found }
            }
            return nil
        }
    }

    private static func digits(
        _ text: ArraySlice<UInt8>, _ count: Int, _ rest: ArraySlice<Part>,
        _ set: (inout Place, String) -> Void
    ) -> Place? {
        let taken = text.prefix(count)
        guard taken.count == count, taken.allSatisfy(isDigit),
            var place = read(text.dropFirst(count), rest)
        else { return nil }
        set(&place, String(decoding: taken, as: UTF8.self))
        return place
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}

extension Transaction {
    /// Numbers of a series that its counter has not reached, so that it would give them once more.
    public func numbersBeyondCounter(
        _ series: NumberSeries, among numbers: [String]
    ) throws -> [String] {
        let pattern = try numberPattern(series)
        let counters: [NumberCounter] = try all(
            """
            SELECT period, last_value FROM number_counters
            WHERE organisation_id = \(organisation) AND series = \(series)
            """)
        let reached = Dictionary(uniqueKeysWithValues: counters.map { ($0.period, $0.lastValue) })
        return numbers.filter { number in
            guard let place = pattern.place(of: number) else { return false }
            return place.counter > reached[place.period] ?? 0
        }
    }
}

private struct NumberCounter: Record {
    let period: String
    let lastValue: Int

    init(row: Row) throws {
        period = try row["period"]
        lastValue = try row["last_value"]
    }
}
