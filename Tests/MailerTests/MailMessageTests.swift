import Dispatch
import Synchronization
import Testing

@testable import Mailer

func sampleMessage(to address: String = "client@example.org") throws -> MailMessage {
    MailMessage(
        from: try MailAddress(name: "Alta Vista — compta", address: "compta@altavista.example"),
        to: [try MailAddress(name: "Établissements Gérard", address: address)],
        subject: "Votre facture", text: "Bonjour,\n", messageID: "f-2026-42@altavista.example",
        date: 1_795_255_200)
}

private func mime(_ message: MailMessage) throws -> String {
    String(decoding: try message.mime(), as: UTF8.self)
}

@Suite struct MailMessageTests {
    @Test(arguments: [
        "a@b.fr", "prenom.nom+facture@sous.domaine.example", "o'neil@example.org", "x@localhost",
        "a_b-c@xn--lectricit-81ac.example",
    ])
    func ordinaryAddressesAreTaken(address: String) throws {
        #expect(try MailAddress(address: address).address == address)
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@b.fr", "a@@b.fr", "a b@c.fr", "a@b c.fr", "a@b..fr", ".a@b.fr",
        "a.@b.fr", "a@-b.fr", "a@b.fr\r\nBcc: x@y.fr", "a@b.fr\n", "a\u{0}@b.fr", "<a@b.fr>",
        "a@b.fr> SIZE=1", "é@b.fr", "a@é.fr", "\"a b\"@c.fr", "a@[127.0.0.1]", "a,b@c.fr",
        "a@b.fr,c@d.fr",
    ])
    func otherAddressesAreRefused(address: String) {
        #expect(throws: MailSyntaxError.address(address)) { try MailAddress(address: address) }
    }

    @Test func addressesThatAreTooLongAreRefused() {
        let local = String(repeating: "a", count: 65)
        let domain = Array(repeating: String(repeating: "b", count: 60), count: 5)
        for address in [
            local + "@b.fr", "a@" + domain.joined(separator: "."), "a@" + local + ".fr",
        ] {
            #expect(throws: MailSyntaxError.self) { try MailAddress(address: address) }
        }
    }

    @Test(arguments: ["\r", "\n", "\r\nBcc: x@y.fr", "\u{0}", "\u{85}", "\u{2028}", "\u{7F}"])
    func nothingCanBeginAHeaderOfItsOwn(hostile: String) throws {
        let text = "a" + hostile
        #expect(throws: MailSyntaxError.name(text)) {
            try MailAddress(name: text, address: "a@b.fr")
        }
        var message = try sampleMessage()
        message.subject = text
        #expect(throws: MailSyntaxError.subject) { try message.mime() }
        message = try sampleMessage()
        message.messageID = text + "@b.fr"
        #expect(throws: MailSyntaxError.messageID(text + "@b.fr")) { try message.mime() }
        for header in [MailMessage.Header("X-A", text), .init(text, "a")] {
            message = try sampleMessage()
            message.headers = [header]
            #expect(throws: MailSyntaxError.header(header.name)) { try message.mime() }
        }
        message = try sampleMessage()
        message.attachments = [Attachment(filename: text, contentType: "a/b", bytes: [])]
        #expect(throws: MailSyntaxError.filename(text)) { try message.mime() }
        message.attachments = [Attachment(filename: "a", contentType: "a/b" + text, bytes: [])]
        #expect(throws: MailSyntaxError.contentType("a/b" + text)) { try message.mime() }
    }

    @Test(arguments: ["From", "bcc", "CC", "Content-Type", "Received", "DKIM-Signature", "X Y", ""])
    func headersTheMessageWritesItselfCannotBeAdded(name: String) throws {
        var message = try sampleMessage()
        message.headers = [.init(name, "x")]
        #expect(throws: MailSyntaxError.header(name)) { try message.mime() }
    }

    @Test(arguments: ["multipart/mixed", "message/rfc822", "pdf", "a/b/c", "text/html; charset=x"])
    func contentTypesThatAreNotPlainAreRefused(type: String) throws {
        var message = try sampleMessage()
        message.attachments = [Attachment(filename: "a", contentType: type, bytes: [1])]
        #expect(throws: MailSyntaxError.contentType(type)) { try message.mime() }
    }

    @Test(arguments: ["", "../a.pdf", "a\\b.pdf", "/etc/passwd"])
    func filenamesWithFoldersAreRefused(name: String) throws {
        var message = try sampleMessage()
        message.attachments = [Attachment(filename: name, contentType: "a/b", bytes: [])]
        #expect(throws: MailSyntaxError.filename(name)) { try message.mime() }
    }

    @Test func messageHasBetweenOneRecipientAndTheMaximum() throws {
        var message = try sampleMessage()
        message.to = []
        #expect(throws: MailSyntaxError.recipients(count: 0)) { try message.mime() }
        message.bcc = try (0...MailMessage.maximumRecipients).map {
            try MailAddress(address: "a\($0)@b.fr")
        }
        let count = MailMessage.maximumRecipients + 1
        #expect(throws: MailSyntaxError.recipients(count: count)) { try message.mime() }
        message.bcc.removeLast()
        #expect(try !mime(message).contains("b.fr"))
    }

    @Test func messageThatNoServerWouldTakeIsRefused() throws {
        var message = try sampleMessage()
        let half = [UInt8](repeating: 0, count: MailMessage.maximumBytes / 2 + 1)
        let file = Attachment(filename: "a", contentType: "a/b", bytes: half)
        message.attachments = [file, file]
        #expect(throws: MailSyntaxError.tooLarge) { try message.mime() }
    }

    @Test func linesEndWithCarriageReturnAndLineFeedAndStayShort() throws {
        var message = try sampleMessage()
        message.subject = String(repeating: "Échéance très proche ", count: 20)
        message.text = "a\nb\rc\r\nd\u{0}e\n" + String(repeating: "é", count: 5_000)
        message.html = "<p>é</p>"
        message.attachments = [
            Attachment(filename: "a.pdf", contentType: "application/pdf", bytes: [0, 10, 13, 255])
        ]
        let bytes = try message.mime()
        for (index, byte) in bytes.enumerated() {
            if byte == 10 { #expect(index > 0 && bytes[index - 1] == 13) }
            if byte == 13 { #expect(index + 1 < bytes.count && bytes[index + 1] == 10) }
        }
        #expect(bytes.allSatisfy { $0 < 128 && $0 > 0 })
        #expect(bytes.split(separator: 10).map(\.count).max() ?? 0 <= 100)
    }

    @Test func sameMessageGivesSameBytesOnEveryThread() throws {
        var message = try sampleMessage()
        message.html = "<p>é</p>"
        let expected = try message.mime()
        let same = message
        let differing = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<100 where (try? same.mime()) != expected {
                differing.withLock { $0 += 1 }
            }
        }
        #expect(differing.withLock { $0 } == 0)
    }

    @Test func settingsNeverShowThePassword() {
        let settings = SMTPSettings(
            host: "mail.example", port: 587, security: .startTLS, username: "u",
            password: "hunter2")
        var dumped = ""
        dump(settings, to: &dumped)
        let shown = ["\(settings)", String(reflecting: settings), "\([settings])", dumped]
        for text in shown {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("mail.example:587"))
        }
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.8.9.10", true), ("::1", true), ("LOCALHOST", true),
        ("127.evil.example", false), ("127.0.0.1.example", false), ("127.0.0", false),
        ("localhost.example", false), ("10.0.0.1", false), ("127.0.0.0x1", false),
        ("127.0.0.300", false), ("127.0.0.01", false),
    ])
    func onlyThisMachineIsLoopback(host: String, expected: Bool) {
        #expect(SMTPSettings(host: host, port: 25, security: .none).isLoopback == expected)
    }
}
