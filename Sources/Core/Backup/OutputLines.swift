import Glibc

/// Lines of what comes piece by piece: of a program or a file. Memory holds a piece, and a line as far as it is
/// wanted.
struct OutputLines {
    /// What of a line is handed on, in bytes.
    let most: Int
    private var line: [UInt8] = []

    init(most: Int) { self.most = most }

    /// Hands on each line that ends in these pieces; what follows the last end is no line yet.
    mutating func read(_ next: () throws -> [UInt8], _ body: (String) throws -> Void) throws {
        while case let bytes = try next(), !bytes.isEmpty {
            var rest = bytes[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end].prefix(most - line.count)
                try body(String(decoding: line, as: UTF8.self))
                line.removeAll(keepingCapacity: true)
                rest = rest[(end + 1)...]
            }
            line += rest.prefix(most - line.count)
        }
    }
}

extension ChildProcess {
    /// Runs a program and hands on each line that it prints, `most` bytes of it at most.
    static func eachLine(
        of command: [String], environment: [String: String] = [:], most: Int = 1 << 20,
        _ body: (String) throws -> Void
    ) throws {
        var lines = OutputLines(most: most)
        try read(command, environment: environment) { try lines.read($0, body) }
    }
}
