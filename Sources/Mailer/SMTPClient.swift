import CCurl

/// Sends messages through one mail server, a connection for each. It can be used by any number of
/// threads; `send` blocks its own.
public struct SMTPClient: Sendable {
    public let settings: SMTPSettings

    public init(_ settings: SMTPSettings) {
        self.settings = settings
    }

    /// Hands a message to the server for all its recipients, or for none.
    /// - Throws: `MailError`. After a `connection` error at the very end the server may have taken
    ///   the message all the same; the message id lets the mailbox recognise the second one.
    public func send(_ message: MailMessage) throws(MailError) {
        let bytes: [UInt8]
        do { bytes = try message.mime() } catch {
            throw MailError(kind: .permanent, message: error.description)
        }
        try checkSettings()
        let transfer = Transfer(bytes)
        let result = try perform(transfer, message)
        if result != CURLE_OK {
            throw error(
                for: result, code: transfer.code, reply: transfer.refusal, detail: transfer.detail)
        }
    }

    private static let library: Void = {
        // CURL_GLOBAL_DEFAULT, a macro that Swift does not import.
        _ = curl_global_init(3)
    }()

    private func checkSettings() throws(MailError) {
        let host = settings.host
        let isName = host.split(separator: ".", omittingEmptySubsequences: false)
            .allSatisfy(isHostLabel)
        let isIPv6 =
            host.utf8.contains(UInt8(ascii: ":"))
            && host.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
        // Anything else could put a path or a user into the address.
        guard isName || isIPv6, (1...65_535).contains(settings.port) else {
            throw MailError(kind: .permanent, message: "not a mail server: \(settings)")
        }
        let secrets = (settings.username ?? "") + (settings.password ?? "")
        guard !secrets.unicodeScalars.contains(where: { $0.value == 0 }) else {
            throw MailError(kind: .authentication, message: "user name or password holds a NUL")
        }
        let hasCredentials = settings.username != nil || settings.password != nil
        guard !hasCredentials || settings.security != .none || settings.isLoopback else {
            throw MailError(
                kind: .authentication,
                message: "a password is not sent over an unencrypted connection: \(settings)")
        }
    }

    private func perform(
        _ transfer: Transfer, _ message: MailMessage
    ) throws(MailError) -> CURLcode {
        Self.library
        guard let handle = curl_easy_init() else {
            throw MailError(kind: .connection, message: "libcurl cannot start")
        }
        defer { curl_easy_cleanup(handle) }
        var recipients: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(recipients) }
        for address in message.recipients {
            recipients = curl_slist_append(recipients, "<\(address)>")
        }
        let failed = apply(to: handle).first { $0 != CURLE_OK }
        if let failed { return failed }
        comptoir_curl_set_string(handle, CURLOPT_MAIL_FROM, "<\(message.from.address)>")
        comptoir_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
        comptoir_curl_set_long(handle, CURLOPT_UPLOAD, 1)
        comptoir_curl_set_long(handle, CURLOPT_INFILESIZE, transfer.count)
        let opaque = Unmanaged.passUnretained(transfer).toOpaque()
        comptoir_curl_set_callback(handle, CURLOPT_READFUNCTION, giveBytes)
        comptoir_curl_set_pointer(handle, CURLOPT_READDATA, opaque)
        comptoir_curl_set_callback(handle, CURLOPT_HEADERFUNCTION, takeReply)
        comptoir_curl_set_pointer(handle, CURLOPT_HEADERDATA, opaque)
        comptoir_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, transfer.errorBuffer)
        let result = withExtendedLifetime(transfer) { curl_easy_perform(handle) }
        comptoir_curl_response_code(handle, &transfer.code)
        // The buffer belongs to the transfer, which may go before the handle does.
        comptoir_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil)
        return result
    }

    /// The settings as options. Every answer is looked at: a security option that was not taken
    /// must stop the sending.
    private func apply(to handle: UnsafeMutableRawPointer) -> [CURLcode] {
        let scheme = settings.security == .tls ? "smtps" : "smtp"
        let host =
            settings.host.utf8.contains(UInt8(ascii: ":")) ? "[\(settings.host)]" : settings.host
        let demanded = settings.security == .startTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE
        let seconds = min(max(settings.timeoutSeconds, 1), 3_600)
        var answers = [
            comptoir_curl_set_string(handle, CURLOPT_URL, "\(scheme)://\(host):\(settings.port)"),
            comptoir_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, scheme),
            comptoir_curl_set_long(handle, CURLOPT_USE_SSL, Int(demanded.rawValue)),
            comptoir_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
            comptoir_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            // TLS 1.2 or later: CURL_SSLVERSION_TLSv1_2.
            comptoir_curl_set_long(handle, CURLOPT_SSLVERSION, 6),
            // A proxy in the environment is meant for the web.
            comptoir_curl_set_string(handle, CURLOPT_PROXY, ""),
            // Signals would interrupt other threads.
            comptoir_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            comptoir_curl_set_long(handle, CURLOPT_TIMEOUT, seconds),
            comptoir_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, seconds),
        ]
        if let file = settings.caFile {
            answers.append(comptoir_curl_set_string(handle, CURLOPT_CAINFO, file))
        }
        if let username = settings.username {
            answers += [
                comptoir_curl_set_string(handle, CURLOPT_USERNAME, username),
                comptoir_curl_set_string(handle, CURLOPT_PASSWORD, settings.password ?? ""),
            ]
        }
        return answers
    }

    private func error(
        for result: CURLcode, code: Int, reply: String, detail: String
    ) -> MailError {
        let kind: MailError.Kind
        switch (result, code) {
        // A certificate or a time-out says nothing about the last reply that was read.
        case (CURLE_PEER_FAILED_VERIFICATION, _), (CURLE_SSL_CONNECT_ERROR, _),
            (CURLE_USE_SSL_FAILED, _), (CURLE_OPERATION_TIMEDOUT, _),
            (CURLE_SSL_CACERT_BADFILE, _):
            kind = .connection
        case (_, 400..<500): kind = .temporary
        case (CURLE_LOGIN_DENIED, _), (_, 530), (_, 534), (_, 535), (_, 538): kind = .authentication
        case (_, 500..<600): kind = .permanent
        default: kind = .connection
        }
        let hasCode = kind != .connection && (400..<600).contains(code)
        var message = detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
        if hasCode, !reply.isEmpty, !settings.areBetrayed(by: reply) { message += " (\(reply))" }
        return MailError(kind: kind, smtpCode: hasCode ? code : nil, message: printable(message))
    }
}
