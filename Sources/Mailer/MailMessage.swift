/// A file that goes with a message.
public struct Attachment: Sendable {
    /// The name the reader sees, in any script.
    public var filename: String
    /// `type/subtype`, such as `application/pdf`.
    public var contentType: String
    public var bytes: [UInt8]

    public init(filename: String, contentType: String, bytes: [UInt8]) {
        self.filename = filename
        self.contentType = contentType
        self.bytes = bytes
    }
}

/// An e-mail message before it is written out. What it holds is checked by `mime()`.
public struct MailMessage: Sendable {
    /// A header the message does not write itself, such as `Auto-Submitted`.
    public struct Header: Sendable, Hashable {
        public var name: String
        public var value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var from: MailAddress
    public var to: [MailAddress]
    public var cc: [MailAddress]
    /// Receive the message without appearing in it.
    public var bcc: [MailAddress]
    public var replyTo: MailAddress?
    public var subject: String
    /// What readers without HTML see; lines end with a line feed.
    public var text: String
    /// The same content as HTML, offered beside the text.
    public var html: String?
    public var attachments: [Attachment]
    /// `unique@domain`, without angle brackets. The same id on a second try lets a mailbox see that
    /// it is the same message.
    public var messageID: String
    /// Seconds since 1970.
    public var date: Int64
    public var headers: [Header]

    /// Most recipients of one message, copies included.
    public static let maximumRecipients = 100
    /// Longest subject, in characters.
    public static let maximumSubjectLength = 500
    /// Texts and attachments together, in bytes before encoding. Most servers stop at 25 MB of
    /// encoded message, which is a third more.
    public static let maximumBytes = 18_000_000

    public init(
        from: MailAddress, to: [MailAddress], cc: [MailAddress] = [], bcc: [MailAddress] = [],
        replyTo: MailAddress? = nil, subject: String, text: String, html: String? = nil,
        attachments: [Attachment] = [], messageID: String, date: Int64, headers: [Header] = []
    ) {
        self.from = from
        self.to = to
        self.cc = cc
        self.bcc = bcc
        self.replyTo = replyTo
        self.subject = subject
        self.text = text
        self.html = html
        self.attachments = attachments
        self.messageID = messageID
        self.date = date
        self.headers = headers
    }

    /// Everyone who receives the message, each address once, in order.
    public var recipients: [String] {
        var seen: Set<String> = []
        return (to + cc + bcc).map(\.address).filter { seen.insert($0).inserted }
    }

    /// The message as it travels: RFC 5322 and MIME, lines ended by CR LF, without Bcc. The same
    /// message gives the same bytes.
    /// - Throws: `MailSyntaxError` naming the first part that cannot stand in a message.
    public func mime() throws(MailSyntaxError) -> [UInt8] {
        try check()
        return MIMEWriter.write(self)
    }

    private func check() throws(MailSyntaxError) {
        let count = recipients.count
        guard (1...Self.maximumRecipients).contains(count) else { throw .recipients(count: count) }
        guard !hasControlCharacters(subject), subject.count <= Self.maximumSubjectLength else {
            throw .subject
        }
        try checkMessageID()
        for header in headers { try check(header) }
        for attachment in attachments { try check(attachment) }
        let size = attachments.reduce(text.utf8.count + (html?.utf8.count ?? 0)) {
            $0 + $1.bytes.count
        }
        guard size <= Self.maximumBytes else { throw .tooLarge }
    }

    private func checkMessageID() throws(MailSyntaxError) {
        let parts = messageID.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, messageID.utf8.count <= 200, parts.allSatisfy({ isToken($0) })
        else { throw .messageID(messageID) }
    }

    /// Headers that the message or the servers on its way write; a second one would be believed by
    /// some readers and not by others.
    private static let reserved: Set<String> = [
        "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id",
        "mime-version", "received", "return-path", "dkim-signature", "authentication-results",
    ]

    private func check(_ header: Header) throws(MailSyntaxError) {
        let name = header.name.lowercased()
        guard isToken(name), name.utf8.count <= 70, header.value.utf8.count <= 900,
            !Self.reserved.contains(name), !name.hasPrefix("content-"), !name.hasPrefix("resent-"),
            !hasControlCharacters(header.value)
        else { throw .header(header.name) }
    }

    private func check(_ attachment: Attachment) throws(MailSyntaxError) {
        let name = attachment.filename
        guard !name.isEmpty, name.count <= 200, !hasControlCharacters(name),
            !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(UInt8(ascii: "\\"))
        else { throw .filename(name) }
        let type = attachment.contentType.split(separator: "/", omittingEmptySubsequences: false)
        guard type.count == 2, type.allSatisfy({ isToken($0) && $0.utf8.count <= 100 }),
            !["multipart", "message"].contains(type[0].lowercased())
        else { throw .contentType(attachment.contentType) }
    }
}
