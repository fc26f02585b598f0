#if canImport(Glibc)
    import Glibc
#endif

/// What the program says to the person who runs it: JSON lines on standard error, whole lines only.
/// Names of files, counts and identifiers may stand in it; never a client's data or a secret.
public enum Log {
    public enum Level: String, Sendable { case info, warning, error }

    public static func info(_ message: String, _ details: KeyValuePairs<String, JSON> = [:]) {
        write(.info, message, details)
    }
    public static func warning(_ message: String, _ details: KeyValuePairs<String, JSON> = [:]) {
        write(.warning, message, details)
    }
    public static func error(_ message: String, _ details: KeyValuePairs<String, JSON> = [:]) {
        write(.error, message, details)
    }

    /// Writes one line that is already JSON.
    public static func line(_ text: String) {
        let bytes = Array(text.utf8) + [UInt8(ascii: "\n")]
        // One write call, so that lines of several threads do not mix.
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func write(
        _ level: Level, _ message: String, _ details: KeyValuePairs<String, JSON>
    ) {
        let head: [(String, JSON)] = [
            ("time", .string(Instant.now.rfc3339)), ("level", .string(level.rawValue)),
            ("message", .string(message)),
        ]
        line(JSON.object(head + details.map { ($0.key, $0.value) }).text)
    }
}
