import Foundation
import TestSupport
import Testing

@testable import Mailer

@Suite(
    .enabled(
        if: SMTPSink.isAvailable,
        "aiosmtpd cannot be imported: give COMPTOIR_PYTHON or make .venv with it"))
struct SMTPClientTests {
    @Test func messageArrivesAsItWasWritten() throws {
        let pdf =
            [UInt8]("%PDF-1.5\r\n".utf8)
            + (0..<60_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
        let name = "Étude d’impact, n° 1 (œuvre) — " + String(repeating: "été ", count: 10)
        var message = try sampleMessage()
        message.to.append(
            try MailAddress(name: "Dupont, \"Zoé\" (compta)", address: "zoe@example.org"))
        message.to.append(try MailAddress(address: "sans-nom@example.org"))
        message.cc = [try MailAddress(name: "Ğüneş 株式会社 😀", address: "cc@example.org")]
        message.bcc = [try MailAddress(name: "Secret", address: "cache@example.org")]
        message.replyTo = try MailAddress(name: "Équipe", address: "equipe@example.org")
        message.subject =
            "Votre facture n° F-2026-0042 — échéance le 21/12/2026, à régler par virement s’il vous plaît, très cordialement"
        message.text = "Bonjour,\n\n.\n.. point\nFrom ici\n1 234,56 € =3D\n--=_mixed\n\nÀ bientôt\n"
        message.html = "<p>Bonjour, <b>1 234,56 €</b> &amp; à bientôt</p>\n"
        message.attachments = [
            Attachment(filename: name + ".pdf", contentType: "application/pdf", bytes: pdf),
            Attachment(filename: "a.csv", contentType: "text/csv", bytes: Array("é;b\n".utf8)),
            Attachment(filename: "vide.bin", contentType: "application/octet-stream", bytes: []),
        ]
        message.headers = [.init("Auto-Submitted", "auto-generated"), .init("X-Objet", "été")]
        let sink = try SMTPSink()
        try SMTPClient(sink.settings()).send(message)

        let received = try #require(try sink.messages().first)
        #expect(received.mailFrom == "compta@altavista.example")
        #expect(received.recipients == message.recipients && received.recipients.count == 5)
        let parsed = received.parsed
        #expect(parsed.defects.isEmpty)
        func pairs(_ addresses: [MailAddress]) -> [[String]] {
            addresses.map { [$0.name ?? "", $0.address] }
        }
        #expect(parsed.from == pairs([message.from]))
        #expect(parsed.to == pairs(message.to))
        #expect(parsed.cc == pairs(message.cc))
        #expect(parsed.replyTo == pairs([try #require(message.replyTo)]))
        #expect(parsed.subject == message.subject)
        func header(_ name: String) -> [String] {
            parsed.headers.filter { $0[0].lowercased() == name }.map { $0[1] }
        }
        #expect(header("auto-submitted") == ["auto-generated"])
        #expect(header("x-objet") == ["été"])
        #expect(header("message-id") == ["<f-2026-42@altavista.example>"])
        #expect(header("date") == ["Sat, 21 Nov 2026 10:00:00 +0000"])
        #expect(header("mime-version") == ["1.0"])
        #expect(header("bcc").isEmpty)
        let raw = String(decoding: received.content, as: UTF8.self)
        #expect(!raw.contains("cache@") && !raw.contains("Secret"))

        #expect(
            parsed.parts.map(\.type) == [
                "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
                "application/pdf", "text/csv", "application/octet-stream",
            ])
        #expect(parsed.parts[2].text == message.text)
        #expect(parsed.parts[3].text == message.html)
        for (part, file) in zip(parsed.parts[4...], message.attachments) {
            #expect(part.disposition == "attachment")
            #expect(part.filename == file.filename)
            #expect(part.base64 == Data(file.bytes))
        }
    }

