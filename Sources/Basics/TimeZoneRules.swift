#if canImport(Glibc)
    import Glibc
#endif
import Synchronization

/// The offsets of one time zone, read from the system's tzdata (TZif, RFC 8536), so that an invoice
/// issued at 00:30 bears the day of its organisation and not of Greenwich.
public struct TimeZoneRules: Sendable {
    private let transitions: [Int]
    private let offsets: [Int]
    private let first: Int

    /// Nil when the system knows no such zone. Names look like `Europe/Paris`.
    public static func named(_ name: String) -> TimeZoneRules? {
        cache.withLock { known in
            if let rules = known[name] { return rules }
            let rules = TimeZoneRules(name)
            if known.count < maximumZones { known[name] = rules }
            return rules
        }
    }

    /// Seconds to add to UTC at that moment.
    public func offset(at instant: Instant) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant.seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }

    public func local(_ instant: Instant) -> LocalTime {
        LocalTime(instant, offsetSeconds: offset(at: instant))
    }

    private static let maximumZones = 600
    private static let cache = Mutex<[String: TimeZoneRules]>([:])

    private init?(_ name: String) {
        let allowed = name.utf8.allSatisfy { byte in
            isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
                || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        }
        guard allowed, !name.isEmpty, !name.utf8.starts(with: "/".utf8),
            let file = readWholeFile("/usr/share/zoneinfo/" + name, limit: 1 << 20),
            file.count > 44, file.starts(with: "TZif".utf8), file[4] >= UInt8(ascii: "2")
        else { return nil }
        func count(_ header: Int, _ index: Int) -> Int {
            (0..<4).reduce(0) { $0 << 8 | Int(file[header + 20 + index * 4 + $1]) }
        }
        // The first block repeats everything in 32 bits: skip it and read the 64-bit one.
        let skip =
            44 + count(0, 3) * 5 + count(0, 4) * 6 + count(0, 5) + count(0, 2) * 8 + count(0, 1)
            + count(0, 0)
        guard file.count > skip + 44 else { return nil }
        let (transitionCount, typeCount) = (count(skip, 3), count(skip, 4))
        let start = skip + 44
        let types = start + transitionCount * 9
        guard typeCount > 0, file.count >= types + typeCount * 6 else { return nil }
        func offset(type: Int) -> Int {
            let raw = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(file[types + type * 6 + $1]) }
            return Int(Int32(bitPattern: raw))
        }
        transitions = (0..<transitionCount).map { index in
            let raw = (0..<8).reduce(UInt64(0)) { $0 << 8 | UInt64(file[start + index * 8 + $1]) }
            return Int(Int64(bitPattern: raw))
        }
        offsets = (0..<transitionCount).map { index in
            offset(type: min(Int(file[start + transitionCount * 8 + index]), typeCount - 1))
        }
        first = offset(type: 0)
    }
}

/// The bytes of a file, or nil when it cannot be read or is longer than `limit` bytes.
public func readWholeFile(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var out: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0 { return nil }
        if count == 0 { return out }
        out.append(contentsOf: chunk[..<count])
        if out.count > limit { return nil }
    }
}
