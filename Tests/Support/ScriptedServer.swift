import Foundation

/// A server in Python, in a process of its own: it prints its port on 127.0.0.1 and ends with the last
/// reference to it.
final class ScriptedServer {
    let port: Int
    private let process = Process()
    private let input = Pipe()

    /// - Parameters:
    ///   - script: of `Tests/Support`.
    ///   - python: one that has what the script needs beyond the language; any, unless told.
    init(_ script: String, _ arguments: [String] = [], python: String? = nil) throws {
        process.executableURL = URL(fileURLWithPath: python ?? "/usr/bin/env")
        process.arguments =
            (python == nil ? ["python3"] : [])
            + [TestDatabase.repository + "/Tests/Support/" + script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = input
        // Refused certificates leave long traces there.
        process.standardError = FileHandle.nullDevice
        // Other children of this process would keep the server waiting for the end of its input.
        for end in [input.fileHandleForWriting, output.fileHandleForReading] {
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        try process.run()
        var line = Data()
        while true {
            let more = output.fileHandleForReading.readData(ofLength: 1)
            if more.isEmpty { throw SinkFailed(reason: "\(script) ended before it listened") }
            if more == Data("\n".utf8) { break }
            line += more
        }
        port = Int(String(decoding: line, as: UTF8.self)) ?? 0
    }

    deinit {
        // It ends when its input does; a child started meanwhile may hold that open: it is told.
        try? input.fileHandleForWriting.close()
        kill(process.processIdentifier, SIGKILL)
        _ = process.exitCode()
    }
}
