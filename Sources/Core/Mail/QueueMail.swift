import Basics
import Database

extension Transaction {
    /// Keeps a mail as it is, to be sent by a job once this transaction has committed. Without a mail
    /// server it waits until there is one. The journal of the record says so.
    /// Throws `Problem.invalid` with the names of `MailForm`'s fields.
    @discardableResult
    public func queueMail(_ draft: MailDraft) throws -> Mail {
        let problems = draft.problems
        guard problems.isEmpty else { throw Problem.invalid(problems) }
        let id: Mail.ID = newID()
        let record = draft.record
        try run(
            """
            INSERT INTO mails (organisation_id, id, client_id, subject_kind, subject_id,
                subject_label, recipient, recipient_name, copy_to, subject, body,
                attachment_name, attachment, message_id, created_at, created_by)
            VALUES (\(organisation), \(id), \(record.client), \(record.kind), \(record.id),
                \(record.label), \(draft.recipient), \(draft.recipientName),
                \(draft.copies.joined(separator: ", ")), \(draft.subject), \(draft.body),
                \(draft.attachment?.name ?? ""), \(draft.attachment?.bytes),
                \(try messageID(for: id)), \(now), \(scope.user?.id))
            """)
        if try mailIsSetUp() { try putInQueue(id) }
        let mail = try mail(id)
        try recordMail(.mailQueued, mail)
        return mail
    }

    /// Hands a mail to a new job; an older job of it does nothing any more.
    func putInQueue(_ id: Mail.ID) throws {
        let job = try enqueue(Mails.sending, on: id.value)
        try run(
            """
            UPDATE mails SET status = 'queued', job_id = \(job), queued_at = \(now),
                failure_kind = '', last_error = ''
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }

    /// Whether there is a mail server to hand mails to.
    public func mailIsSetUp() throws -> Bool {
        try value("SELECT smtp_host <> '' FROM organisations WHERE id = \(organisation)") ?? false
    }

    /// An entry in the journal of the record that the mail is about.
    func recordMail(_ action: Action, _ mail: Mail, note: String = "") throws {
        let to = scope.organisation.language("À ", "To ") + mail.recipient
        try record(
            action, mail.record.kind, mail.record.id, label: mail.record.label,
            details: [
                "mail": JSON(mail.id), "recipient": .string(mail.recipient),
                "note": .string(note.isEmpty ? to : to + "\n" + note),
            ])
    }

    /// Unique for ever; the domain is the sender's where it is known.
    private func messageID(for id: Mail.ID) throws -> String {
        let own = scope.organisation
        let domain = [own.mailFrom, own.email].lazy
            .compactMap { MailDraft.canReceive($0) ? $0.split(separator: "@").last : nil }.first
        return "\(id)@\(domain.map(String.init) ?? own.slug + ".comptoir.invalid")"
    }
}

extension Problem {
    static let noMailServer = Problem.conflict(
        Text(
            "Aucun serveur de courrier n’est réglé : voyez Réglages, Courriel.",
            "No mail server is set up: see Settings, Mail."))
}

extension Action {
    static let mailQueued = Action(
        "mail.queued", Text("a demandé l’envoi par courriel de", "asked to send by mail"),
        icon: "mail")
    static let mailSent = Action(
        "mail.sent", Text("a envoyé par courriel", "sent by mail"), icon: "mail-check")
    static let mailFailed = Action(
        "mail.failed", Text("n’a pas pu envoyer par courriel", "could not send by mail"),
        icon: "mail-x")
    static let mailCancelled = Action(
        "mail.cancelled", Text("a annulé l’envoi par courriel de", "cancelled the mail of"),
        icon: "x")
    static let mailCorrected = Action(
        "mail.corrected",
        Text("a corrigé l’adresse du courriel", "corrected the address of the mail"),
        icon: "pencil")
}
