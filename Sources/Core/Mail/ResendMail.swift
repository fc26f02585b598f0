import Basics
import Database

extension Transaction {
    /// Tries a mail again that waits, has failed or was cancelled. One that was sent goes out once
    /// more as a mail of its own, with the same content. Answers the mail that is on its way.
    @discardableResult
    func resendMail(_ id: Mail.ID) throws -> Mail {
        let mail = try lockedMail(id)
        switch mail.status {
        case .queued: throw Mail.isOnItsWay
        case .sent: return try resendCopy(of: mail)
        case .waiting, .failed, .cancelled:
            try sendAgain(mail)
            try recordMail(.mailQueued, mail)
            return try self.mail(id)
        }
    }

    /// Corrects the address of a mail that has not left, and tries again.
    @discardableResult
    func correctRecipient(of id: Mail.ID, to address: String) throws -> Mail {
        let mail = try lockedMail(id)
        guard mail.canBeCorrected else { throw Mail.isOnItsWay }
        guard MailDraft.canReceive(address) else {
            throw Problem.invalid(
                "recipient", address.isEmpty ? Input.missing : MailDraft.addressExpected)
        }
        try run(
            """
            UPDATE mails SET recipient = \(address)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try sendAgain(mail)
        let corrected = try self.mail(id)
        try recordMail(.mailCorrected, corrected)
        return corrected
    }

    /// Tries again what waits for a mail server, and what failed for the sake of the server rather
    /// than of the mail. Answers how many mails that were.
    @discardableResult
    func sendHeldMails() throws -> Int {
        guard try mailIsSetUp() else { throw Mail.hasNoServer }
        let held: [Mail] = try all(
            """
            SELECT \(Mail.columns) FROM mails m
            WHERE m.organisation_id = \(organisation) AND (m.status = 'waiting'
                OR m.status = 'failed' AND m.failure_kind IN ('connection', 'authentication'))
            ORDER BY m.created_at, m.id FOR UPDATE
            """)
        for mail in held {
            try putInQueue(mail.id)
            try recordMail(.mailQueued, mail)
        }
        return held.count
    }

    /// Keeps a mail from leaving. One that a job is just handing over may leave all the same, and then
    /// shows as sent.
    public func cancelMail(_ id: Mail.ID) throws {
        let mail = try lockedMail(id)
        guard mail.canBeCancelled else {
            throw Problem.conflict(
                Text(
                    "Ce courriel est déjà parti ou déjà annulé.",
                    "This mail was already sent or cancelled."))
        }
        try run(
            """
            UPDATE mails SET status = 'cancelled'
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try recordMail(.mailCancelled, mail)
    }

    private func sendAgain(_ mail: Mail) throws {
        if try mailIsSetUp() { return try putInQueue(mail.id) }
        try run(
            """
            UPDATE mails SET status = 'waiting', job_id = NULL, failure_kind = '', last_error = ''
            WHERE organisation_id = \(organisation) AND id = \(mail.id)
            """)
    }

    private func resendCopy(of mail: Mail) throws -> Mail {
        let bytes = mail.attachmentName.isEmpty ? nil : try attachment(of: mail.id)
        return try queueMail(
            MailDraft(
                about: mail.record, recipient: mail.recipient, recipientName: mail.recipientName,
                copies: mail.copies, subject: mail.subject, body: mail.body,
                attachment: bytes.map { MailAttachment(name: mail.attachmentName, bytes: $0) }))
    }
}

extension Mail {
    public var canBeCancelled: Bool { [.waiting, .queued, .failed].contains(status) }
    /// While a job may be sending it, its address stays as it is.
    public var canBeCorrected: Bool { [.waiting, .failed].contains(status) }
    public var canBeResent: Bool { status != .queued }

    static let isOnItsWay = Problem.conflict(
        Text(
            "Ce courriel est en cours d’envoi ou déjà parti.",
            "This mail is on its way or already sent."))
    static let hasNoServer = Problem.conflict(
        Text(
            "L’envoi de courriels n’est pas réglé : indiquez d’abord un serveur.",
            "Sending mail is not set up: give a server first."))
}
