/// Makes any string safe to lay out: what has no shape, or would disturb its neighbours, is left out.
enum PlainText {
    /// Longest text laid out in one piece, in bytes of UTF-8; what follows is replaced by an ellipsis.
    static let maximumBytes = 32_768
    /// Accents stacked on one letter; more would climb over the line above.
    static let maximumStackedMarks = 4
    /// Scalars that make up one letter or emoji. A line cannot be broken inside one, so that a chain
    /// of thousands would be lost beyond its column's edge.
    static let maximumScalarsInCharacter = 16

    /// - NUL and the other control characters are dropped: C would end the text at the first NUL.
    /// - Every kind of line end becomes a line feed, and a tab becomes a space.
    /// - Direction overrides are dropped, so that a name cannot turn round the words after it.
    static func cleaned(_ string: String) -> String {
        var result = String.UnicodeScalarView()
        var bytes = 0
        var afterCarriageReturn = false
        var isSimple = true
        for scalar in string.unicodeScalars {
            defer { afterCarriageReturn = scalar == "\r" }
            if scalar == "\n" && afterCarriageReturn { continue }
            guard let kept = replacement(of: scalar) else { continue }
            bytes += UTF8.width(kept)
            if bytes > maximumBytes {
                result.append("…")
                break
            }
            // Below the combining marks every scalar is a character of its own.
            isSimple = isSimple && kept.value < 0x300
            result.append(kept)
        }
        return isSimple ? String(result) : shortened(String(result))
    }

    /// The same in one line.
    static func line(_ string: String) -> String {
        cleaned(string).split(separator: "\n").joined(separator: " ")
    }

    /// Each character with no more marks and joined parts than a reader could see.
    private static func shortened(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for character in text {
            let scalars = character.unicodeScalars
            var marks = 0
            for scalar in scalars.prefix(maximumScalarsInCharacter) {
                if isStackedMark(scalar) {
                    marks += 1
                    if marks > maximumStackedMarks { continue }
                }
                result.append(scalar)
            }
            // A zero-width space keeps what is left from joining with the next character.
            if scalars.count > maximumScalarsInCharacter { result.append("\u{200B}") }
        }
        return String(result)
    }

    private static func replacement(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x20...0x7E: scalar
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: "\n"
        case 0x09: " "
        case 0...0x1F, 0x7F...0x9F: nil
        // Direction embeddings, overrides and isolates; the byte order mark.
        case 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: nil
        // Interlinear marks and characters that are none.
        case 0xFFF9...0xFFFB, 0xFDD0...0xFDEF: nil
        case let value where value & 0xFFFE == 0xFFFE: nil
        default: scalar
        }
    }

    private static func isStackedMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        switch scalar.properties.generalCategory {
        // Variation selectors are marks too, but they have no ink.
        case .nonspacingMark, .enclosingMark: return !(0xFE00...0xFE0F).contains(scalar.value)
        default: return false
        }
    }
}
