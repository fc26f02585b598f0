import Glibc

/// Runs a program of the system and waits for its end.
enum ChildProcess {
    /// Bytes of its complaints that are kept.
    private static let mostComplaint = 4000

    /// - Parameters:
    ///   - command: the program's path, then its arguments; never a secret, which others could read.
    ///   - environment: variables beside those of this process.
    /// - Throws: `BackupError.program` with what it complained about when it did not end with 0.
    static func run(_ command: [String], environment: [String: String] = [:]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw BackupError.program(command[0], String(cString: strerror(errno)))
        }
        // Everything else that we have open is marked so from the start.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let id: pid_t
        do {
            defer { close(ends[1]) }
            id = try start(command, environment, errors: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        let complaint = readAll(ends[0])
        close(ends[0])
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw BackupError.program(command[0], complaint) }
    }

    private static func start(
        _ command: [String], _ environment: [String: String], errors: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var own = environment
        for name in ["PATH", "HOME", "PGPASSFILE", "PGPASSWORD"] where own[name] == nil {
            own[name] = getenv(name).map { String(cString: $0) }
        }
        own["LC_ALL"] = "C.UTF-8"
        var arguments = command.map { strdup($0) } + [nil]
        var variables = own.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var id: pid_t = 0
        let problem = posix_spawn(&id, command[0], &actions, nil, &arguments, &variables)
        guard problem == 0 else {
            throw BackupError.program(command[0], String(cString: strerror(problem)))
        }
        return id
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            if text.count < mostComplaint { text += buffer.prefix(count) }
        }
        return String(decoding: text, as: UTF8.self)
            .split(separator: "\n").joined(separator: "; ")
    }
}