    @Test func plainMessageIsOneTextPart() throws {
        let sink = try SMTPSink()
        try SMTPClient(sink.settings()).send(try sampleMessage())
        let message = try #require(try sink.messages().first)
        #expect(message.parsed.parts.map(\.type) == ["text/plain"])
        #expect(message.parsed.parts[0].text == "Bonjour,\n")
        #expect(!message.encrypted)
    }

    @Test func refusalForLaterAndForEverAreToldApart() throws {
        let sink = try SMTPSink()
        let client = SMTPClient(sink.settings())
        let later = failure { try client.send(try sampleMessage(to: "temporary@example.org")) }
        #expect(later?.kind == .temporary && later?.smtpCode == 451)
        #expect(later?.message.contains("come back later") == true)
        let never = failure { try client.send(try sampleMessage(to: "permanent@example.org")) }
        #expect(never?.kind == .permanent && never?.smtpCode == 550)
        #expect(never?.message.contains("no such mailbox") == true)
        // One refused recipient among several stops the message for all.
        var message = try sampleMessage()
        message.cc = [try MailAddress(address: "permanent@example.org")]
        let both = message
        #expect(failure { try client.send(both) }?.kind == .permanent)
        #expect(try sink.messages().isEmpty)
    }

    @Test func malformedMessageIsPermanentAndNeverLeaves() throws {
        let sink = try SMTPSink()
        var message = try sampleMessage()
        message.subject = "a\r\nBcc: x@example.org"
        let malformed = message
        let error = failure { try SMTPClient(sink.settings()).send(malformed) }
        #expect(error?.kind == .permanent && error?.smtpCode == nil)
        #expect(try sink.messages().isEmpty)
    }

    @Test func closedPortIsAConnectionError() throws {
        // The port is held, so that no other test can take it.
        let holder = try SilentServer(listens: false)
        let settings = SMTPSettings(host: "127.0.0.1", port: holder.port, security: .none)
        let error = failure { try SMTPClient(settings).send(try sampleMessage()) }
        #expect(error?.kind == .connection && error?.smtpCode == nil)
    }

    @Test func silentServerIsLeftAfterTheTimeout() throws {
        let listener = try SilentServer()
        let settings = SMTPSettings(
            host: "127.0.0.1", port: listener.port, security: .none, timeoutSeconds: 1)
        let started = ContinuousClock.now
        let error = failure { try SMTPClient(settings).send(try sampleMessage()) }
        #expect(error?.kind == .connection)
        #expect(started.duration(to: .now) < .seconds(10))
    }

    @Test(arguments: ["", "a b", "host/path", "user@host", "host:25", "exa\nmple", "a..b", "h?x"])
    func hostThatIsNoHostIsRefused(host: String) {
        let settings = SMTPSettings(host: host, port: 25, security: .none)
        let error = failure { try SMTPClient(settings).send(try sampleMessage()) }
        #expect(error?.kind == .permanent || error?.kind == .connection)
        #expect(error?.message.contains("\n") == false)
    }

    @Test func encryptionWithOurOwnAuthorityIsAccepted() throws {
        let authority = try Certificates.path("ca.pem")
        for (security, flags) in [(SMTPSettings.Security.startTLS, []), (.tls, ["--implicit"])] {
            let sink = try encryptedSink(flags)
            try SMTPClient(sink.settings(security: security, caFile: authority))
                .send(try sampleMessage())
            #expect(try sink.messages().map(\.encrypted) == [true])
        }
    }

    @Test func certificateOfAStrangerIsRefused() throws {
        let stranger = try Certificates.path("stranger.pem")
        for (security, flags) in [(SMTPSettings.Security.startTLS, []), (.tls, ["--implicit"])] {
            let sink = try encryptedSink(flags)
            for caFile in [stranger, nil] {
                let settings = sink.settings(security: security, caFile: caFile)
                let error = failure { try SMTPClient(settings).send(try sampleMessage()) }
                #expect(error?.kind == .connection)
                #expect(error?.message.contains("certificate") == true)
            }
            #expect(try sink.messages().isEmpty)
        }
    }

