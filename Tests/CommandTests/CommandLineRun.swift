import Core
import DatabaseTesting
import Foundation
import TestSupport
import Testing

/// One run of the real program, from beginning to end.
struct CommandLineRun {
    let code: Int32
    let output: String
    let complaints: String

    /// - Parameter environment: beside PATH and the program's folder.
    init(_ words: [String], environment: [String: String] = [:]) throws {
        let process = try CommandLineRun.process(words, environment)
        // Into files, which take everything without anybody reading at the other end.
        let folder = try TestCluster.makeFolder()
        process.standardOutput = try FileHandle(creating: folder + "/out")
        process.standardError = try FileHandle(creating: folder + "/err")
        try process.run()
        code = process.exitCode()
        output = try String(contentsOfFile: folder + "/out", encoding: .utf8)
        complaints = try String(contentsOfFile: folder + "/err", encoding: .utf8)
    }

    static func process(
        _ words: [String], _ environment: [String: String] = [:]
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: TestDatabase.repository + "/.build/debug/comptoir")
        process.arguments = words
        process.environment = [
            "PATH": "/usr/bin:/bin", "COMPTOIR_HOME": try home.get(),
        ].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// The program's own files with assets that need no staging.
    private static let home = Result {
        let folder = try TestCluster.makeFolder()
        for name in ["Migrations", "Resources"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/" + name,
                withDestinationPath: TestDatabase.repository + "/" + name)
        }
        try FileManager.default.createDirectory(
            atPath: folder + "/.assets/static", withIntermediateDirectories: true)
        // Open to others, as an installed program is: root's commands may become another user.
        try Data().write(to: URL(fileURLWithPath: folder + "/.assets/manifest.txt"))
        chmod(folder, 0o755)
        return folder
    }
}

extension FileHandle {
    /// An empty file to write to.
    fileprivate convenience init(creating path: String) throws {
        try DataFolder.write([], to: path)
        try self.init(forWritingTo: URL(fileURLWithPath: path))
    }
}

/// The program while it serves.
final class RunningServer {
    let process: Process
    private let folder: String
    private(set) var url = ""

    /// Starts `serve` on a free port and waits for its address.
    init(data: String, environment: [String: String] = [:]) throws {
        folder = try TestCluster.makeFolder()
        process = try CommandLineRun.process(
            ["serve", "--data", data, "--port", "0"], environment)
        process.standardOutput = try FileHandle(creating: folder + "/out")
        process.standardError = try FileHandle(creating: folder + "/err")
        try process.run()
        eventually("the program prints its address") {
            url =
                output.split(separator: "\n").first.flatMap {
                    $0.split(separator: " ").last.map(String.init)
                } ?? ""
            return output.contains("Data: ") || !process.isRunning
        }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var output: String { text("out") }
    var log: String { text("err") }
    var port: UInt16 { url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 }

    /// The exit code after a signal.
    func stop(_ signal: Int32 = SIGTERM) -> Int32 {
        kill(process.processIdentifier, signal)
        return process.exitCode()
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? ""
    }
}

/// Calls `condition` until it holds; fails after half a minute.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) rethrows {
    let end = ContinuousClock.now + .seconds(30)
    while try !condition() {
        guard ContinuousClock.now < end else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        usleep(20_000)
    }
}
