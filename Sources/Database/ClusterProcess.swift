import CPostgres
import Glibc

/// PostgreSQL's main process, a child of ours or one that was found running.
struct ClusterProcess: Sendable {
    let id: pid_t
    /// The size of the log before it started.
    let logStart: Int

    /// Starts PostgreSQL, detached from our terminal and from every file we have open.
    static func start(_ places: ClusterPlaces, _ account: ClusterAccount) throws -> ClusterProcess {
        let command = [try ClusterPlaces.program("postgres"), "-D", places.data]
        return try spawn(account.launch(command), log: places.log)
    }

    /// Runs a command in a session of its own, so that Ctrl-C on our terminal does not reach it,
    /// with its output at the end of `log`.
    static func spawn(_ command: [String], log: String) throws -> ClusterProcess {
        var status = stat()
        let logStart = stat(log, &status) == 0 ? Int(status.st_size) : 0
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A listening socket of ours must not stay open in a process that outlives us.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, "/")
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags =
            Int32(spawn_in_new_session) | Int32(POSIX_SPAWN_SETSIGMASK)
            | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"]
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var id: pid_t = 0
        let problem = posix_spawn(&id, command[0], &actions, &attributes, &arguments, &variables)
        guard problem == 0 else {
            throw ClusterError.failed(program: command[0], log: String(cString: strerror(problem)))
        }
        return ClusterProcess(id: id, logStart: logStart)
    }

    /// Waits for the end of a child; answers its exit code, −1 after a signal.
    func waitForExit() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            if errno != EINTR { return -1 }
        }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : -1
    }

    /// Lets a child that has ended disappear; as long as it is a zombie its number is taken.
    /// Does nothing to a process that is not a child of ours.
    func reap() {
        var status: Int32 = 0
        waitpid(id, &status, WNOHANG)
    }

    var isRunning: Bool {
        reap()
        return ClusterProcess.isAlive(id)
    }

    /// Ends PostgreSQL: first rolling back what is open, then at once.
    func stop() throws {
        for (signal, seconds) in [(SIGINT, 30.0), (SIGQUIT, 10.0)] {
            kill(id, signal)
            let deadline = Deadline(seconds: seconds)
            while isRunning, !deadline.hasPassed { deadline.pause() }
            if !isRunning { return }
        }
        throw ClusterError.doesNotStop(processID: id)
    }
}

extension ClusterProcess {
    /// The PostgreSQL that runs in the data folder. One that is stopping is waited for, since it
    /// takes no more connections.
    static func running(
        _ places: ClusterPlaces, until deadline: Deadline
    ) throws -> (process: ClusterProcess, socketFolder: String)? {
        while true {
            guard let file = PostmasterFile(places), works(file.id, in: places.data) else {
                return nil
            }
            if !file.isStopping, let socketFolder = file.socketFolder {
                let process = ClusterProcess(id: file.id, logStart: places.logSize)
                return (process, socketFolder)
            }
            guard !deadline.hasPassed else { throw ClusterError.doesNotStop(processID: file.id) }
            deadline.pause()
        }
    }

    /// Makes sure nothing of a PostgreSQL that ended violently is in the way of a new one.
    static func clear(_ places: ClusterPlaces, until deadline: Deadline) throws {
        let patience = Deadline(seconds: 3)
        while case let leftovers = processes(in: places.data), !leftovers.isEmpty {
            guard !deadline.hasPassed else {
                throw ClusterError.doesNotStop(processID: leftovers[0])
            }
            // They end by themselves unless busy with a statement; nobody waits for its result.
            if patience.hasPassed { leftovers.forEach { kill($0, SIGQUIT) } }
            deadline.pause()
        }
        guard let file = PostmasterFile(places) else { return }
        if let socketFolder = file.socketFolder {
            places.removeTemporary(socketFolder: socketFolder)
        }
        // The number may now belong to a stranger, or to a zombie that nobody buries;
        // PostgreSQL would take either for a running server and refuse to start for ever.
        unlink(places.postmasterFile)
    }

    private static func works(_ id: pid_t, in data: String) -> Bool {
        isAlive(id) && folder(of: id) == canonical(data) && isPostgres(id)
    }

    /// Every process whose current folder is the data folder, as PostgreSQL's all are.
    private static func processes(in data: String) -> [pid_t] {
        guard let directory = opendir("/proc"), let data = canonical(data) else { return [] }
        defer { closedir(directory) }
        var found: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let id = pid_t(name), isAlive(id), folder(of: id) == data, isPostgres(id)
            else { continue }
            found.append(id)
        }
        return found
    }

    /// Whether a process is there and not a zombie.
    static func isAlive(_ id: pid_t) -> Bool {
        guard kill(id, 0) == 0 || errno == EPERM else { return false }
        // The name stands in brackets and may itself contain some; the state follows the last.
        guard let status = Files.text("/proc/\(id)/stat"), let end = status.lastIndex(of: ")")
        else { return false }
        return status[end...].dropFirst(2).first != "Z"
    }

    private static func isPostgres(_ id: pid_t) -> Bool {
        Files.text("/proc/\(id)/comm")?.hasPrefix("postgres") == true
    }

    private static func folder(of id: pid_t) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes {
            readlink(
                "/proc/\(id)/cwd", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    private static func canonical(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

extension Cluster {
    /// Whether PostgreSQL runs on a folder, whoever started it. A file that a machine left behind when it
    /// was switched off says so only while another program has the number.
    public static func isRunning(_ folder: String) -> Bool {
        guard let file = PostmasterFile(ClusterPlaces(folder: folder)) else { return false }
        return kill(file.id, 0) == 0 || errno == EPERM
    }
}

/// What PostgreSQL writes about itself into its folder.
private struct PostmasterFile {
    let id: pid_t
    let socketFolder: String?
    let isStopping: Bool

    init?(_ places: ClusterPlaces) {
        guard let text = Files.text(places.postmasterFile) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let id = lines.first.flatMap({ pid_t($0) }) else { return nil }
        self.id = id
        socketFolder = lines.count > 4 && !lines[4].isEmpty ? String(lines[4]) : nil
        isStopping = lines.count > 7 && lines[7].hasPrefix("stopping")
    }
}
