import Basics
import Core
import EInvoice
import Mailer

/// Reads files of strangers in a process of its own, which may die of them: this program, started again
/// with one hidden word. In goes the file; out comes one line of JSON, then the invoice's XML.
public enum IsolatedReading {
    /// The hidden word of the command line.
    public static let word = "read-invoice-from-standard-input"
    /// From start to end; a file of 40 MB takes less than two.
    static let seconds = 30
    private static let mostAnswerBytes = InvoiceFile.maximumBytes + 65_536

    /// What the helper says of a file. Within the helper.
    public static func answer(to file: [UInt8]) -> [UInt8] {
        do {
            let read = try InvoiceFile(file)
            let head: JSON = ["attachment": JSON(read.attachment), "fault": .null]
            return head.bytes + [UInt8(ascii: "\n")] + (read.attachment == nil ? [] : read.xml)
        } catch {
            let head: JSON = [
                "fault": [
                    "fr": .string(error.message.french), "en": .string(error.message.english),
                ]
            ]
            return head.bytes + [UInt8(ascii: "\n")]
        }
    }

    /// The invoice of a file. Only XML that the helper has read whole, within its limits, is read here.
    /// - Throws: `UnreadableInvoice`.
    static func read(_ file: [UInt8], by program: String) throws -> InvoiceFile {
        try invoice(of: file, ask(word, file, by: program))
    }

    private static func ask(_ word: String, _ file: [UInt8], by program: String) throws -> [UInt8] {
        guard file.count <= InvoiceFile.maximumBytes else {
            throw UnreadableInvoice(InvoiceFile.tooLarge)
        }
        let helper = HelperProcess(
            program, [word], seconds: seconds, mostBytes: mostAnswerBytes)
        do {
            return try helper.run(file)
        } catch HelperFailure.notStarted(let reason) {
            Log.error("no helper to read a file", ["error": .string(reason)])
            throw Problem.unavailable
        } catch {
            Log.warning("a helper died of a file", ["error": .string("\(error)")])
            throw UnreadableInvoice(
                "Ce fichier demande plus de temps ou de mémoire qu’une facture : il est endommagé ou "
                    + "piégé.",
                "This file takes more time or memory than an invoice does: it is damaged or a trap."
            )
        }
    }

    private static func invoice(of file: [UInt8], _ answer: [UInt8]) throws -> InvoiceFile {
        guard let end = answer.firstIndex(of: UInt8(ascii: "\n")),
            let head = JSON(parsing: Array(answer[..<end]))
        else { throw Problem.unavailable }
        if let fault = head["fault"], let french = fault["fr"]?.string {
            throw UnreadableInvoice(french, fault["en"]?.string ?? french)
        }
        let attachment = head["attachment"]?.string
        let xml = attachment == nil ? file : Array(answer[(end + 1)...])
        return try InvoiceFile(xml: xml, attachment: attachment)
    }
}

// Mails, by the same way: one line of JSON with the files' names and sizes, then the files.
extension IsolatedReading {
    /// The hidden word of the command line.
    public static let mailWord = "read-mail-from-standard-input"

    /// What the helper says of a mail. Within the helper.
    public static func answer(toMail mail: [UInt8]) -> [UInt8] {
        let files = MIMEReader.attachments(of: mail) { name, type in
            ["application/pdf", "application/xml", "text/xml"].contains(type)
                || [".pdf", ".xml"].contains { name.lowercased().hasSuffix($0) }
        }
        let list: JSON =
            files.map { files in
                .array(
                    files.map { ["name": .string($0.name), "bytes": .int($0.bytes.count)] })
            } ?? .null
        let head: JSON = ["files": list]
        return head.bytes + [UInt8(ascii: "\n")] + (files ?? []).flatMap(\.bytes)
    }

    /// The PDF and XML files of a mail.
    /// - Throws: `UnreadableInvoice`.
    static func attachments(of mail: [UInt8], by program: String) throws -> [ReceivedAttachment] {
        let answer = try ask(mailWord, mail, by: program)
        guard let end = answer.firstIndex(of: UInt8(ascii: "\n")),
            let head = JSON(parsing: Array(answer[..<end]))
        else { throw Problem.unavailable }
        guard let files = head["files"]?.array else {
            throw UnreadableInvoice(
                "Ce courriel ne se lit pas.", "This mail cannot be read.")
        }
        var rest = answer[(end + 1)...]
        return files.map { file in
            let bytes = rest.prefix(file["bytes"]?.int ?? 0)
            rest = rest.dropFirst(bytes.count)
            return ReceivedAttachment(
                name: file["name"]?.string ?? "", bytes: Array(bytes))
        }
    }
}

// Statuses, by the same way: all of the message as one line of JSON.
extension IsolatedReading {
    /// The hidden word of the command line.
    public static let statusWord = "read-status-from-standard-input"

    /// What the helper says of a message. Within the helper.
    public static func answer(toStatus file: [UInt8]) -> [UInt8] {
        do {
            let message = try LifeCycleMessage.read(file)
            let statements = message.statements.map { said -> JSON in
                [
                    "number": .string(said.number), "status": .string(said.status),
                    "reason_code": .string(said.reasonCode), "reason": .string(said.reason),
                ]
            }
            let head: JSON = [
                "id": .string(message.id), "issuer": .string(message.issuer),
                "sent_at": .string(message.sentAt), "statements": .array(statements),
            ]
            return head.bytes
        } catch {
            let head: JSON = [
                "fr": .string(error.message.french), "en": .string(error.message.english),
            ]
            return head.bytes
        }
    }

    /// What a platform says of invoices.
    /// - Throws: `UnreadableInvoice`.
    static func message(of file: [UInt8], by program: String) throws -> LifeCycleMessage {
        guard let head = JSON(parsing: try ask(statusWord, file, by: program)) else {
            throw Problem.unavailable
        }
        guard let statements = head["statements"]?.array else {
            let french = head["fr"]?.string ?? ""
            throw UnreadableInvoice(french, head["en"]?.string ?? french)
        }
        func text(_ json: JSON, _ name: String) -> String { json[name]?.string ?? "" }
        return LifeCycleMessage(
            id: text(head, "id"), issuer: text(head, "issuer"), sentAt: text(head, "sent_at"),
            statements: statements.map { said in
                LifeCycleMessage.Statement(
                    number: text(said, "number"), issuedOn: nil, status: text(said, "status"),
                    reasonCode: text(said, "reason_code"), reason: text(said, "reason"))
            })
    }
}
