@_spi(_Unicode) import Swift

/// Cleaning and comparing what people type.
public enum PlainText {
    /// Without accents and case, words separated by one space: `Éts. Gérard` becomes `ets gerard`.
    public static func folded(_ text: String) -> String {
        foldedASCII(text) ?? foldedUnicode(text)
    }

    /// Most texts, without the tables of Unicode; nil when there is anything beyond ASCII.
    private static func foldedASCII(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { source -> String? in
            guard source.allSatisfy({ $0 < 0x80 }) else { return nil }
            return String(unsafeUninitializedCapacity: source.count) { out in
                var (count, space) = (0, false)
                for byte in source {
                    let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                    guard (0x61...0x7A).contains(lower) || (0x30...0x39).contains(lower) else {
                        space = true
                        continue
                    }
                    if space && count > 0 {
                        out[count] = 0x20
                        count += 1
                    }
                    out[count] = lower
                    count += 1
                    space = false
                }
                return count
            }
        }
    }

    private static func foldedUnicode(_ text: String) -> String {
        var out = ""
        var space = false
        for scalar in text._nfd {
            if scalar.properties.generalCategory == .nonspacingMark { continue }
            switch scalar {
            case "œ", "Œ": out += (space && !out.isEmpty ? " " : "") + "oe"
            case "æ", "Æ": out += (space && !out.isEmpty ? " " : "") + "ae"
            case "ß": out += (space && !out.isEmpty ? " " : "") + "ss"
            default:
                guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
                    space = true
                    continue
                }
                if space && !out.isEmpty { out += " " }
                out += scalar.properties.lowercaseMapping
            }
            space = false
        }
        return out
    }

    /// One line: without control characters, spaces at the ends, or several spaces in a row.
    public static func line(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var space = false
        for scalar in text._nfc {
            if scalar.properties.isWhitespace && scalar != "\u{A0}" && scalar != "\u{202F}" {
                space = true
                continue
            }
            if isRemoved(scalar) { continue }
            if space && !out.isEmpty { out.append(" ") }
            out.append(scalar)
            space = false
        }
        return String(out)
    }

    /// Several lines: without control characters, ends trimmed, line breaks as `\n`.
    public static func lines(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var sawReturn = false
        for scalar in text._nfc {
            if scalar == "\r" {
                out.append("\n")
            } else if scalar == "\n" {
                if !sawReturn { out.append("\n") }
            } else if scalar == "\t" {
                out.append(" ")
            } else if !isRemoved(scalar) {
                out.append(scalar)
            }
            sawReturn = scalar == "\r"
        }
        while let last = out.last, last.properties.isWhitespace { out.removeLast() }
        while let first = out.first, first.properties.isWhitespace { out.removeFirst() }
        return String(out)
    }

    /// Control characters, and marks that reverse the direction of text to deceive a reader.
    private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
            || ("\u{202A}"..."\u{202E}").contains(scalar)
            || ("\u{2066}"..."\u{2069}").contains(scalar)
    }
}
