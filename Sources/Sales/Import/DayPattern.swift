import Basics

/// How a file writes a day and perhaps a time: `yyyy-MM-dd HH:mm:ss`, `dd/MM/yyyy`.
struct DayPattern: Sendable {
    private enum Part {
        case literal(UInt8)
        /// One digit of a number: 0 year, 1 month, 2 day, 3 hours, 4 minutes, 5 seconds.
        case digit(of: Int)
    }
    private static let letters = Array("yMdHms".utf8)

    private let parts: [Part]

    /// Nil when the pattern names no day.
    init?(_ pattern: String) {
        parts = pattern.utf8.map { byte in
            DayPattern.letters.firstIndex(of: byte).map { .digit(of: $0) } ?? .literal(byte)
        }
        guard ["yyyy", "MM", "dd"].allSatisfy(pattern.contains) else { return nil }
    }

    /// The day and the time, `2010-12-01 08:26:00`; nil when the text is not written so, or names a day
    /// or time that does not exist.
    func read(_ text: String) -> String? {
        var numbers = (0, 0, 0, 0, 0, 0)
        var bytes = text.utf8.makeIterator()
        for part in parts {
            guard let byte = bytes.next() else { return nil }
            switch part {
            case .literal(let expected): guard byte == expected else { return nil }
            case .digit(let place):
                guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
                DayPattern.append(Int(byte) - 48, to: &numbers, at: place)
            }
        }
        guard bytes.next() == nil, numbers.3 < 24, numbers.4 < 60, numbers.5 < 60,
            let day = Day(year: numbers.0, month: numbers.1, day: numbers.2)
        else { return nil }
        let clock = [numbers.3, numbers.4, numbers.5].map { padded($0, 2) }
        return day.iso + " " + clock.joined(separator: ":")
    }

    private static func append(
        _ digit: Int, to numbers: inout (Int, Int, Int, Int, Int, Int), at place: Int
    ) {
        switch place {
        case 0: numbers.0 = numbers.0 * 10 + digit
        case 1: numbers.1 = numbers.1 * 10 + digit
        case 2: numbers.2 = numbers.2 * 10 + digit
        case 3: numbers.3 = numbers.3 * 10 + digit
        case 4: numbers.4 = numbers.4 * 10 + digit
        default: numbers.5 = numbers.5 * 10 + digit
        }
    }
}
