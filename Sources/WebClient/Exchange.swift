import CCurl
import Glibc

/// What libcurl writes and asks during one request. One thread uses it at a time.
final class Exchange {
    private let client: WebClient
    private let mostBytes: Int
    private(set) var received: [UInt8] = []
    private(set) var isFull = false
    /// Whether an address of the host was one that requests may not go to.
    private(set) var hasRefused = false
    var status = 0

    init(_ client: WebClient, mostBytes: Int) {
        self.client = client
        self.mostBytes = mostBytes
    }

    /// How many bytes it took; fewer than there were ends the transfer.
    func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = bytes.prefix(mostBytes - received.count)
        received += taken
        if taken.count < bytes.count { isFull = true }
        return taken.count
    }

    func mayConnect(family: Int32, _ address: UnsafeRawPointer) -> Bool {
        let isAllowed = NetworkAddress(family: family, address).map(client.allows) ?? false
        if !isAllowed { hasRefused = true }
        return isAllowed
    }
}

func takeAnswer(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ exchange: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let exchange else { return 0 }
    return Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue()
        .take(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

/// Makes the socket that libcurl is about to connect, or refuses to: `address` is the very one that it
/// connects to, after the name was looked up.
func openSocket(
    _ exchange: UnsafeMutableRawPointer?, _: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    // CURL_SOCKET_BAD.
    let refused: curl_socket_t = -1
    guard let exchange, let address,
        let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr)
    else { return refused }
    let isAllowed = Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue()
        .mayConnect(family: address.pointee.family, UnsafeRawPointer(address) + offset)
    guard isAllowed else { return refused }
    let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.pointee.family, type, address.pointee.protocol)
}
