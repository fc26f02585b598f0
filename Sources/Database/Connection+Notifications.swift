import CPostgres
import Glibc

/// What another connection sent by `NOTIFY` or `pg_notify`, when its transaction committed.
public struct Notification: Sendable, Equatable {
    public let channel: String
    /// Empty when none was given.
    public let payload: String
}

extension Connection {
    /// From now on receives what is sent to a channel. For a connection kept for this purpose,
    /// not for one of a pool.
    public func listen(to channel: StaticString) throws {
        try runScript("LISTEN \"\(channel)\"")
    }

    /// What has arrived; waits for the first up to `waitSeconds`, then answers an empty list.
    /// Throws `.unavailable` when the connection is lost, after which all that was sent since is
    /// lost as well: connect, listen and look at the tables again.
    public func notifications(waitSeconds: Double) throws -> [Notification] {
        guard !isBroken else { throw DatabaseError.lostBefore }
        let deadline = Deadline(seconds: waitSeconds)
        while true {
            guard PQconsumeInput(handle) == 1 else { throw lost() }
            var arrived: [Notification] = []
            while let notification = PQnotifies(handle) {
                arrived.append(
                    Notification(
                        channel: String(cString: notification.pointee.relname),
                        payload: String(cString: notification.pointee.extra)))
                PQfreemem(notification)
            }
            if !arrived.isEmpty { return arrived }
            let milliseconds = deadline.remainingMilliseconds
            if milliseconds == 0 { return [] }
            var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            _ = poll(&socket, 1, milliseconds)
        }
    }
}
