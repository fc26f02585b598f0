import CCrypto

/// A file of any size, encrypted for whoever holds a private key, in bounded memory.
///
///     16 bytes  "comptoir sealed\n"
///      1        the version of this format: 1
///     32        SHA-256 of the recipient's public key
///      2        how many bytes follow, the most significant first
///      n        the key of this file, 256 bits, wrapped by RSA-OAEP-SHA256
///     then chunks of 1 MiB, the last one shorter or empty, each AES-256-GCM and followed by its tag.
///
/// A chunk's nonce is three zero bytes, its number in eight, and 1 for the last and 0 for the others; what
/// it vouches for beside itself is the SHA-256 of the header. So a byte that was changed, a chunk that
/// was moved, repeated or left out, a file that was cut, and one under another header open nothing.
public enum SealedStream {
    public static let magic = Array("comptoir sealed\n".utf8)
    static let version: UInt8 = 1
    static let chunkBytes = 1 << 20
    private static let tagBytes = 16
    private static let fixedHeaderBytes = 51
    /// RSA of 16,384 bits, more than anybody has.
    private static let mostWrappedBytes = 2048

    /// Encrypts everything that `read` answers until it answers nothing, and hands it to `write` piece by
    /// piece. Answers the key of this file, with which it can be read back at once.
    public static func seal(
        for recipient: RecipientKey, read: () throws -> [UInt8], write: ([UInt8]) throws -> Void
    ) throws -> [UInt8] {
        let key = Random.bytes(SecretBox.keyBytes)
        let wrapped = recipient.wrap(key)
        let header =
            magic + [version] + recipient.fingerprint
            + [UInt8(wrapped.count >> 8), UInt8(wrapped.count & 0xFF)] + wrapped
        try write(header)
        let place = Digest.sha256(header)
        var rest: [UInt8] = []
        var number: UInt64 = 0
        while case let bytes = try read(), !bytes.isEmpty {
            rest += bytes
            // One that may be the last waits until it is known.
            while rest.count > chunkBytes {
                try write(
                    crypt(.seal, Array(rest.prefix(chunkBytes)), key, nonce(number, false), place)
                        ?? [])
                rest.removeFirst(chunkBytes)
                number += 1
            }
        }
        try write(crypt(.seal, rest, key, nonce(number, true), place) ?? [])
        return key
    }

    /// What stands before the chunks.
    public struct Header: Sendable, Equatable {
        /// Of the key that it was encrypted for.
        public let fingerprint: [UInt8]
        let wrapped: [UInt8]
        fileprivate let place: [UInt8]
    }

    /// Reads the header. `read` answers at most so many bytes, and nothing at the end.
    public static func header(_ read: (Int) throws -> [UInt8]) throws -> Header {
        let start = try exactly(fixedHeaderBytes, read)
        guard start.starts(with: magic) else { throw SealedStreamError.notSealed }
        guard start.count == fixedHeaderBytes else { throw SealedStreamError.cutShort }
        guard start[magic.count] == version else {
            throw SealedStreamError.newer(version: Int(start[magic.count]))
        }
        let count = Int(start[49]) << 8 | Int(start[50])
        guard (1...mostWrappedBytes).contains(count) else {
            throw SealedStreamError.damagedHeader
        }
        let wrapped = try exactly(count, read)
        guard wrapped.count == count else { throw SealedStreamError.cutShort }
        return Header(
            fingerprint: Array(start[17..<49]), wrapped: wrapped,
            place: Digest.sha256(start + wrapped))
    }

    /// The key of the file behind this header.
    public static func key(_ header: Header, _ secret: RecipientSecret) throws -> [UInt8] {
        let own = secret.publicKey.fingerprint
        guard own == header.fingerprint else {
            throw SealedStreamError.otherKey(
                wanted: hexadecimal(header.fingerprint), given: hexadecimal(own))
        }
        guard let key = secret.unwrap(header.wrapped), key.count == SecretBox.keyBytes else {
            throw SealedStreamError.damagedHeader
        }
        return key
    }

