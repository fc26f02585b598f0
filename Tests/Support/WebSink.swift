import Foundation

/// A real HTTP server that notes what it is told.
public final class WebSink {
    public struct Request: Decodable, Sendable {
        public var path: String
        /// By name in lower case.
        public var headers: [String: String]
        public var body: String
    }

    private let file: String
    private let server: ScriptedServer
    private let folder = TemporaryFolder("web-sink")

    public init() throws {
        file = folder.path + "/requests.jsonl"
        server = try ScriptedServer("web_sink.py", ["--file", file])
    }

    public var port: Int { server.port }

    /// The path says how it answers; see `web_sink.py`.
    public func address(_ path: String) -> String { "http://127.0.0.1:\(server.port)\(path)" }

    /// What came so far, noted before it is answered.
    public func requests() throws -> [Request] {
        guard let data = FileManager.default.contents(atPath: file) else { return [] }
        return try data.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Request.self, from: $0)
        }
    }
}
