import Foundation
import Mailer

public struct SinkFailed: Error {
    public var reason: String
    public init(reason: String) { self.reason = reason }
}

/// The repository's folder, found from this file.
private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// A real SMTP server.
public final class SMTPSink {
    private let file: String
    private let server: ScriptedServer
    private let folder = TemporaryFolder("smtp-sink")

    public static let python =
        ProcessInfo.processInfo.environment["COMPTOIR_PYTHON"] ?? root + "/.venv/bin/python"

    /// Whether the Python found has aiosmtpd.
    public static let isAvailable = (try? runTool(python, "-c", "import aiosmtpd")) != nil

    public convenience init(_ arguments: String...) throws { try self.init(arguments: arguments) }

    public init(arguments: [String]) throws {
        file = folder.path + "/messages.jsonl"
        server = try ScriptedServer(
            "smtp_sink.py", ["--file", file] + arguments, python: Self.python)
    }

    public var port: Int { server.port }

    /// What was taken so far. A message is written before the client hears that it was taken.
    public func messages() throws -> [ReceivedMessage] {
        guard let data = FileManager.default.contents(atPath: file) else { return [] }
        return try data.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(ReceivedMessage.self, from: $0)
        }
    }

    public func settings(
        security: SMTPSettings.Security = .none, username: String? = nil,
        password: String? = nil, caFile: String? = nil, timeoutSeconds: Int = 20
    ) -> SMTPSettings {
        SMTPSettings(
            host: "127.0.0.1", port: port, security: security, username: username,
            password: password, caFile: caFile, timeoutSeconds: timeoutSeconds)
    }
}

public struct ReceivedMessage: Decodable {
    public struct Part: Decodable {
        public var type: String
        public var disposition: String?
        public var filename: String?
        public var text: String?
        public var base64: Data?
    }
    public struct Parsed: Decodable {
        public var headers: [[String]]
        public var from: [[String]]
        public var to: [[String]]
        public var cc: [[String]]
        public var replyTo: [[String]]
        public var subject: String
        public var parts: [Part]
        public var defects: [String]

        /// The value of the first header of that name, in whichever case it was written.
        public func header(_ name: String) -> String? {
            headers.first { $0[0].lowercased() == name.lowercased() }?[1]
        }
    }
    public var mailFrom: String
    public var recipients: [String]
    public var encrypted: Bool
    public var user: String
    public var content: Data
    public var parsed: Parsed
}

/// A folder of its own under the system's, removed with the last reference.
public final class TemporaryFolder: Sendable {
    public let path: String
    public init(_ name: String) {
        path = NSTemporaryDirectory() + name + "-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs a program found on the path and answers what it printed. Throws when it fails.
@discardableResult
public func runTool(_ arguments: String...) throws -> String {
    // A file rather than a pipe, whose end another child started at the same moment may hold open.
    let folder = TemporaryFolder("tool")
    let file = folder.path + "/output"
    FileManager.default.createFile(atPath: file, contents: nil)
    guard let output = FileHandle(forWritingAtPath: file) else {
        throw SinkFailed(reason: "no file for the output of \(arguments.joined(separator: " "))")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    guard process.exitCode() == 0 else {
        throw SinkFailed(reason: arguments.joined(separator: " "))
    }
    return String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
}
