import Foundation

/// A real HTTP server in a process of its own, which ends with the last reference to it.
public final class WebSink {
    public struct Request: Decodable, Sendable {
        public var path: String
        /// By name in lower case.
        public var headers: [String: String]
        public var body: String
    }

    public let port: Int
    private let file: String
    private let process = Process()
    private let folder = TemporaryFolder("web-sink")
    private let input = Pipe()

    public init() throws {
        file = folder.path + "/requests.jsonl"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", TestDatabase.repository + "/Tests/Support/web_sink.py", "--file", file,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        // Other children of this process would keep the sink waiting for the end of its input.
        for end in [input.fileHandleForWriting, output.fileHandleForReading] {
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        try process.run()
        var line = Data()
        while true {
            let more = output.fileHandleForReading.readData(ofLength: 1)
            if more.isEmpty { throw SinkFailed(reason: "the sink ended before it listened") }
            if more == Data("\n".utf8) { break }
            line += more
        }
        port = Int(String(decoding: line, as: UTF8.self)) ?? 0
    }

    deinit {
        // The sink ends when its input does; a child started meanwhile may hold that open: it is told.
        try? input.fileHandleForWriting.close()
        kill(process.processIdentifier, SIGKILL)
        _ = process.exitCode()
    }

    /// The path says how it answers; see `web_sink.py`.
    public func address(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// What came so far, noted before it is answered.
    public func requests() throws -> [Request] {
        guard let data = FileManager.default.contents(atPath: file) else { return [] }
        return try data.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Request.self, from: $0)
        }
    }
}
