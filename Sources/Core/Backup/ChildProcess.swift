import Glibc

/// A program of the system while it runs, and its end.
struct ChildProcess {
    /// Bytes of its complaints that are kept.
    private static let mostComplaint = 4000
    /// How often somebody who may lose patience is asked, in microseconds.
    private static let lookMicroseconds: UInt32 = 10_000

    let id: pid_t
    private let name: String
    /// What it complains about goes to an unnamed file, which takes everything without a reader.
    private let complaints: Int32

    /// Runs a program and waits for its end.
    ///
    /// - Parameters:
    ///   - command: the program's path, then its arguments; never a secret, which others could read.
    ///   - environment: variables beside those of this process.
    ///   - output: a descriptor for what it prints; nothing is kept without one.
    ///   - isCancelled: asked now and then; the program is ended when it says yes.
    /// - Throws: `BackupError.program` with what it complained about when it did not end with 0, and
    ///   `BackupError.stopped`.
    static func run(
        _ command: [String], environment: [String: String] = [:], output: Int32? = nil,
        isCancelled: () -> Bool = { false }
    ) throws {
        try ChildProcess(command, environment: environment, output: output)
            .finish(isCancelled: isCancelled)
    }

    /// Runs a program and hands on what it prints, piece by piece.
    static func read(
        _ command: [String], environment: [String: String] = [:],
        _ take: (() throws -> [UInt8]) throws -> Void
    ) throws {
        let ends = try pair(command[0])
        let child: ChildProcess
        do {
            defer { close(ends[1]) }
            child = try ChildProcess(command, environment: environment, output: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        do {
            defer { close(ends[0]) }
            try take { try Descriptor.read(ends[0], atMost: Descriptor.pieceBytes, command[0]) }
        } catch {
            child.end()
            throw error
        }
        try child.finish()
    }

    /// Runs a program that reads what `give` writes.
    static func write(
        _ command: [String], _ give: (([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let ends = try pair(command[0])
        let child: ChildProcess
        do {
            defer { close(ends[1]) }
            child = try ChildProcess(command, input: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        do {
            defer { close(ends[0]) }
            try give { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = rest.withUnsafeBytes {
                        send(ends[0], $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    if count < 0, errno == EINTR { continue }
                    // It says itself why it reads no more.
                    guard count > 0 else { return }
                    rest = rest.dropFirst(count)
                }
            }
        } catch {
            child.end()
            throw error
        }
        try child.finish()
    }

    init(
        _ command: [String], environment: [String: String] = [:], input: Int32? = nil,
        output: Int32? = nil
    ) throws {
        name = command[0]
        complaints = try ChildProcess.unnamedFile(command[0])
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, complaints, 2)
        var own = environment
        for name in ["PATH", "HOME", "PGPASSFILE", "PGPASSWORD"] where own[name] == nil {
            own[name] = getenv(name).map { String(cString: $0) }
        }
        own["LC_ALL"] = "C.UTF-8"
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of ours hold signals back, which a program that must be ended may not inherit.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments = command.map { strdup($0) } + [nil]
        var variables = own.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var id: pid_t = 0
        let problem = posix_spawn(&id, command[0], &actions, &attributes, &arguments, &variables)
        guard problem == 0 else {
            close(complaints)
            throw BackupError.program(command[0], String(cString: strerror(problem)))
        }
        self.id = id
    }

    private func finish(isCancelled: () -> Bool = { false }) throws {
        defer { close(complaints) }
        var status: Int32 = 0
        var isStopped = false
        var ended: pid_t = 0
        while ended == 0 || ended < 0 && errno == EINTR {
            ended = waitpid(id, &status, WNOHANG)
            if ended != 0 { continue }
            if !isStopped, isCancelled() {
                isStopped = true
                kill(id, SIGTERM)
            }
            usleep(ChildProcess.lookMicroseconds)
        }
        if isStopped { throw BackupError.stopped }
        guard ended == id, status == 0 else { throw BackupError.program(name, complaint) }
    }

    /// Ends it without asking how it went.
    private func end() {
        kill(id, SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        close(complaints)
    }

    private var complaint: String {
        var buffer = [UInt8](repeating: 0, count: ChildProcess.mostComplaint)
        let count = pread(complaints, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
            .split(separator: "\n").joined(separator: "; ")
    }

    /// Two ends of a connection, ours first. A socket can be written to without the signal that would end
    /// this program when the other end is gone; and no other program that starts meanwhile inherits it.
    private static func pair(_ name: String) throws -> [Int32] {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw failure(name) }
        return ends
    }

    private static func unnamedFile(_ name: String) throws -> Int32 {
        var template = Array("/tmp/comptoir-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw failure(name) }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return file
    }

    private static func failure(_ name: String) -> BackupError {
        .program(name, String(cString: strerror(errno)))
    }
}

/// Reading and writing by descriptor, to the end and in spite of interruptions.
enum Descriptor {
    static let pieceBytes = 1 << 20

    /// Nothing at the end.
    static func read(_ file: Int32, atMost count: Int, _ path: String) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while true {
                let got = Glibc.read(file, buffer.baseAddress, count)
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else {
                    throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
                }
                filled = got
                return
            }
        }
    }

    static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
            }
            rest = rest.dropFirst(count)
        }
    }

    static func open(_ path: String) throws -> Int32 {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
        return file
    }

    /// A new file for its owner alone.
    static func create(_ path: String) throws -> Int32 {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
        return file
    }
}
