/// PostgreSQL's text form of one-dimensional arrays: `{1,2}`, `{"a,b",NULL}`.
enum ArrayText {
    /// Every element is quoted, so that none is read as NULL, a brace or a comma.
    static func write(_ elements: [String?]) -> String {
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (position, element) in elements.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            guard let element else {
                text.append(contentsOf: "NULL".utf8)
                continue
            }
            text.append(UInt8(ascii: "\""))
            for byte in element.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    text.append(UInt8(ascii: "\\"))
                }
                text.append(byte)
            }
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: "}"))
        return String(decoding: text, as: UTF8.self)
    }

    /// The elements' texts. Throws for NULL elements and for more than one dimension, which no
    /// Swift type here could hold.
    static func read(_ text: UnsafeBufferPointer<UInt8>) throws -> [[UInt8]] {
        guard text.count >= 2, text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}")
        else { throw DatabaseError.undecodable([String].self) }
        if text.count == 2 { return [] }
        var elements: [[UInt8]] = []
        var element: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        var position = 1
        while position < text.count - 1 {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "\\"):
                position += 1
                element.append(text[position])
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                wasQuoted = true
            case UInt8(ascii: ",") where !isQuoted:
                elements.append(try checked(element, wasQuoted: wasQuoted))
                element = []
                wasQuoted = false
            case UInt8(ascii: "{") where !isQuoted, UInt8(ascii: "}") where !isQuoted:
                throw DatabaseError.undecodable([String].self)
            default:
                element.append(byte)
            }
            position += 1
        }
        elements.append(try checked(element, wasQuoted: wasQuoted))
        return elements
    }

    private static func checked(_ element: [UInt8], wasQuoted: Bool) throws -> [UInt8] {
        if !wasQuoted, element.elementsEqual("NULL".utf8) {
            throw DatabaseError.undecodable([String].self)
        }
        return element
    }
}

/// PostgreSQL's text form of bytes: `\x` and two hexadecimal digits a byte.
enum Hexadecimal {
    static func byteaText(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 2 + 2 * bytes.count) { text in
            text[0] = UInt8(ascii: "\\")
            text[1] = UInt8(ascii: "x")
            for (position, byte) in bytes.enumerated() {
                text[2 + 2 * position] = digits[Int(byte >> 4)]
                text[3 + 2 * position] = digits[Int(byte & 15)]
            }
            return 2 + 2 * bytes.count
        }
    }

    static func bytes(ofBytea text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"),
            text[1] == UInt8(ascii: "x")
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for position in stride(from: 2, to: text.count, by: 2) {
            guard let high = value(of: text[position]), let low = value(of: text[position + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
