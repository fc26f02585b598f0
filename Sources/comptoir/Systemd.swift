import Glibc

/// What systemd is told by a service that says itself when it is ready (`Type=notify`): a datagram a
/// message, to the socket that it named. Started by anybody else, the program says nothing.
enum Systemd {
    /// `READY=1`, `STOPPING=1` and the like, as sd_notify(3) lists them.
    static func tell(_ message: String) {
        guard let path = Surroundings.variable("NOTIFY_SOCKET"), var address = address(path) else {
            return
        }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(AF_UNIX, kind, 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let bytes = Array(message.utf8)
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }

    /// That it reads its files again; `READY=1` ends it. The time belongs to it where systemd waits.
    static func tellReloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        tell("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)")
    }

    /// A path, or a name that begins with `@` and that no file has.
    private static func address(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        guard [UInt8(ascii: "/"), UInt8(ascii: "@")].contains(bytes.first),
            bytes.count < MemoryLayout.size(ofValue: address.sun_path)
        else { return nil }
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }
}
