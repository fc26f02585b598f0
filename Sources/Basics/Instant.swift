#if canImport(Glibc)
    import Glibc
#endif

/// A moment: microseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Sendable, Comparable {
    public var microseconds: Int
    public init(microseconds: Int) { self.microseconds = microseconds }
    public init(seconds: Int) { microseconds = seconds * 1_000_000 }

    public static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: time.tv_sec * 1_000_000 + time.tv_nsec / 1000)
    }

    public var seconds: Int { microseconds.flooredQuotient(1_000_000) }

    public func adding(seconds: Int) -> Instant {
        Instant(microseconds: microseconds + seconds * 1_000_000)
    }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// RFC 3339 in UTC, with microseconds when there are any: `2026-11-21T09:30:00Z`.
    public var rfc3339: String {
        let local = LocalTime(self, offsetSeconds: 0)
        let fraction = microseconds - seconds * 1_000_000
        let tail = fraction == 0 ? "" : "." + padded(fraction, 6)
        return "\(local.day.iso)T\(local.clock(seconds: true))\(tail)Z"
    }
}

extension Instant {
    /// Reads RFC 3339, with any offset and up to nine decimals of a second, of which six count.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, let day = Day(String(text.prefix(10))),
            [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = Instant.digits(bytes[11..<13]), let minute = Instant.digits(bytes[14..<16]),
            let second = Instant.digits(bytes[17..<19]), hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = bytes[19...]
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            let decimals = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(decimals.count),
                let value = Instant.digits(
                    (decimals + [UInt8](repeating: 0x30, count: 6)).prefix(6))
            else { return nil }
            fraction = value
            rest = rest.dropFirst(1 + decimals.count)
        }
        guard let offset = Instant.offset(rest) else { return nil }
        let seconds = day.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    private static func digits(_ bytes: some Collection<UInt8>) -> Int? {
        guard bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Seconds of `Z` or `+02:00`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        let zone = Array(bytes)
        if zone == [UInt8(ascii: "Z")] || zone == [UInt8(ascii: "z")] { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"),
            zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
            let hours = digits(zone[1..<3]), let minutes = digits(zone[4...]), hours < 24,
            minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (zone[0] == UInt8(ascii: "-") ? -1 : 1)
    }
}

/// What a clock on the wall shows: a day and the seconds since its midnight.
public struct LocalTime: Hashable, Sendable {
    public var day: Day
    public var secondOfDay: Int

    public init(_ instant: Instant, offsetSeconds: Int) {
        let shifted = instant.seconds + offsetSeconds
        day = Day(daysSince1970: shifted.flooredQuotient(86_400))
        secondOfDay = shifted - day.daysSince1970 * 86_400
    }

    /// `09:30`, or `09:30:00` with seconds.
    public func clock(seconds: Bool = false) -> String {
        let start = "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay / 60 % 60, 2))"
        return seconds ? "\(start):\(padded(secondOfDay % 60, 2))" : start
    }
}

/// Where the time comes from, so that tests and stories can set it.
public struct Clock: Sendable {
    public var now: @Sendable () -> Instant
    public init(_ now: @escaping @Sendable () -> Instant) { self.now = now }
    public static let system = Clock { Instant.now }
    public static func fixed(_ instant: Instant) -> Clock { Clock { instant } }
}

extension Int {
    /// Division that rounds towards minus infinity, as calendars need for times before 1970.
    func flooredQuotient(_ divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// A number that is not negative, with zeros in front up to `width` digits.
public func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