    /// Decrypts what follows the header; `write` receives nothing that was not proved. Whoever uses it
    /// before the end was reached without an error trusts a file that may have been cut.
    public static func open(
        _ header: Header, key: [UInt8], read: (Int) throws -> [UInt8],
        write: ([UInt8]) throws -> Void
    ) throws {
        let whole = chunkBytes + tagBytes
        var chunk = try exactly(whole, read)
        var number: UInt64 = 0
        while true {
            let next = chunk.count == whole ? try exactly(whole, read) : []
            let isLast = next.isEmpty
            guard
                let bytes = crypt(.open, chunk, key, nonce(number, isLast), header.place)
            else {
                // Not even the tag of a last chunk is there, or one that is not the last ends the file.
                let isCut =
                    isLast
                    && (chunk.isEmpty
                        || crypt(.open, chunk, key, nonce(number, false), header.place) != nil)
                throw isCut
                    ? SealedStreamError.cutShort : SealedStreamError.damaged(chunk: Int(number))
            }
            try write(bytes)
            if isLast { return }
            chunk = next
            number += 1
        }
    }

    private static func nonce(_ number: UInt64, _ isLast: Bool) -> [UInt8] {
        [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
            + [isLast ? 1 : 0]
    }

    private static func exactly(_ count: Int, _ read: (Int) throws -> [UInt8]) throws -> [UInt8] {
        var out: [UInt8] = []
        while out.count < count, case let bytes = try read(count - out.count), !bytes.isEmpty {
            out += bytes
        }
        return out
    }

    private enum Direction: Int32 { case open = 0, seal = 1 }

    /// The chunk with its tag, or what was in it; nil when that is not what it was.
    private static func crypt(
        _ direction: Direction, _ bytes: [UInt8], _ key: [UInt8], _ nonce: [UInt8],
        _ place: [UInt8]
    ) -> [UInt8]? {
        let count = direction == .seal ? bytes.count : bytes.count - tagBytes
        guard count >= 0 else { return nil }
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        precondition(
            EVP_CipherInit_ex(
                context, EVP_aes_256_gcm(), nil, key, nonce, direction.rawValue) == 1)
        var length: Int32 = 0
        precondition(
            EVP_CipherUpdate(context, nil, &length, place, Int32(place.count)) == 1)
        var out = [UInt8](repeating: 0, count: count + tagBytes)
        precondition(EVP_CipherUpdate(context, &out, &length, bytes, Int32(count)) == 1)
        var rest = [UInt8](repeating: 0, count: tagBytes)
        var tag = direction == .open ? Array(bytes.suffix(tagBytes)) : rest
        if direction == .open {
            precondition(
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagBytes), &tag) == 1)
        }
        guard EVP_CipherFinal_ex(context, &rest, &length) == 1 else { return nil }
        guard direction == .seal else { return Array(out.prefix(count)) }
        precondition(
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), &tag) == 1)
        return out.prefix(count) + tag
    }
}

/// Why an encrypted file does not open. Each description says what a person can do.
public enum SealedStreamError: Error, Sendable, CustomStringConvertible, Equatable {
    case notSealed
    case newer(version: Int)
    /// Fingerprints in hexadecimal.
    case otherKey(wanted: String, given: String)
    case damagedHeader
    case damaged(chunk: Int)
    case cutShort

    public var description: String {
        switch self {
        case .notSealed: "this file is not encrypted by Comptoir"
        case .newer(let version):
            "this file is encrypted in format \(version), which a newer Comptoir reads"
        case .otherKey(let wanted, let given):
            "it is encrypted for the key \(wanted), and the one given is \(given)"
        case .damagedHeader: "its beginning was changed: use another copy"
        case .damaged(let chunk):
            "it is not what was written, in its \(chunk + 1). MiB: use another copy"
        case .cutShort: "its end is missing: use another copy"
        }
    }
}
