import CCurl
import Glibc

/// What libcurl reads and writes during one request. One thread uses it at a time.
final class Transfer {
    /// What is kept of an answer that goes to no file: a page of a listing, or an error.
    private static let mostBytes = 4 * 1_048_576

    private let input: Int32?
    /// What is left to be read of it; nil for all.
    private var left: Int?
    private var memory: ArraySlice<UInt8>
    private let output: Int32?
    /// The answer's own name for what was sent.
    private(set) var entityTag = ""
    private(set) var received: [UInt8] = []
    private(set) var complaint = ""
    var handle: UnsafeMutableRawPointer?

    init(
        reading input: Int32? = nil, most left: Int? = nil, sending memory: [UInt8] = [],
        writing output: Int32? = nil
    ) {
        self.input = input
        self.left = left
        self.memory = memory[...]
        self.output = output
    }

    var text: String { String(decoding: received, as: UTF8.self) }

    func give(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        guard let input else {
            let part = memory.prefix(bytes.count)
            bytes.copyBytes(from: part)
            memory = memory.dropFirst(part.count)
            return part.count
        }
        while true {
            let count = read(input, bytes.baseAddress, min(bytes.count, left ?? bytes.count))
            if count < 0, errno == EINTR { continue }
            if count > 0 { left? -= count }
            // CURL_READFUNC_ABORT
            return count < 0 ? 0x1000_0000 : count
        }
    }

    /// One line of the answer's head.
    func note(_ line: String) {
        guard line.prefix(5).lowercased() == "etag:" else { return }
        entityTag = String(line.dropFirst(5).filter { !$0.isWhitespace })
    }

    /// How many bytes it took; fewer than there were ends the transfer.
    func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let output, status == 200 else {
            received += bytes.prefix(Transfer.mostBytes - received.count)
            return bytes.count
        }
        var sent = 0
        while sent < bytes.count {
            let count = write(output, bytes.baseAddress! + sent, bytes.count - sent)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                complaint = String(cString: strerror(errno))
                return sent
            }
            sent += count
        }
        return sent
    }

    /// Known before the first byte of the answer's body.
    var status: Int {
        var status = 0
        if let handle { comptoir_curl_response_code(handle, &status) }
        return status
    }
}

private func giveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let transfer else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
        .give(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

private func takeAnswer(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let transfer else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
        .take(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func takeHead(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let transfer else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
        .note(String(decoding: line, as: UTF8.self))
    return size * count
}

extension Bucket {
    enum Verb { case get, delete, put(bytes: Int), post(bytes: Int) }

    private static let connectSeconds = 15
    /// A transfer that brings less than a byte each second for so long is over.
    private static let stallSeconds = 60

    func perform(
        _ verb: Verb, _ address: String, _ sha256: String, _ transfer: Transfer
    ) throws(BucketError) {
        Self.library
        guard let handle = curl_easy_init() else { throw .unreachable(reason: "no libcurl") }
        defer { curl_easy_cleanup(handle) }
        transfer.handle = handle
        defer { transfer.handle = nil }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        list = curl_slist_append(list, "x-amz-content-sha256: \(sha256)")
        let opaque = Unmanaged.passUnretained(transfer).toOpaque()
        let result = withExtendedLifetime(transfer) { () -> CURLcode in
            let answers =
                options(handle, address, verb) + [
                    comptoir_curl_set_pointer(handle, CURLOPT_HTTPHEADER, list),
                    comptoir_curl_set_callback(handle, CURLOPT_READFUNCTION, giveBody),
                    comptoir_curl_set_pointer(handle, CURLOPT_READDATA, opaque),
                    comptoir_curl_set_callback(handle, CURLOPT_WRITEFUNCTION, takeAnswer),
                    comptoir_curl_set_pointer(handle, CURLOPT_WRITEDATA, opaque),
                    comptoir_curl_set_callback(handle, CURLOPT_HEADERFUNCTION, takeHead),
                    comptoir_curl_set_pointer(handle, CURLOPT_HEADERDATA, opaque),
                ]
            if let failed = answers.first(where: { $0 != CURLE_OK }) { return failed }
            return curl_easy_perform(handle)
        }
        let status = transfer.status
        if status >= 300 {
            let code = ObjectPage.contents("Code", transfer.text).first ?? ""
            throw .refused(status: status, code: String(code.prefix(100)))
        }
        guard result == CURLE_OK, status >= 200 else {
            let reason = String(cString: curl_easy_strerror(result))
            throw .unreachable(reason: transfer.complaint.isEmpty ? reason : transfer.complaint)
        }
    }

    /// Every answer is looked at: a limit that was not taken must stop the request.
    private func options(
        _ handle: UnsafeMutableRawPointer, _ address: String, _ verb: Verb
    ) -> [CURLcode] {
        let common = [
            comptoir_curl_set_string(handle, CURLOPT_URL, address),
            comptoir_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            comptoir_curl_set_string(handle, CURLOPT_AWS_SIGV4, "aws:amz:\(region):s3"),
            comptoir_curl_set_string(handle, CURLOPT_USERNAME, credentials.id),
            comptoir_curl_set_string(handle, CURLOPT_PASSWORD, credentials.secret),
            comptoir_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0),
            comptoir_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
            comptoir_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            // TLS 1.2 or later: CURL_SSLVERSION_TLSv1_2.
            comptoir_curl_set_long(handle, CURLOPT_SSLVERSION, 6),
            comptoir_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            comptoir_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, Bucket.connectSeconds),
            comptoir_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1),
            comptoir_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, Bucket.stallSeconds),
        ]
        switch verb {
        case .get: return common + [comptoir_curl_set_long(handle, CURLOPT_HTTPGET, 1)]
        case .delete:
            return common + [comptoir_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, "DELETE")]
        case .put(let bytes): return common + upload(handle, bytes)
        case .post(let bytes):
            return common + upload(handle, bytes) + [
                comptoir_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, "POST")
            ]
        }
    }

    private func upload(_ handle: UnsafeMutableRawPointer, _ bytes: Int) -> [CURLcode] {
        [
            comptoir_curl_set_long(handle, CURLOPT_UPLOAD, 1),
            comptoir_curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(bytes)),
        ]
    }

    private static let library: Void = {
        // CURL_GLOBAL_DEFAULT, a macro that Swift does not import.
        _ = curl_global_init(3)
    }()
}
