extension JSON {
    /// Reads a JSON text (RFC 8259, UTF-8); members come out sorted by name, of equal names the first.
    /// Nil when it is not one, is nested deeper than `maximumDepth`, or holds a number that is not an
    /// integer.
    public init?(parsing bytes: [UInt8]) {
        let value = bytes.withUnsafeBufferPointer { source -> JSON? in
            var reader = JSONReader(source)
            return try? reader.document()
        }
        guard let value else { return nil }
        self = value
    }
    public init?(parsing text: String) { self.init(parsing: Array(text.utf8)) }

    static let maximumDepth = 512
}

private struct JSONReader {
    private struct Malformed: Error {}

    private let source: UnsafeBufferPointer<UInt8>
    private var place = 0
    private var depth = 0

    init(_ source: UnsafeBufferPointer<UInt8>) { self.source = source }

    mutating func document() throws -> JSON {
        let value = try value()
        skipSpace()
        guard place == source.count else { throw Malformed() }
        return value
    }

    private mutating func value() throws -> JSON {
        skipSpace()
        switch current {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try nested { try $0.object() }
        case UInt8(ascii: "["): return try nested { try $0.array() }
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .int(try integer())
        }
    }

    private mutating func nested(_ read: (inout JSONReader) throws -> JSON) throws -> JSON {
        depth += 1
        defer { depth -= 1 }
        guard depth <= JSON.maximumDepth else { throw Malformed() }
        place += 1
        return try read(&self)
    }

    private mutating func object() throws -> JSON {
        var members: [(String, JSON)] = []
        if take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw Malformed() }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw Malformed() }
            members.append((name, try value()))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw Malformed() }
        members.sort { $0.0 < $1.0 }
        var distinct: [(String, JSON)] = []
        distinct.reserveCapacity(members.count)
        for member in members where distinct.last?.0 != member.0 { distinct.append(member) }
        return .object(distinct)
    }

    private mutating func array() throws -> JSON {
        var values: [JSON] = []
        if take(UInt8(ascii: "]")) { return .array([]) }
        repeat { values.append(try value()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw Malformed() }
        return .array(values)
    }

    private mutating func literal(_ word: StaticString, _ meaning: JSON) throws -> JSON {
        let end = place + word.utf8CodeUnitCount
        guard end <= source.count,
            source[place..<end].elementsEqual(
                UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { throw Malformed() }
        place = end
        return meaning
    }

    /// Also `1.0` and `1e2`, which are integers written otherwise.
    private mutating func integer() throws -> Int {
        let start = place
        if current == UInt8(ascii: "-") { advance() }
        let beginsWithZero = current == UInt8(ascii: "0")
        let count = digits()
        guard count == 1 || count > 1 && !beginsWithZero else { throw Malformed() }
        var isPlain = true
        if current == UInt8(ascii: ".") {
            isPlain = false
            advance()
            guard digits() > 0 else { throw Malformed() }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isPlain = false
            advance()
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { advance() }
            guard digits() > 0 else { throw Malformed() }
        }
        let text = String(decoding: source[start..<place], as: UTF8.self)
        let number = isPlain ? Int(text) : Double(text).flatMap { Int(exactly: $0) }
        guard let number else { throw Malformed() }
        return number
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = current, isDigit(byte) { place += 1 }
        return place - start
    }

    private mutating func string() throws -> String {
        place += 1
        let start = place
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            guard byte >= 0x20 else { throw Malformed() }
            place += 1
        }
        let plain = source[start..<place]
        if current == UInt8(ascii: "\"") {
            place += 1
            return try decoded(UnsafeBufferPointer(rebasing: plain))
        }
        var bytes = Array(plain)
        while let byte = current {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                return try bytes.withUnsafeBufferPointer { try decoded($0) }
            case UInt8(ascii: "\\"): try escape(into: &bytes)
            case 0..<0x20: throw Malformed()
            default: bytes.append(byte)
            }
        }
        throw Malformed()
    }

    private func decoded(_ bytes: UnsafeBufferPointer<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed() }
        return text
    }

    private mutating func escape(into bytes: inout [UInt8]) throws {
        guard let byte = current else { throw Malformed() }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimalUnit()
            if (0xD800..<0xDC00).contains(code) {
                guard current == UInt8(ascii: "\\") else { throw Malformed() }
                advance()
                guard current == UInt8(ascii: "u") else { throw Malformed() }
                advance()
                let low = try hexadecimalUnit()
                guard (0xDC00..<0xE000).contains(low) else { throw Malformed() }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw Malformed() }
            bytes.append(contentsOf: String(scalar).utf8)
        default: throw Malformed()
        }
    }

    private mutating func hexadecimalUnit() throws -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = hexadecimalValue(byte) else { throw Malformed() }
            code = code << 4 | UInt32(digit)
            place += 1
        }
        return code
    }

    private var current: UInt8? { place < source.count ? source[place] : nil }

    private mutating func advance() { place += 1 }

    /// Skips space and takes the byte, if it is the next one.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard current == byte else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current,
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        { place += 1 }
    }
}
