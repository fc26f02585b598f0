/// An opaque colour of the sRGB space.
public struct Color: Sendable, Hashable {
    /// Each component lies between 0 (none) and 1 (full).
    public let red: Double, green: Double, blue: Double

    /// Components outside 0…1 are brought to the nearer end; a value that is no number becomes 0.
    public init(red: Double, green: Double, blue: Double) {
        func component(_ value: Double) -> Double {
            value.isNaN ? 0 : min(max(value, 0), 1)
        }
        self.red = component(red)
        self.green = component(green)
        self.blue = component(blue)
    }

    /// Reads `#RRGGBB` or `#RGB`, with or without the `#`; anything else gives nil.
    public init?(hex: String) {
        var digits = hex.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        if hex.utf8.first == UInt8(ascii: "#") { digits.removeFirst() }
        let values = digits.compactMap { $0 }
        guard values.count == digits.count else { return nil }
        switch values.count {
        case 3:
            self.init(
                red: Double(values[0]) / 15, green: Double(values[1]) / 15,
                blue: Double(values[2]) / 15)
        case 6:
            func pair(_ index: Int) -> Double {
                Double(values[index] * 16 + values[index + 1]) / 255
            }
            self.init(red: pair(0), green: pair(2), blue: pair(4))
        default: return nil
        }
    }

    /// The colour as a pale ground that dark text can be read on.
    public var tint: Color {
        func pale(_ component: Double) -> Double { 1 - (1 - component) * 0.14 }
        return Color(red: pale(red), green: pale(green), blue: pale(blue))
    }

    /// Text that is read.
    public static let ink = Color(red: 0.09, green: 0.10, blue: 0.12)
    /// Labels and second lines; on white its contrast is above 5 to 1.
    public static let grey = Color(red: 0.38, green: 0.40, blue: 0.44)
    /// Thin rules between rows.
    public static let hairline = Color(red: 0.87, green: 0.88, blue: 0.90)
    /// A quiet background.
    public static let mist = Color(red: 0.957, green: 0.962, blue: 0.97)
    public static let white = Color(red: 1, green: 1, blue: 1)
    public static let black = Color(red: 0, green: 0, blue: 0)
}
