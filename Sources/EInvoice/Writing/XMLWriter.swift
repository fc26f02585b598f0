/// Writes elements one after the other. Text is escaped, and what XML 1.0 cannot hold is left out.
struct XMLWriter {
    private(set) var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"

    /// An element with others inside. One without any content is not written at all: validators
    /// refuse empty elements.
    mutating func group(
        _ name: String, _ attributes: [(String, String)] = [], _ content: (inout XMLWriter) -> Void
    ) {
        let before = text.utf8.count
        open(name, attributes)
        let opened = text.utf8.count
        content(&self)
        if text.utf8.count == opened {
            text.removeSubrange(text.utf8.index(text.startIndex, offsetBy: before)...)
        } else {
            close(name)
        }
    }

    /// An element that must be there even when it is empty.
    mutating func required(_ name: String, _ content: (inout XMLWriter) -> Void) {
        open(name, [])
        content(&self)
        close(name)
    }

    /// An element with text; nothing when there is none.
    mutating func element(
        _ name: String, _ value: String?, _ attributes: [(String, String?)] = []
    ) {
        guard let value, !value.isEmpty else { return }
        open(name, attributes.compactMap { pair in pair.1.map { (pair.0, $0) } })
        text += Self.escaped(value)
        close(name)
    }

    private mutating func open(_ name: String, _ attributes: [(String, String)]) {
        text += "<" + name
        for (key, value) in attributes { text += " \(key)=\"\(Self.escaped(value))\"" }
        text += ">"
    }

    private mutating func close(_ name: String) { text += "</\(name)>" }

    static func escaped(_ value: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n": result.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