    @Test func certificateForAnotherNameIsRefused() throws {
        let sink = try encryptedSink([])
        var settings = sink.settings(
            security: .startTLS, caFile: try Certificates.path("ca.pem"))
        settings.host = "localhost"
        let byName = settings
        #expect(failure { try SMTPClient(byName).send(try sampleMessage()) }?.kind == .connection)
        #expect(try sink.messages().isEmpty)
    }

    @Test func serverThatOffersNoEncryptionIsRefusedWhenItIsDemanded() throws {
        let sink = try SMTPSink("--login", "u:hunter2")
        let settings = sink.settings(security: .startTLS, username: "u", password: "hunter2")
        let error = failure { try SMTPClient(settings).send(try sampleMessage()) }
        #expect(error?.kind == .connection)
        #expect(try sink.messages().isEmpty)
    }

    @Test func passwordIsNotSentUnencryptedToAnotherMachine() throws {
        let settings = SMTPSettings(
            host: "mail.example", port: 25, security: .none, username: "u", password: "hunter2")
        let error = failure { try SMTPClient(settings).send(try sampleMessage()) }
        // The host does not exist: an attempt would have been a connection error.
        #expect(error?.kind == .authentication)
        #expect(error?.message.contains("hunter2") == false)
    }

    @Test func rightPasswordSendsAndWrongPasswordIsAnAuthenticationError() throws {
        let sink = try encryptedSink(["--login", "compta@example.org:hunter2é"])
        func settings(_ password: String) throws -> SMTPSettings {
            sink.settings(
                security: .startTLS, username: "compta@example.org", password: password,
                caFile: try Certificates.path("ca.pem"))
        }
        try SMTPClient(settings("hunter2é")).send(try sampleMessage())
        #expect(try sink.messages().map(\.user) == ["compta@example.org"])
        let wrong = try settings("hunter3")
        let error = failure { try SMTPClient(wrong).send(try sampleMessage()) }
        #expect(error?.kind == .authentication && error?.smtpCode == 535)
        #expect(error.map { "\($0)".contains("hunter3") } == false)
        // A server that wants a login and gets none.
        let anonymous = sink.settings(security: .startTLS, caFile: try Certificates.path("ca.pem"))
        let missing = failure { try SMTPClient(anonymous).send(try sampleMessage()) }
        #expect(missing?.kind == .authentication)
        #expect(try sink.messages().count == 1)
    }

    @Test func serverThatQuotesThePasswordIsNotRepeated() throws {
        let sink = try SMTPSink("--login", "u:hunter2")
        let settings = sink.settings(username: "u", password: "hunter2")
        let error = failure {
            try SMTPClient(settings).send(try sampleMessage(to: "betraying@example.org"))
        }
        #expect(error?.smtpCode == 550)
        #expect(error?.message.contains("you said") == false)
        #expect(error?.message.contains("AHUAaHVudGVyMg==") == false)
    }

    @Test func messagesFromSeveralThreadsAllArrive() throws {
        let sink = try SMTPSink()
        let client = SMTPClient(sink.settings())
        DispatchQueue.concurrentPerform(iterations: 12) { index in
            try? client.send(try sampleMessage(to: "client\(index)@example.org"))
        }
        let recipients = Set(try sink.messages().flatMap(\.recipients))
        #expect(recipients == Set((0..<12).map { "client\($0)@example.org" }))
    }

    private func encryptedSink(_ flags: [String]) throws -> SMTPSink {
        try SMTPSink(
            arguments: [
                "--certificate", Certificates.path("server.pem"), "--key",
                Certificates.path("server.key"),
            ] + flags)
    }

    private func failure(_ send: () throws -> Void) -> MailError? {
        do {
            try send()
            return nil
        } catch {
            return error as? MailError
        }
    }
}

/// Listens, and says nothing.
private final class SilentServer {
    let port: Int
    private let listener: Int32

    init(listens: Bool = true) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && (!listens || listen(descriptor, 4) == 0)
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isListening else { throw SinkFailed(reason: "no port to listen on") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(listener) }
}
