import Basics
import Core
import Glibc

/// A file read piece by piece, so that its size does not matter; unpacked by `xz` when its name ends so.
struct ImportedFile {
    private static let pieceBytes = 1 << 18

    let path: String
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Hands over the bytes in their order, with the part of the file that was read so far when it is
    /// known: an unpacked file has a length, a packed one does not.
    func read(_ body: (ArraySlice<UInt8>, _ done: Int, _ total: Int?) throws -> Void) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw ImportedFile.unreadable(path, errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw ImportedFile.unreadable(path, EISDIR)
        }
        guard path.hasSuffix(".xz") else {
            let isPlain = status.st_mode & S_IFMT == S_IFREG
            return try pieces(of: file, total: isPlain ? Int(status.st_size) : nil, body)
        }
        let unpacking = try Unpacking(of: file)
        do {
            try pieces(of: unpacking.output, total: nil, body)
        } catch {
            _ = unpacking.finish()
            throw error
        }
        guard unpacking.finish() else {
            throw Problem.invalid(
                "file",
                Text("Le fichier compressé est abîmé.", "The compressed file is damaged."))
        }
    }

    private func pieces(
        of file: Int32, total: Int?, _ body: (ArraySlice<UInt8>, Int, Int?) throws -> Void
    ) throws {
        var piece = [UInt8](repeating: 0, count: ImportedFile.pieceBytes)
        var done = 0
        while true {
            let count = piece.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ImportedFile.unreadable(path, errno) }
            if count == 0 { return }
            done += count
            try body(piece[..<count], done, total)
        }
    }

    private static func unreadable(_ path: String, _ code: Int32) -> Problem {
        let reason = String(cString: strerror(code))
        return .invalid(
            "file",
            Text("\(path) ne peut pas être lu (\(reason)).", "\(path) cannot be read (\(reason))."))
    }
}

/// `xz -dc` between a file and us.
private struct Unpacking {
    let output: Int32
    private let process: pid_t

    init(of file: Int32) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Problem.unavailable }
        ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var arguments = ["xz", "-dc"].map { (word: String) in strdup(word) } + [nil]
        defer { arguments.forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, "xz", &actions, nil, &arguments, environ)
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            throw Problem.invalid(
                "file",
                Text(
                    "Le programme xz manque : installez le paquet xz-utils.",
                    "The program xz is missing: install the package xz-utils."))
        }
        output = ends[0]
        self.process = process
    }

    /// Whether everything was unpacked. Closing our end first stops an `xz` that has more to say.
    func finish() -> Bool {
        close(output)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status == 0
    }
}
