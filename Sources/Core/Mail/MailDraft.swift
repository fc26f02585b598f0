import Basics
import Mailer

/// A mail about to be queued. `queueMail` checks it and keeps it as it is.
public struct MailDraft: Sendable {
    public var record: MailedRecord
    /// One address.
    public var recipient: String
    public var recipientName: String
    /// Addresses that receive the mail as well.
    public var copies: [String]
    public var subject: String
    public var body: String
    public var attachment: MailAttachment?

    public static let maximumCopies = 10
    public static let maximumSubjectLength = 200
    public static let maximumBodyLength = 10_000
    /// Half of what `MailMessage` takes: many mailboxes refuse more than 10 MB.
    public static let maximumAttachmentBytes = 9_000_000

    public init(
        about record: MailedRecord, recipient: String, recipientName: String = "",
        copies: [String] = [], subject: String, body: String, attachment: MailAttachment? = nil
    ) {
        self.record = record
        self.recipient = recipient
        self.recipientName = recipientName
        self.copies = copies
        self.subject = subject
        self.body = body
        self.attachment = attachment
    }

    /// Reads the fields of `MailForm`; what is wrong is refused by field. The recipient's name is that
    /// of the suggestion with the same address.
    public init(
        _ input: inout Input, about record: MailedRecord, suggestions: [MailSuggestion] = [],
        attachment: MailAttachment? = nil
    ) {
        self.record = record
        self.attachment = attachment
        recipient = MailDraft.address(input.typed["recipient"] ?? "")
        copies = (input.typed["copy"] ?? "").split { ",;".contains($0) }
            .map { MailDraft.address(String($0)) }.filter { !$0.isEmpty }
        // Left as typed: a line break in a subject is an attempt to write headers, not a slip.
        let subject = input.typed["subject"] ?? ""
        self.subject = MailDraft.hasControlCharacters(subject) ? subject : PlainText.line(subject)
        body = PlainText.lines(input.typed["body"] ?? "")
        let recipient = self.recipient
        recipientName = suggestions.first { $0.address == recipient }?.name ?? ""
        for problem in problems { input.refuse(problem) }
    }

    /// What is wrong with each field, by the names of `MailForm`.
    var problems: [FieldProblem] {
        recipientProblems + subjectProblems + bodyProblems + attachmentProblems
    }

    private var recipientProblems: [FieldProblem] {
        var problems: [FieldProblem] = []
        if recipient.isEmpty {
            problems.append(FieldProblem("recipient", Input.missing))
        } else if !MailDraft.canReceive(recipient, name: recipientName) {
            problems.append(FieldProblem("recipient", MailDraft.addressExpected))
        }
        if let wrong = copies.first(where: { !MailDraft.canReceive($0) }) {
            problems.append(
                FieldProblem(
                    "copy",
                    Text(
                        "Ce n’est pas une adresse : « \(wrong) ».",
                        "This is not an address: “\(wrong)”.")))
        } else if copies.count > MailDraft.maximumCopies {
            let most = MailDraft.maximumCopies
            problems.append(
                FieldProblem(
                    "copy", Text("\(most) adresses au plus.", "At most \(most) addresses.")))
        }
        return problems
    }

    private var subjectProblems: [FieldProblem] {
        if subject.isEmpty { return [FieldProblem("subject", Input.missing)] }
        if MailDraft.hasControlCharacters(subject) {
            return [
                FieldProblem(
                    "subject",
                    Text("L’objet tient sur une seule ligne.", "The subject is a single line."))
            ]
        }
        return MailDraft.tooLong(subject, "subject", most: MailDraft.maximumSubjectLength)
    }

    private var bodyProblems: [FieldProblem] {
        body.isEmpty
            ? [FieldProblem("body", Input.missing)]
            : MailDraft.tooLong(body, "body", most: MailDraft.maximumBodyLength)
    }

    private var attachmentProblems: [FieldProblem] {
        guard let attachment, attachment.bytes.count > MailDraft.maximumAttachmentBytes else {
            return []
        }
        return [
            FieldProblem(
                "attachment",
                Text("La pièce jointe dépasse 9 Mo.", "The attachment is larger than 9 MB."))
        ]
    }
}

extension MailDraft {
    static let addressExpected = Text(
        "Adresse attendue, comme nom@exemple.fr.", "An address such as name@example.com.")

    /// Normalised when it is an address, as typed otherwise, to be refused and shown again.
    static func address(_ typed: String) -> String {
        if hasControlCharacters(typed) { return typed }
        return EmailAddress.normalized(typed) ?? PlainText.line(typed)
    }

    /// Whether a message can be addressed to it.
    static func canReceive(_ address: String, name: String = "") -> Bool {
        EmailAddress.normalized(address) == address
            && (try? MailAddress(name: name, address: address)) != nil
    }

    static func hasControlCharacters(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            $0 != "\t"
                && [.control, .lineSeparator, .paragraphSeparator]
                    .contains($0.properties.generalCategory)
        }
    }

    private static func tooLong(_ text: String, _ field: String, most: Int) -> [FieldProblem] {
        let length = text.unicodeScalars.count
        guard length > most else { return [] }
        return [
            FieldProblem(
                field,
                Text(
                    "\(most) caractères au plus ; il y en a \(length).",
                    "At most \(most) characters; there are \(length)."))
        ]
    }
}

/// The record that a mail is about: its journal tells what became of the mail.
public struct MailedRecord: Sendable {
    /// Quote, order, invoice or client.
    public var kind: SubjectKind
    public var id: UniqueID
    /// Its number or name, for lists and the journal.
    public var label: String
    public var client: UniqueID?

    public init(_ kind: SubjectKind, _ id: UniqueID, label: String, client: UniqueID?) {
        self.kind = kind
        self.id = id
        self.label = label
        self.client = client
    }
}

/// A PDF that goes with a mail, kept as it was sent.
public struct MailAttachment: Sendable {
    /// With its ending: `Facture F-2026-0012.pdf`.
    public var name: String
    public var bytes: [UInt8]

    /// Slashes and control characters, which no file name holds, become hyphens.
    public init(name: String, bytes: [UInt8]) {
        let scalars = PlainText.line(name).unicodeScalars.prefix(150)
            .map { "/\\".unicodeScalars.contains($0) ? "-" : $0 }
        self.name = String(String.UnicodeScalarView(scalars))
        self.bytes = bytes
    }
}
