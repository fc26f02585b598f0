/// Decimal numbers as people type them and programs store them: an integer and its number of decimals.
public enum ScaledDecimal {
    public enum Fault: Error, Equatable { case notANumber, tooManyDecimals, outOfRange }

    /// Reads `1 234,56`, `1234.56`, `1,234.56` or `-3` as an integer of 10^-decimals.
    ///
    /// Spaces of any kind separate thousands. With both a comma and a point, the last one is the
    /// decimal separator; a single one always is, so `1.234` is 1 and 234 thousandths.
    public static func parse(_ text: String, decimals: Int) throws(Fault) -> Int {
        var digits: [UInt8] = []
        var negative = false
        var separators: [(at: Int, byte: UInt8)] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9": digits.append(UInt8(scalar.value) - 48)
            case ",", ".": separators.append((digits.count, UInt8(scalar.value)))
            case " ", "\u{A0}", "\u{202F}", "\u{2009}", "'": continue
            case "-", "\u{2212}":
                guard digits.isEmpty, separators.isEmpty, !negative else { throw .notANumber }
                negative = true
            case "+": guard digits.isEmpty, separators.isEmpty, !negative else { throw .notANumber }
            default: throw .notANumber
            }
        }
        guard !digits.isEmpty else { throw .notANumber }
        let point = try decimalPoint(separators, digits: digits.count)
        var fraction = Array(digits[point...])
        while fraction.count > decimals, fraction.last == 0 { fraction.removeLast() }
        guard fraction.count <= decimals else { throw .tooManyDecimals }
        fraction += [UInt8](repeating: 0, count: decimals - fraction.count)
        var value = 0
        for digit in digits[..<point] + fraction {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, more) = product.addingReportingOverflow(Int(digit))
            guard !overflow, !more else { throw .outOfRange }
            value = sum
        }
        return negative ? -value : value
    }

    private static func decimalPoint(_ separators: [(at: Int, byte: UInt8)], digits: Int)
        throws(Fault) -> Int
    {
        guard let last = separators.last else { return digits }
        for other in separators.dropLast() {
            // `1.234.567,89`: the others must all be of the other kind, three digits apart.
            guard other.byte != last.byte, other.at > 0, (last.at - other.at) % 3 == 0 else {
                throw .notANumber
            }
        }
        return last.at
    }

    /// `-1234.50` with a point, without thousands: for programs, CSV and form fields in English.
    public static func plain(
        _ value: Int, decimals: Int, minimumDecimals: Int? = nil, point: String = "."
    ) -> String {
        let scale = powerOfTen(decimals)
        let magnitude = Int(value.magnitude)
        var fraction = decimals == 0 ? "" : padded(magnitude % scale, decimals)
        while fraction.utf8.count > minimumDecimals ?? decimals, fraction.hasSuffix("0") {
            fraction.removeLast()
        }
        let whole = String(magnitude / scale)
        return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : point + fraction)
    }
}
