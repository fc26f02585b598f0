import Glibc

/// One line of the access log. It holds no query and no header, since those may hold secrets.
public struct AccessLogEntry: Sendable {
    /// When the answer was ready, in microseconds since 1970, UTC.
    public let time: Int64
    /// The request's identifier, which the client received too.
    public let requestID: String
    /// The client's numeric address.
    public let address: String
    /// The method; `-` when the request was refused before it could be read.
    public let method: String
    /// The path as sent, without the query and without what `LoggedPath` cuts; `-` when it could not be read.
    public let path: String
    /// The status of the answer.
    public let status: Int
    /// The size of the answer's body in bytes.
    public let bytesOut: Int
    /// From the request's last byte to the answer, waiting for a worker included.
    public let durationMicroseconds: Int

    init(
        requestID: String, address: String, method: String = "-", path: String = "-", status: Int,
        bytesOut: Int, startedAt: ContinuousClock.Instant
    ) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        time = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
        self.requestID = requestID
        self.address = address
        self.method = method
        self.path = LoggedPath.of(path)
        self.status = status
        self.bytesOut = bytesOut
        durationMicroseconds = microseconds(startedAt.duration(to: .now))
    }

    /// The entry as one line of JSON without the line break; `time` in RFC 3339.
    public func jsonLine() -> String {
        var line = "{\"time\":\"\(Self.timestamp(time))\",\"request\":\""
        line += "\(escaped(requestID))\",\"address\":\"\(escaped(address))\",\"method\":\""
        line += "\(escaped(method))\",\"path\":\"\(escaped(path))\",\"status\":\(status)"
        line += ",\"bytes\":\(bytesOut),\"microseconds\":\(durationMicroseconds)}"
        return line
    }

    private static func timestamp(_ microseconds: Int64) -> String {
        var seconds = time_t(microseconds / 1_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = [parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday].map(twoDigits)
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits)
        let fraction = String(1_000_000 + microseconds % 1_000_000).dropFirst()
        return date.joined(separator: "-") + "T" + clock.joined(separator: ":") + ".\(fraction)Z"
    }
}

/// A path as logs may hold it: long parts are signed addresses, which open what they name.
public enum LoggedPath {
    /// Identifiers and names of pages are shorter.
    private static let longestPart = 40
    private static let shown = 8

    public static func of(_ path: String) -> String {
        guard path.utf8.count > longestPart else { return path }
        return path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.utf8.count > longestPart ? part.prefix(shown) + "…" : part
        }.joined(separator: "/")
    }
}

private func twoDigits(_ number: Int32) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}

private func microseconds(_ duration: Duration) -> Int {
    Int(duration / .microseconds(1))
}

/// The text as it stands between the quotes of a JSON string.
private func escaped(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            result += [UInt8(ascii: "\\"), byte]
        case ..<0x20:
            result += Array("\\u\(hexadecimal(UInt16(byte), digits: 4))".utf8)
        default:
            result.append(byte)
        }
    }
    return String(decoding: result, as: UTF8.self)
}
