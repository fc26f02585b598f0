import Glibc

/// Where a cluster keeps what it has.
struct ClusterPlaces: Sendable {
    let folder: String

    /// The release whose format the data have.
    static let version = "15"

    /// A socket's path is a field of 108 bytes in the kernel, with its zero.
    private static let socketPathLimit = 107
    private static let socketName = "/.s.PGSQL.5432"
    /// Bytes after which the log of the previous run is put aside at the next start.
    private static let logLimit = 10_000_000

    var data: String { folder + "/data" }
    var log: String { folder + "/postgres.log" }
    var changeLock: String { folder + "/change.lock" }
    var usersLock: String { folder + "/users.lock" }
    var postmasterFile: String { data + "/postmaster.pid" }
    private var run: String { folder + "/run" }

    init(folder: String) {
        var folder = folder
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        self.folder = folder
    }

    static func program(_ name: String) throws -> String {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let folders =
            ["/usr/lib/postgresql/\(version)/bin"] + path.split(separator: ":").map(String.init)
        for folder in folders where access(folder + "/" + name, X_OK) == 0 {
            return folder + "/" + name
        }
        throw ClusterError.programMissing(name: name)
    }

    func check() throws {
        guard folder.hasPrefix("/") else {
            throw ClusterError.file(path: folder, reason: "not an absolute path")
        }
    }

    /// The folder itself, so that the cluster's user can pass through but not change it.
    func make(for account: ClusterAccount) throws {
        try Files.makeFolder(folder, mode: account.isCurrent ? 0o700 : 0o711)
        guard !account.isCurrent else { return }
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            let test = try ClusterProcess.spawn(
                account.launch(["/usr/bin/test", "-x", path]), log: "/dev/null")
            if test.waitForExit() != 0 {
                throw ClusterError.outOfReach(folder: path, user: account.name)
            }
        }
    }

    /// A folder that only the cluster's user (and root) can enter.
    func makeFolder(_ path: String, for account: ClusterAccount) throws {
        try Files.makeFolder(path, mode: 0o700)
        // Nobody asks for what is so already: a service may be forbidden the call.
        guard chmod(path, 0o700) == 0,
            account.isCurrent || chown(path, account.user, account.group) == 0
        else {
            throw ClusterError.file(path: path, reason: Files.lastError)
        }
    }

    /// Where the socket goes: beside the data, or in a new short folder when that is too long.
    func makeSocketFolder(for account: ClusterAccount) throws -> String {
        if (run + ClusterPlaces.socketName).utf8.count <= ClusterPlaces.socketPathLimit {
            try makeFolder(run, for: account)
            return run
        }
        let runtime = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? ""
        let isUsable = account.isCurrent && runtime.hasPrefix("/") && runtime.utf8.count < 60
        let parent = isUsable && access(runtime, W_OK) == 0 ? runtime : "/tmp"
        // A random name in a folder others can write to, made with mode 0700 at once: nobody
        // can have put a folder of their own there.
        var template = Array((parent + "/postgres-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ClusterError.file(path: parent, reason: Files.lastError)
        }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        try makeFolder(path, for: account)
        return path
    }

    /// Takes a short folder away again; the one beside the data stays.
    func removeTemporary(socketFolder: String) {
        let name = socketFolder.split(separator: "/").last ?? ""
        guard socketFolder != run, name.hasPrefix("postgres-") else { return }
        // Nothing else is touched, because root may be told of this folder by a file that
        // another user wrote.
        unlink(socketFolder + ClusterPlaces.socketName)
        unlink(socketFolder + ClusterPlaces.socketName + ".lock")
        rmdir(socketFolder)
    }

    var logSize: Int {
        var status = stat()
        return stat(log, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Nobody else turns it, and a log must not fill a disk.
    func turnLog() {
        if logSize > ClusterPlaces.logLimit { rename(log, log + ".1") }
    }

    /// The last lines written to the log since it had `start` bytes.
    func logTail(from start: Int) -> String {
        let text = Files.text(log) ?? ""
        let lines = text.utf8.dropFirst(start).split(separator: UInt8(ascii: "\n")).suffix(5)
        return lines.map { String(Substring($0)) }.joined(separator: "; ")
    }
}

/// The user of the operating system PostgreSQL runs as: it refuses to run as root.
struct ClusterAccount: Sendable {
    let user: uid_t
    let group: gid_t
    let name: String
    /// Whether that is who runs this program.
    let isCurrent: Bool

    /// The owner of the data if there are any; else the current user, or `postgres` for root.
    init(_ places: ClusterPlaces) throws {
        let current = geteuid()
        var status = stat()
        let exists = stat(places.data, &status) == 0
        let entry: UnsafeMutablePointer<passwd>?
        if exists, status.st_uid != 0 {
            entry = getpwuid(status.st_uid)
        } else if current == 0 {
            entry = getpwnam("postgres")
            if entry == nil { throw ClusterError.userMissing(name: "postgres") }
        } else {
            entry = getpwuid(current)
        }
        guard let entry else {
            throw ClusterError.userUnnamed(id: exists ? status.st_uid : current)
        }
        user = entry.pointee.pw_uid
        group = entry.pointee.pw_gid
        name = String(cString: entry.pointee.pw_name)
        isCurrent = user == current
        guard isCurrent || current == 0 else {
            throw ClusterError.belongsToAnother(folder: places.data, user: name)
        }
    }

    /// The command that runs `arguments` as this user.
    func launch(_ arguments: [String]) -> [String] {
        if isCurrent { return arguments }
        let identity = ["--reuid=\(user)", "--regid=\(group)", "--init-groups"]
        return ["/usr/bin/setpriv"] + identity + ["--"] + arguments
    }
}

/// Locks on files, which vanish with the program that holds them, however it ends.
enum FileLock {
    static func exclusive(
        _ path: String, _ account: ClusterAccount, deadline seconds: Double
    ) throws -> Int32 {
        let file = try open(path, account)
        let deadline = Deadline(seconds: seconds)
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard !deadline.hasPassed else {
                close(file)
                throw ClusterError.busy(folder: path)
            }
            deadline.pause()
        }
        return file
    }

    static func shared(_ path: String, _ account: ClusterAccount) throws -> Int32 {
        let file = try open(path, account)
        // Never waits: it is held exclusively only by one that stops, under the other lock.
        flock(file, LOCK_SH)
        return file
    }

    private static func open(_ path: String, _ account: ClusterAccount) throws -> Int32 {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw ClusterError.file(path: path, reason: Files.lastError) }
        if !account.isCurrent { fchown(file, account.user, account.group) }
        return file
    }
}
