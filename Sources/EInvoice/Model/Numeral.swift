/// A decimal number as a file states it: an integer and its number of decimals. Exact, because no
/// rounding may hide in a rule; `10.50` and `10.5` are equal, but keep how they were written.
public struct Numeral: Sendable {
    /// The number without its point.
    public let unscaled: Int128
    /// Digits behind the point.
    public let decimals: Int

    /// Longest numbers that are read: their sums and differences stay within 128 bits.
    public static let maximumWholeDigits = 20
    public static let maximumDecimals = 12

    public init(_ unscaled: Int128, decimals: Int = 0) {
        self.unscaled = unscaled
        self.decimals = decimals
    }

    /// Minor units of a currency with two decimals.
    public init(cents: Int) { self.init(Int128(cents), decimals: 2) }

    public static let zero = Numeral(0)

    /// Reads `-1234.50`. Nil for anything else, thousands and exponents included.
    public init?(_ text: String) {
        var value: Int128 = 0
        var (whole, fraction) = (0, 0)
        var (hasPoint, isNegative) = (false, false)
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case UInt8(ascii: "+") where index == 0: continue
            case UInt8(ascii: ".") where !hasPoint: hasPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value * 10 + Int128(byte - UInt8(ascii: "0"))
                if hasPoint { fraction += 1 } else { whole += 1 }
                guard whole <= Self.maximumWholeDigits, fraction <= Self.maximumDecimals else {
                    return nil
                }
            default: return nil
            }
        }
        guard whole + fraction > 0 else { return nil }
        self.init(isNegative ? -value : value, decimals: fraction)
    }

    /// With a point, without thousands, and with at least so many decimals: `1234.50`.
    public func text(atLeast least: Int = 0) -> String {
        var (digits, places) = (String(unscaled.magnitude), decimals)
        if places < least {
            digits += String(repeating: "0", count: least - places)
            places = least
        }
        if digits.count <= places {
            digits = String(repeating: "0", count: places + 1 - digits.count) + digits
        }
        var fraction = digits.suffix(places)
        let whole = digits.dropLast(places)
        while fraction.count > least, fraction.hasSuffix("0") { fraction.removeLast() }
        return (unscaled < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// Digits before the point.
    public var wholeDigits: Int {
        max(1, String(unscaled.magnitude).count - decimals)
    }

    public var magnitude: Numeral { Numeral(Int128(unscaled.magnitude), decimals: decimals) }

    /// Half away from zero.
    public func rounded(to places: Int) -> Numeral {
        guard decimals > places else { return self }
        let divisor = Numeral.power(decimals - places)
        let half = divisor / 2
        let value = unscaled >= 0 ? (unscaled + half) / divisor : -((-unscaled + half) / divisor)
        return Numeral(value, decimals: places)
    }

    /// Nil beyond 128 bits.
    public func times(_ other: Numeral) -> Numeral? {
        let (product, overflow) = unscaled.multipliedReportingOverflow(by: other.unscaled)
        return overflow ? nil : Numeral(product, decimals: decimals + other.decimals)
    }

    /// Nil when the divisor is zero or the quotient is beyond 128 bits. Six decimals are kept.
    public func divided(by other: Numeral) -> Numeral? {
        guard other.unscaled != 0 else { return nil }
        let shift = Numeral.quotientDecimals + other.decimals
        let (scaled, overflow) = unscaled.multipliedReportingOverflow(by: Numeral.power(shift))
        guard !overflow else { return nil }
        return Numeral(scaled / other.unscaled, decimals: decimals + Numeral.quotientDecimals)
    }

    private static let quotientDecimals = 6

    private static func power(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    private static func aligned(_ left: Numeral, _ right: Numeral) -> (Int128, Int128, Int) {
        let places = max(left.decimals, right.decimals)
        return (
            left.unscaled * power(places - left.decimals),
            right.unscaled * power(places - right.decimals), places
        )
    }
}

extension Numeral: Comparable, Hashable {
    public static func == (left: Numeral, right: Numeral) -> Bool {
        let (first, second, _) = aligned(left, right)
        return first == second
    }
    public static func < (left: Numeral, right: Numeral) -> Bool {
        let (first, second, _) = aligned(left, right)
        return first < second
    }
    public static func + (left: Numeral, right: Numeral) -> Numeral {
        let (first, second, places) = aligned(left, right)
        return Numeral(first + second, decimals: places)
    }
    public static func - (left: Numeral, right: Numeral) -> Numeral {
        let (first, second, places) = aligned(left, right)
        return Numeral(first - second, decimals: places)
    }
    public func hash(into hasher: inout Hasher) {
        var (value, places) = (unscaled, decimals)
        while places > 0, value % 10 == 0 { (value, places) = (value / 10, places - 1) }
        hasher.combine(value)
        hasher.combine(places)
    }
}

extension Sequence<Numeral> {
    public func sum() -> Numeral { reduce(.zero, +) }
}
