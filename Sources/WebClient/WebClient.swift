import CCurl
import Glibc

/// What came back from a request.
public struct WebAnswer: Sendable {
    public var status: Int
    /// Its beginning, as much of it as was asked for.
    public var body: [UInt8]
    /// Whether there was more than that.
    public var isCut: Bool
    public var milliseconds: Int
}

/// Why nothing came back.
public struct WebFailure: Error, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Every address of the host is one that requests may not go to.
        case forbidden
        /// The name has no address.
        case name
        case connection
        case certificate
        case timeout
    }
    public var kind: Kind
    public var milliseconds: Int

    public init(kind: Kind, milliseconds: Int) {
        self.kind = kind
        self.milliseconds = milliseconds
    }
}

/// Sends requests to addresses that strangers chose. It reaches the public internet only: the rule is
/// applied to the address that is connected to, whatever the name meant a moment before. It follows no
/// redirection, uses no proxy, and remembers nothing. Any number of threads may use it; each blocks.
public struct WebClient: Sendable {
    public enum Method: Sendable { case get, post }

    /// As much of an answer as is kept, unless more is asked for.
    public static let answerBytes = 4096
    /// For the whole exchange, from the name's look-up to the last byte.
    public static let timeoutSeconds = 15

    /// Whether this machine itself may be reached, in clear too: for development and tests.
    public let allowsLoopback: Bool
    public let timeoutSeconds: Int
    private let caFile: String?

    /// - Parameter caFile: certificates to trust instead of the system's.
    public init(
        allowsLoopback: Bool = false, timeoutSeconds: Int = WebClient.timeoutSeconds,
        caFile: String? = nil
    ) {
        self.allowsLoopback = allowsLoopback
        self.timeoutSeconds = timeoutSeconds
        self.caFile = caFile
    }

    /// Whether a request may go to this address.
    public func allows(_ address: NetworkAddress) -> Bool {
        address.isPublic || allowsLoopback && address.isLoopback
    }

    /// Whether one may be sent there as far as can be told without looking the name up: encrypted, or
    /// to this machine where that is allowed.
    public func allows(_ address: WebAddress) -> Bool {
        let isHere = address.host == "localhost" || address.literal?.isLoopback == true
        if allowsLoopback, isHere { return true }
        return address.isEncrypted && !isHere && !address.host.hasSuffix(".localhost")
            && address.literal.map(allows) != false
    }

    /// Posts `body`. Any status is an answer; without one it throws `WebFailure`.
    public func post(
        _ address: WebAddress, headers: [(name: String, value: String)], body: [UInt8],
        mostBytes: Int = WebClient.answerBytes
    ) throws(WebFailure) -> WebAnswer {
        try send(.post, address, headers, body, mostBytes)
    }

    /// As `post`, without a body.
    public func get(
        _ address: WebAddress, headers: [(name: String, value: String)], mostBytes: Int
    ) throws(WebFailure) -> WebAnswer {
        try send(.get, address, headers, [], mostBytes)
    }

    private func send(
        _ method: Method, _ address: WebAddress, _ headers: [(name: String, value: String)],
        _ body: [UInt8], _ mostBytes: Int
    ) throws(WebFailure) -> WebAnswer {
        guard allows(address) else { throw WebFailure(kind: .forbidden, milliseconds: 0) }
        let exchange = Exchange(self, mostBytes: mostBytes)
        let started = now()
        let result = perform(method, exchange, address, headers, body)
        let milliseconds = now() - started
        // An answer longer than what is kept ends the transfer, and is an answer all the same.
        if exchange.status > 0, result == CURLE_OK || exchange.isFull {
            return WebAnswer(
                status: exchange.status, body: exchange.received, isCut: exchange.isFull,
                milliseconds: milliseconds)
        }
        throw WebFailure(kind: kind(result, exchange), milliseconds: milliseconds)
    }

    private func kind(_ result: CURLcode, _ exchange: Exchange) -> WebFailure.Kind {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST: .name
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM:
            .certificate
        case CURLE_COULDNT_CONNECT where exchange.hasRefused: .forbidden
        default: .connection
        }
    }

    private func perform(
        _ method: Method, _ exchange: Exchange, _ address: WebAddress,
        _ headers: [(name: String, value: String)], _ body: [UInt8]
    ) -> CURLcode {
        Self.library
        guard let handle = curl_easy_init() else { return CURLE_FAILED_INIT }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        // Without the last a body of some size would wait for a word that few servers say.
        for (name, value) in headers { list = curl_slist_append(list, "\(name): \(value)") }
        list = curl_slist_append(list, "Expect:")
        let opaque = Unmanaged.passUnretained(exchange).toOpaque()
        return withExtendedLifetime(exchange) {
            body.withUnsafeBytes { bytes in
                var answers = options(handle, address)
                answers += [
                    comptoir_curl_set_pointer(handle, CURLOPT_HTTPHEADER, list),
                    comptoir_curl_set_callback(handle, CURLOPT_WRITEFUNCTION, takeAnswer),
                    comptoir_curl_set_pointer(handle, CURLOPT_WRITEDATA, opaque),
                    comptoir_curl_set_open(handle, openSocket, opaque),
                ]
                answers +=
                    method == .get
                    ? [comptoir_curl_set_long(handle, CURLOPT_HTTPGET, 1)]
                    : [
                        comptoir_curl_set_long(handle, CURLOPT_POST, 1),
                        comptoir_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, bytes.count),
                        comptoir_curl_set_pointer(
                            handle, CURLOPT_POSTFIELDS,
                            UnsafeMutableRawPointer(mutating: bytes.baseAddress)),
                    ]
                if let failed = answers.first(where: { $0 != CURLE_OK }) { return failed }
                let result = curl_easy_perform(handle)
                comptoir_curl_response_code(handle, &exchange.status)
                return result
            }
        }
    }

    /// Every answer is looked at: a limit that was not taken must stop the request.
    private func options(_ handle: UnsafeMutableRawPointer, _ address: WebAddress) -> [CURLcode] {
        var answers = [
            comptoir_curl_set_string(handle, CURLOPT_URL, address.text),
            comptoir_curl_set_string(
                handle, CURLOPT_PROTOCOLS_STR, address.isEncrypted ? "https" : "http"),
            comptoir_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0),
            comptoir_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
            comptoir_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            // TLS 1.2 or later: CURL_SSLVERSION_TLSv1_2.
            comptoir_curl_set_long(handle, CURLOPT_SSLVERSION, 6),
            // A proxy would make the connection, and reach what must not be reached.
            comptoir_curl_set_string(handle, CURLOPT_PROXY, ""),
            comptoir_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            comptoir_curl_set_long(handle, CURLOPT_TIMEOUT, timeoutSeconds),
            comptoir_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, timeoutSeconds),
        ]
        if let caFile {
            answers.append(comptoir_curl_set_string(handle, CURLOPT_CAINFO, caFile))
        }
        return answers
    }

    private func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    private static let library: Void = {
        // CURL_GLOBAL_DEFAULT, a macro that Swift does not import.
        _ = curl_global_init(3)
    }()
}
