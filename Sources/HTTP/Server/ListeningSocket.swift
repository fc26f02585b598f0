import CEvent
import Glibc

/// Listening sockets that share one port, one for each event loop.
enum ListeningSocket {
    /// How many connections may wait to be accepted, for each loop.
    private static let backlog: Int32 = 512

    /// Opens the sockets.
    ///
    /// - Parameters:
    ///   - address: a numeric address, IPv4 or IPv6.
    ///   - port: the port, 0 for a free one.
    ///   - count: how many sockets share it.
    /// - Returns: the descriptors and the port they share.
    /// - Throws: when the address is not numeric or the port is taken.
    static func open(
        address: String, port: Int, count: Int
    ) throws(HTTPSetupError) -> (descriptors: [Int32], port: Int) {
        var name = try SocketAddress(address, port)
        // SO_REUSEPORT would let a second program of the same user share the port unnoticed, and
        // take half of the connections. A socket without it finds out.
        if port != 0 {
            close(try bound(to: name, sharing: false))
        }
        var descriptors: [Int32] = []
        do throws(HTTPSetupError) {
            for _ in 0..<count {
                let descriptor = try bound(to: name, sharing: true)
                descriptors.append(descriptor)
                guard listen(descriptor, backlog) == 0 else { throw failure(name) }
                name = try SocketAddress(address, boundPort(descriptor))
            }
        } catch {
            descriptors.forEach { close($0) }
            throw error
        }
        return (descriptors, name.port)
    }

    private static func bound(
        to name: SocketAddress, sharing: Bool
    ) throws(HTTPSetupError) -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(name.family, Int32(kind), 0)
        guard descriptor >= 0 else { throw failure(name) }
        enable(SO_REUSEADDR, at: SOL_SOCKET, on: descriptor)
        if sharing { enable(SO_REUSEPORT, at: SOL_SOCKET, on: descriptor) }
        // Accepted sockets inherit it. Without it small answers wait 44 ms for an acknowledgement.
        enable(Int32(TCP_NODELAY), at: Int32(IPPROTO_TCP), on: descriptor)
        if name.family == AF_INET6 {
            enable(Int32(IPV6_V6ONLY), at: Int32(IPPROTO_IPV6), on: descriptor)
        }
        let result = name.withPointer { bind(descriptor, $0, $1) }
        guard result == 0 else {
            let error = failure(name)
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func enable(_ option: Int32, at level: Int32, on descriptor: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func boundPort(_ descriptor: Int32) -> Int {
        var storage = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        // The port stands at the same place in both kinds of address.
        withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getsockname(descriptor, $0, &length)
            }
        }
        return Int(UInt16(bigEndian: storage.sin6_port))
    }

    private static func failure(_ name: SocketAddress) -> HTTPSetupError {
        HTTPSetupError(
            "Cannot listen on \(name.address) port \(name.port): "
                + "\(String(cString: strerror(errno))).")
    }
}

/// A numeric address and port in the form the kernel takes.
private struct SocketAddress {
    let address: String
    let port: Int
    let family: Int32
    private var version4 = sockaddr_in()
    private var version6 = sockaddr_in6()

    init(_ address: String, _ port: Int) throws(HTTPSetupError) {
        self.address = address
        self.port = port
        version4.sin_family = sa_family_t(AF_INET)
        version4.sin_port = in_port_t(port).bigEndian
        version6.sin6_family = sa_family_t(AF_INET6)
        version6.sin6_port = in_port_t(port).bigEndian
        if inet_pton(AF_INET, address, &version4.sin_addr) == 1 {
            family = AF_INET
        } else if inet_pton(AF_INET6, address, &version6.sin6_addr) == 1 {
            family = AF_INET6
        } else {
            throw HTTPSetupError("\(address) is not a numeric address.")
        }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        func call<Address>(_ address: Address) -> Result {
            withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
        return family == AF_INET ? call(version4) : call(version6)
    }
}
