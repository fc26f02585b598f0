import Basics
import Database
import Mailer

/// What the job `mail.send` does.
///
/// A mail is sent once: the job that its row names is the only one that may send it, a job is held by
/// one runner at a time, and what is sent already is not sent again. One gap is left, because no
/// transaction spans a mail server: when the program dies after the server took the message and before
/// that is noted, the message goes out a second time. It then bears the same Message-ID and date, so
/// that a mailbox can tell that it has it.
enum SendMail {
    /// For a whole message, in seconds; less than a runner may hold a job.
    static let timeoutSeconds = 120

    static func run(_ job: Job, _ application: Application) throws {
        do {
            let keys = try application.keys(of: job.organisation)
            let parcel = try application.write(for: job.organisation) {
                try $0.parcel(for: job, keys)
            }
            guard let parcel else { return }
            try parcel.send()
            try application.write(for: job.organisation) {
                try $0.noteSent(parcel.mail, by: job)
            }
        } catch let failure as DeliveryFailure {
            let reason = try application.write(for: job.organisation) {
                try $0.note(failure, of: job)
                return $0.scope.organisation.language(failure.explanation)
            }
            throw failure.isWorthRetrying
                ? JobFailure.temporary(reason) : JobFailure.permanent(reason)
        }
    }

    /// No attempt is left, or none would help.
    static func giveUp(_ job: Job, _ application: Application, _ reason: String) throws {
        try application.write(for: job.organisation) { try $0.noteGivenUp(job, reason) }
    }
}

/// A message, and the server that takes it.
struct MailParcel: Sendable {
    let mail: Mail
    let message: MailMessage
    let settings: SMTPSettings

    func send() throws {
        do {
            try SMTPClient(settings).send(message)
        } catch {
            throw DeliveryFailure(error)
        }
    }
}

extension Transaction {
    /// What the job has to send now; nil when somebody cancelled the mail, another job has it, or there
    /// is no server any more, so that it waits again.
    fileprivate func parcel(for job: Job, _ keys: KeyRing) throws -> MailParcel? {
        guard let mail = try mail(of: job), [.queued, .failed].contains(mail.status) else {
            return nil
        }
        let configuration = try smtpConfiguration()
        guard configuration.isSetUp else {
            try run(
                """
                UPDATE mails SET status = 'waiting', job_id = NULL
                WHERE organisation_id = \(organisation) AND id = \(mail.id)
                """)
            return nil
        }
        if mail.status == .failed {
            // Somebody let the job try again from the page of jobs.
            try run(
                """
                UPDATE mails SET status = 'queued'
                WHERE organisation_id = \(organisation) AND id = \(mail.id)
                """)
        }
        return MailParcel(
            mail: mail,
            message: try MailMessage(
                mail, attachment: mail.attachmentName.isEmpty ? nil : attachment(of: mail.id),
                from: configuration.from, scope.organisation),
            settings: try configuration.settings(
                keys, for: organisation, timeoutSeconds: SendMail.timeoutSeconds))
    }

    private func mail(of job: Job) throws -> Mail? {
        try first(
            """
            SELECT \(Mail.columns) FROM mails m
            WHERE m.organisation_id = \(organisation) AND m.id = \(job.subject)
                AND m.job_id = \(job.id) FOR UPDATE
            """)
    }

    /// The truth even when somebody cancelled the mail while it was on its way.
    fileprivate func noteSent(_ mail: Mail, by job: Job) throws {
        let changed = try run(
            """
            UPDATE mails SET status = 'sent', sent_at = \(now), failure_kind = '', last_error = ''
            WHERE organisation_id = \(organisation) AND id = \(mail.id) AND job_id = \(job.id)
                AND status <> 'sent'
            """)
        if changed == 1 { try recordMail(.mailSent, mail) }
        try finish(job)
    }

    fileprivate func note(_ failure: DeliveryFailure, of job: Job) throws {
        try run(
            """
            UPDATE mails SET failure_kind = \(failure.kind), last_error = \(failure.answer)
            WHERE organisation_id = \(organisation) AND id = \(job.subject)
                AND job_id = \(job.id) AND status = 'queued'
            """)
    }

    fileprivate func noteGivenUp(_ job: Job, _ reason: String) throws {
        guard let mail = try mail(of: job), mail.status == .queued else { return }
        let failure = mail.failure ?? DeliveryFailure(.temporary, reason)
        try run(
            """
            UPDATE mails SET status = 'failed', failure_kind = \(failure.kind),
                last_error = \(failure.answer)
            WHERE organisation_id = \(organisation) AND id = \(mail.id)
            """)
        try recordMail(
            .mailFailed, mail, note: scope.organisation.language(failure.explanation))
    }
}

extension MailMessage {
    /// As it travels: from the organisation, answers to its own address. Throws a `DeliveryFailure`
    /// that no retry would mend.
    init(
        _ mail: Mail, attachment: [UInt8]?, from sender: String, _ organisation: Organisation
    ) throws {
        do {
            let from = try MailAddress(name: organisation.name, address: sender)
            let isElsewhere = !organisation.email.isEmpty && organisation.email != sender
            self.init(
                from: from,
                to: [try MailAddress(name: mail.recipientName, address: mail.recipient)],
                cc: try mail.copies.map { try MailAddress(address: $0) },
                replyTo: isElsewhere
                    ? try? MailAddress(name: organisation.name, address: organisation.email) : nil,
                subject: mail.subject, text: mail.body + "\n",
                attachments: attachment.map {
                    [
                        Attachment(
                            filename: mail.attachmentName, contentType: "application/pdf",
                            bytes: $0)
                    ]
                } ?? [],
                messageID: mail.messageID,
                date: Int64((mail.queuedAt ?? mail.createdAt).seconds))
        } catch let error as MailSyntaxError {
            throw DeliveryFailure(.permanent, error.description)
        }
    }
}
