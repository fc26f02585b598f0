#if canImport(Glibc)
    import Glibc
#endif
import Synchronization

/// A 128-bit UUID, written as 36 lower-case characters.
public struct UniqueID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the canonical form, with or without hyphens, in either case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let value = text.withUTF8({ UniqueID(bytes: $0) }) else { return nil }
        self = value
    }

    /// The same from UTF-8.
    public init?(bytes: UnsafeBufferPointer<UInt8>) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        for byte in bytes {
            if byte == UInt8(ascii: "-") { continue }
            guard digits < 32, let value = hexadecimalValue(byte) else { return nil }
            if digits < 16 { high = high << 4 | value } else { low = low << 4 | value }
            digits += 1
        }
        guard digits == 32, bytes.count == 32 || bytes.count == 36 else { return nil }
        self.init(high: high, low: low)
    }

    /// 16 bytes, the most significant first.
    public var bytes: [UInt8] {
        [high, low].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    /// Reads what `bytes` gives; missing bytes count as zero.
    public init(bytes: some Collection<UInt8>) {
        func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(high: word(bytes.prefix(8)), low: word(bytes.dropFirst(8).prefix(8)))
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 36) { out in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    out[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = index < 16 ? high : low
                let shift = UInt64((15 - index % 16) * 4)
                out[position] = hexadecimalDigits[Int(word >> shift & 15)]
                position += 1
            }
            return 36
        }
    }

    public static func < (left: UniqueID, right: UniqueID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// A new UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits, so that rows made
    /// one after the other stand side by side in an index.
    public static func make(at instant: Instant) -> UniqueID {
        let milliseconds = UInt64(max(0, instant.microseconds / 1000))
        let random = Random.words()
        let high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        let low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
        return UniqueID(high: high, low: low)
    }
}

/// The identifier of one kind of record, so that a client's cannot be given where an invoice's is due.
public struct ID<Record>: Hashable, Sendable, CustomStringConvertible {
    public let value: UniqueID
    public init(_ value: UniqueID) { self.value = value }
    public init?(_ text: some StringProtocol) {
        guard let value = UniqueID(text) else { return nil }
        self.value = value
    }
    public var description: String { value.description }
}

private let hexadecimalDigits = Array("0123456789abcdef".utf8)

/// Bytes as lower-case hexadecimal digits.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var out: [UInt8] = []
    for byte in bytes {
        out.append(hexadecimalDigits[Int(byte >> 4)])
        out.append(hexadecimalDigits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
}

/// The bytes of a hexadecimal text; nil when a character is not a digit or one is missing.
public func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map(hexadecimalValue)
    guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map {
        UInt8(digits[$0]! << 4 | digits[$0 + 1]!)
    }
}

func hexadecimalValue(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
