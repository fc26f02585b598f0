import Basics
import Glibc

/// Data go to standard output, and everything said to the person beside it to standard error.
enum Output {
    static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8), to: descriptor)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// How far a long command has come, as a bar on a terminal and as nothing elsewhere.
struct Progress: Sendable {
    private static let width = 30
    private let isShown = isatty(STDERR_FILENO) == 1

    /// `total` is nil when it cannot be known: then only the count is shown.
    func show(_ done: Int, of total: Int?, _ what: String) {
        guard isShown else { return }
        guard let total, total > 0 else {
            return Output.write("\r\(what) \(done)\u{1B}[K", to: STDERR_FILENO)
        }
        let filled = min(Progress.width, done * Progress.width / total)
        let bar =
            String(repeating: "█", count: filled)
            + String(repeating: "░", count: Progress.width - filled)
        Output.write("\r\(bar) \(done * 100 / total) % \(what)\u{1B}[K", to: STDERR_FILENO)
        if done >= total { Output.write("\r\u{1B}[K", to: STDERR_FILENO) }
    }
}

/// Passwords never stand on the command line, where every user of the machine can read them.
enum Secret {
    /// From COMPTOIR_PASSWORD, or asked for twice on the terminal without showing it.
    static func newPassword() throws -> String {
        try new("Password", from: "COMPTOIR_PASSWORD")
    }

    /// That of the private key of backups, chosen now.
    static func newPassphrase() throws -> String {
        try new("Passphrase", from: passphraseVariable)
    }

    /// That of the private key of backups, as it was chosen.
    static func passphrase() throws -> String {
        try Surroundings.variable(passphraseVariable)
            ?? ask("Passphrase of the private key: ", instead: passphraseVariable)
    }

    private static let passphraseVariable = "COMPTOIR_KEY_PASSPHRASE"

    private static func new(_ name: String, from variable: String) throws -> String {
        if let given = Surroundings.variable(variable) { return given }
        let word = try ask(name + ": ", instead: variable)
        guard try ask("Once more: ", instead: variable) == word else {
            throw Failure("the two differ")
        }
        return word
    }

    private static func ask(_ question: String, instead variable: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            throw UsageError("set \(variable), or run this on a terminal")
        }
        Output.write(question, to: STDERR_FILENO)
        var settings = termios()
        tcgetattr(STDIN_FILENO, &settings)
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            Output.write("\n", to: STDERR_FILENO)
        }
        return readLine() ?? ""
    }
}
