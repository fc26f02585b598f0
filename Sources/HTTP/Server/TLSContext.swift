import CCrypto

/// Where a server's certificate lies: PEM files, as Let's Encrypt's clients write them.
public struct TLSFiles: Sendable, Equatable {
    /// The server's certificate, and behind it those that lead to a known authority.
    public var certificate: String
    /// Its private key, without a password.
    public var key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// What every TLS connection of a server begins with. A certificate that is exchanged counts for the
/// connections that come after; those that are open keep theirs.
final class TLSContext: Sendable {
    private struct Loaded: @unchecked Sendable {
        // OpenSSL counts who refers to it, and lets threads share it.
        let pointer: OpaquePointer
    }

    private let files: TLSFiles
    private let loaded: Monitor<Loaded>

    /// - Throws: when a file cannot be read, or the key is not the certificate's.
    init(_ files: TLSFiles) throws(HTTPSetupError) {
        self.files = files
        loaded = Monitor(Loaded(pointer: try Self.load(files)))
    }

    deinit { SSL_CTX_free(loaded.change { $0.pointer }) }

    /// Reads the files again. When that fails, all stays as it was.
    func reload() throws(HTTPSetupError) {
        let new = Loaded(pointer: try Self.load(files))
        let old = loaded.change { loaded in
            defer { loaded = new }
            return loaded
        }
        SSL_CTX_free(old.pointer)
    }

    /// The TLS side of a new connection, for libevent to free; nil without memory.
    func makeSession() -> OpaquePointer? { loaded.change(waking: false) { SSL_new($0.pointer) } }

    /// Forward secrecy and authenticated encryption, for those who do not speak TLS 1.3 yet.
    private static let ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    /// SSL_OP_NO_RENEGOTIATION and SSL_OP_IGNORE_UNEXPECTED_EOF: macros that Swift does not import.
    /// The lengths that HTTP states tell whether something was cut off.
    private static let options: UInt64 = 1 << 30 | 1 << 7

    private static func load(_ files: TLSFiles) throws(HTTPSetupError) -> OpaquePointer {
        guard let context = SSL_CTX_new(TLS_server_method()) else {
            throw HTTPSetupError("TLS cannot be used: \(reason()).")
        }
        do throws(HTTPSetupError) {
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
            SSL_CTX_set_options(context, options)
            SSL_CTX_set_cipher_list(context, ciphers)
            // A key with a password: nobody is there to type it.
            SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in 0 }
            guard SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1 else {
                throw HTTPSetupError(
                    "\(files.certificate) holds no certificate that can be used: \(reason()).")
            }
            guard SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) == 1,
                SSL_CTX_check_private_key(context) == 1
            else {
                throw HTTPSetupError(
                    "\(files.key) does not hold the key of the certificate: \(reason()).")
            }
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        return context
    }

    /// What OpenSSL says of the last fault; no part of a key is in it.
    private static func reason() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "reason unknown"
    }
}
