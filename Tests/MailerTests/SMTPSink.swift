import Foundation

@testable import Mailer

struct SinkFailed: Error { var reason: String }

/// The repository's folder, found from this file.
private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// A real SMTP server in a process of its own, which ends with the last reference to it.
final class SMTPSink {
    let port: Int
    private let file: String
    private let process = Process()
    private let folder = Folder()
    private let input = Pipe()

    static let python =
        ProcessInfo.processInfo.environment["COMPTOIR_PYTHON"] ?? root + "/.venv/bin/python"

    /// Whether the Python found has aiosmtpd.
    static let isAvailable = (try? run(python, "-c", "import aiosmtpd")) != nil

    convenience init(_ arguments: String...) throws { try self.init(arguments: arguments) }

    init(arguments: [String]) throws {
        file = folder.path + "/messages.jsonl"
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments =
            [root + "/Tests/Support/smtp_sink.py", "--file", file] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = input
        // Refused certificates leave long traces there.
        process.standardError = FileHandle.nullDevice
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
        // The sink ends when its input does.
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// What was taken so far. A message is written before the client hears that it was taken.
    func messages() throws -> [ReceivedMessage] {
        guard let data = FileManager.default.contents(atPath: file) else { return [] }
        return try data.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(ReceivedMessage.self, from: $0)
        }
    }

    func settings(
        security: SMTPSettings.Security = .none, username: String? = nil,
        password: String? = nil, caFile: String? = nil, timeoutSeconds: Int = 20
    ) -> SMTPSettings {
        SMTPSettings(
            host: "127.0.0.1", port: port, security: security, username: username,
            password: password, caFile: caFile, timeoutSeconds: timeoutSeconds)
    }
}

struct ReceivedMessage: Decodable {
    struct Part: Decodable {
        var type: String
        var disposition: String?
        var filename: String?
        var text: String?
        var base64: Data?
    }
    struct Parsed: Decodable {
        var headers: [[String]]
        var from: [[String]]
        var to: [[String]]
        var cc: [[String]]
        var replyTo: [[String]]
        var subject: String
        var parts: [Part]
        var defects: [String]
    }
    var mailFrom: String
    var recipients: [String]
    var encrypted: Bool
    var user: String
    var content: Data
    var parsed: Parsed
}

/// Certificates for 127.0.0.1, made once: `ca.pem` signed `server.pem`, `stranger.pem` did not.
enum Certificates {
    private static let folder = Result {
        let folder = Folder()
        func path(_ name: String) -> String { folder.path + "/" + name }
        for name in ["ca", "stranger"] {
            _ = try run(
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path(name + ".key"), "-out",
                path(name + ".pem"), "-days", "2", "-subj", "/CN=\(name)")
        }
        _ = try run(
            "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", path("server.key"), "-out", path("server.csr"), "-subj",
            "/CN=127.0.0.1")
        try Data("subjectAltName=IP:127.0.0.1\n".utf8)
            .write(to: URL(fileURLWithPath: path("names")))
        _ = try run(
            "openssl", "x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey",
            path("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", path("names"), "-out",
            path("server.pem"))
        return folder
    }
    static func path(_ name: String) throws -> String { try folder.get().path + "/" + name }
}

/// A folder of its own, removed with the last reference.
final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "mailer-" + UUID().uuidString
    init() {
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@discardableResult
func run(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw SinkFailed(reason: arguments.joined(separator: " "))
    }
    return String(decoding: data, as: UTF8.self)
}
