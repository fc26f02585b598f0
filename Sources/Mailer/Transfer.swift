import CCurl
import FoundationEssentials

/// What libcurl reads and writes during one sending. One thread uses it at a time.
final class Transfer {
    private let bytes: [UInt8]
    private var position = 0
    /// The server's last refusal, such as `550 5.1.1 no such mailbox`.
    private(set) var refusal = ""
    /// The last code the server sent, or 0.
    var code = 0
    let errorBuffer: UnsafeMutablePointer<CChar>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { errorBuffer.deallocate() }

    var count: Int { bytes.count }
    /// libcurl's explanation of a failure, or nothing.
    var detail: String { String(cString: errorBuffer) }

    func give(to target: UnsafeMutableRawPointer, room: Int) -> Int {
        let count = min(room, bytes.count - position)
        bytes.withUnsafeBytes {
            target.copyMemory(from: $0.baseAddress! + position, byteCount: count)
        }
        position += count
        return count
    }

    func take(reply: UnsafeRawBufferPointer) {
        guard let first = reply.first, first == UInt8(ascii: "4") || first == UInt8(ascii: "5")
        else { return }
        let line = String(decoding: reply.prefix(4_096), as: UTF8.self)
        // Shortened only when it is shown, after the search for the password.
        refusal = line.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}

func giveBytes(
    _ target: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let target, let transfer else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
        .give(to: target, room: size * count)
}

func takeReply(
    _ line: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let line, let transfer else { return 0 }
    Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
        .take(reply: UnsafeRawBufferPointer(start: line, count: size * count))
    return size * count
}

extension SMTPSettings {
    /// Whether a reply repeats the password, in clear or as it travelled: some servers quote the
    /// command they refuse.
    func areBetrayed(by reply: String) -> Bool {
        guard let password, !password.isEmpty else { return false }
        let plain = "\u{0}\(username ?? "")\u{0}\(password)"
        let forms = [password] + [plain, password].map { Data($0.utf8).base64EncodedString() }
        return forms.contains { reply.contains($0) }
    }
}
