import Glibc

/// Why a helper gave no answer.
public enum HelperFailure: Error, Sendable, Equatable {
    /// It took longer than it may.
    case timeout
    /// It died: of too much memory or computing time, or of a fault in a library.
    case died(signal: Int32)
    /// It ended by itself with another code than 0.
    case ended(code: Int32)
    /// It answered more than it may.
    case tooMuch
    /// It could not be started.
    case notStarted(String)
}

/// Runs this program again, to do in a process of its own what may go wrong: reading a hostile file.
/// Bytes go in by standard input, bytes come out by standard output; nothing else is inherited.
public struct HelperProcess: Sendable {
    /// This program, however it was started and whatever replaced its file since.
    public static let ownProgram = "/proc/self/exe"

    public let program: String
    public let arguments: [String]
    /// From start to end.
    public let seconds: Int
    /// Of the answer.
    public let mostBytes: Int

    public init(_ program: String, _ arguments: [String], seconds: Int, mostBytes: Int) {
        self.program = program
        self.arguments = arguments
        self.seconds = seconds
        self.mostBytes = mostBytes
    }

    public func run(_ input: [UInt8]) throws(HelperFailure) -> [UInt8] {
        var near: [Int32] = [-1, -1]
        // A socket instead of a pipe: writing to one whose other end is gone raises no signal.
        guard socketpair(AF_UNIX, Self.socketType, 0, &near) == 0 else {
            throw .notStarted(String(cString: strerror(errno)))
        }
        let id: pid_t
        do {
            defer { close(near[1]) }
            id = try start(near[1])
        } catch {
            close(near[0])
            throw error
        }
        let deadline = Self.now() + seconds * 1000
        let answer = exchange(input, near[0], until: deadline)
        close(near[0])
        let status = end(of: id, until: answer == nil ? 0 : deadline)
        guard let answer, let status else { throw .timeout }
        if status & 0x7f != 0 { throw .died(signal: status & 0x7f) }
        guard status == 0 else { throw .ended(code: status >> 8) }
        guard answer.count <= mostBytes else { throw .tooMuch }
        return answer
    }

    /// How it ended; nil when it had to be killed, having closed its answer without ending.
    private func end(of id: pid_t, until deadline: Int) -> Int32? {
        var status: Int32 = 0
        while Self.now() < deadline {
            let ended = waitpid(id, &status, WNOHANG)
            if ended == id { return status }
            if ended < 0, errno != EINTR { return nil }
            usleep(1000)
        }
        kill(id, SIGKILL)
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return nil
    }

    private static let socketType =
        Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    private func start(_ end: Int32) throws(HelperFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, end, 0)
        posix_spawn_file_actions_adddup2(&actions, end, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = [strdup("LC_ALL=C.UTF-8"), nil]
        defer { (words + variables).forEach { free($0) } }
        var id: pid_t = 0
        let problem = posix_spawn(&id, program, &actions, nil, words, variables)
        guard problem == 0 else { throw .notStarted(String(cString: strerror(problem))) }
        return id
    }

    /// Sends everything and reads until the other end closes; nil when that takes too long.
    private func exchange(_ input: [UInt8], _ end: Int32, until deadline: Int) -> [UInt8]? {
        var (sent, answer) = (0, [UInt8]())
        var buffer = [UInt8](repeating: 0, count: 65_536)
        if input.isEmpty { shutdown(end, Int32(SHUT_WR)) }
        while answer.count <= mostBytes {
            let left = deadline - Self.now()
            guard left > 0 else { return nil }
            let wanted = Int16(POLLIN) | (sent < input.count ? Int16(POLLOUT) : 0)
            var place = pollfd(fd: end, events: wanted, revents: 0)
            guard poll(&place, 1, Int32(left)) > 0 else { continue }
            if place.revents & Int16(POLLOUT) != 0 {
                sent += push(input, from: sent, to: end)
                if sent >= input.count { shutdown(end, Int32(SHUT_WR)) }
            }
            if place.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
                let count = recv(end, &buffer, buffer.count, 0)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return answer }
                answer += buffer[..<count]
            }
        }
        return answer
    }

    /// How many bytes went; all that are left when nobody takes them any more.
    private func push(_ input: [UInt8], from start: Int, to end: Int32) -> Int {
        let count = input.withUnsafeBytes {
            send(
                end, $0.baseAddress! + start, min(input.count - start, 65_536),
                Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : input.count - start
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
