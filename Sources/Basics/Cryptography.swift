import CCrypto

/// Random bytes from the operating system's generator, through OpenSSL.
public enum Random {
    /// `count` bytes fit for secrets. Stops the program if the generator fails: nothing is safe then.
    public static func bytes(_ count: Int) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: count)
        precondition(RAND_bytes(&out, Int32(count)) == 1, "the random generator failed")
        return out
    }

    static func words() -> (UInt64, UInt64) {
        var words: (UInt64, UInt64) = (0, 0)
        let filled = withUnsafeMutableBytes(of: &words) {
            RAND_bytes($0.baseAddress!.assumingMemoryBound(to: UInt8.self), Int32($0.count))
        }
        precondition(filled == 1, "the random generator failed")
        return words
    }

    /// A secret for cookies and links: 256 bits as 64 hexadecimal digits.
    public static func token() -> String { hexadecimal(bytes(32)) }
}

/// SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104).
public enum Digest {
    /// 32 bytes.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        precondition(EVP_Digest(bytes, bytes.count, &out, &length, EVP_sha256(), nil) == 1)
        return out
    }

    public static func sha256(_ text: String) -> [UInt8] { sha256(Array(text.utf8)) }

    /// 32 bytes, over everything that `next` answers until it answers nothing: for files of any size.
    public static func sha256(next: () throws -> [UInt8]) rethrows -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1)
        while case let bytes = try next(), !bytes.isEmpty {
            precondition(EVP_DigestUpdate(context, bytes, bytes.count) == 1)
        }
        var out = [UInt8](repeating: 0, count: 32)
        precondition(EVP_DigestFinal_ex(context, &out, nil) == 1)
        return out
    }

    /// 32 bytes.
    public static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let key = key.isEmpty ? [0] : key
        _ = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &out, &length)
        return out
    }

    /// 20 bytes (RFC 2104 over SHA-1): for one-time passwords, which telephones compute that way.
    static func hmacSHA1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 20)
        var length: UInt32 = 0
        _ = HMAC(EVP_sha1(), key, Int32(key.count), message, message.count, &out, &length)
        return out
    }

    /// Compares in a time that does not depend on where the two differ.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}

/// SHA-256 over bytes that come piece by piece. For one thread.
public final class RunningDigest {
    private let context: OpaquePointer

    public init() {
        context = EVP_MD_CTX_new()
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1)
    }

    deinit { EVP_MD_CTX_free(context) }

    public func add(_ bytes: [UInt8]) {
        precondition(EVP_DigestUpdate(context, bytes, bytes.count) == 1)
    }

    /// 32 bytes. Nothing can be added afterwards.
    public func finish() -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        precondition(EVP_DigestFinal_ex(context, &out, nil) == 1)
        return out
    }
}
