import Basics
import Database
import Mailer

/// A mail of the program to somebody who has an account, or is to have one. It goes through the mail server
/// of the organisation, stands in no list, and holds nothing that opens anything until it is sent: links are
/// made then, and a later mail replaces them.
struct AccountMail: Record {
    enum Kind: String, Sendable, SQLBindable, SQLDecodable {
        case invitation
        case passwordReset = "password_reset"
        /// Somebody signed in with the person's password, from a browser that was not known.
        case newDevice = "new_device"
        /// Password or second factor are others now.
        case changed
        /// Where the chains of hashes stand.
        case seals
    }
    typealias ID = Basics.ID<AccountMail>

    var id: ID
    var kind: Kind
    var user: User.ID?
    var invitation: Invitation.ID?
    var recipient: String
    var recipientName: String
    var language: Language
    var details: JSON
    /// What links begin with; empty while no owner has signed in.
    var origin: String
    var createdAt: Instant

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        user = try row["user_id"]
        invitation = try row["invitation_id"]
        recipient = try row["recipient"]
        recipientName = try row["recipient_name"]
        language = try row["language"]
        details = try row["details"]
        origin = try row["origin"]
        createdAt = try row["created_at"]
    }

    static let job = JobKind(
        "account.mail", Text("Courriel à un compte", "Mail to an account"), maximumAttempts: 6,
        handler: send)

    /// For a whole message, in seconds.
    fileprivate static let timeoutSeconds = 60
    /// What could not be sent within a day surprises more than it helps.
    fileprivate static let goodSeconds = 86_400

    private static func send(_ job: Job, _ application: Application) throws {
        do {
            let keys = try application.keys(of: job.organisation)
            let parcel = try application.write(for: job.organisation) {
                try $0.accountParcel(for: job, keys)
            }
            guard let parcel else { return }
            do { try SMTPClient(parcel.settings).send(parcel.message) } catch {
                throw DeliveryFailure(error)
            }
            try application.write(for: job.organisation) { try $0.noteSent(parcel.mail, job) }
        } catch let failure as DeliveryFailure {
            let reason = failure.explanation.french
            throw failure.isWorthRetrying
                ? JobFailure.temporary(reason) : JobFailure.permanent(reason)
        }
    }
}

private struct AccountParcel {
    var mail: AccountMail
    var message: MailMessage
    var settings: SMTPSettings
}

extension Transaction {
    /// Leaves a mail to somebody who has an account. Without a mail server there is none.
    func mailAccount(_ kind: AccountMail.Kind, to user: User.ID, details: JSON = .object([])) throws
    {
        try leaveMail(kind, user: user, invitation: nil, details)
    }

    func mailInvitation(_ id: Invitation.ID) throws {
        try leaveMail(.invitation, user: nil, invitation: id, .object([]))
    }

    private func leaveMail(
        _ kind: AccountMail.Kind, user: User.ID?, invitation: Invitation.ID?, _ details: JSON
    ) throws {
        guard try mailIsSetUp() else { return }
        let id: AccountMail.ID = newID()
        try run(
            """
            INSERT INTO account_mails (organisation_id, id, kind, user_id, invitation_id, details,
                created_at)
            VALUES (\(organisation), \(id), \(kind), \(user), \(invitation), \(details), \(now))
            """)
        try enqueue(AccountMail.job, on: id.value)
    }

    /// Nil when it was sent already, came too late, or there is no mail server any more.
    fileprivate func accountParcel(for job: Job, _ keys: KeyRing) throws -> AccountParcel? {
        let mail: AccountMail? = try first(
            """
            SELECT a.id, a.kind, a.user_id, a.invitation_id, coalesce(u.email, i.email) AS recipient,
                coalesce(u.name, i.name) AS recipient_name, coalesce(u.language, o.language) AS language,
                a.details, o.origin, a.created_at
            FROM account_mails a
            JOIN organisations o ON o.id = a.organisation_id
            LEFT JOIN users u ON u.id = a.user_id
            LEFT JOIN invitations i ON i.organisation_id = \(organisation) AND i.id = a.invitation_id
            WHERE a.organisation_id = \(organisation) AND a.id = \(job.subject)
                AND a.sent_at IS NULL
            FOR UPDATE OF a
            """)
        let configuration = try smtpConfiguration()
        if mail?.origin == "" {
            throw JobFailure.temporary(
                scope.organisation.language(
                    "aucun propriétaire ne s’est encore connecté : les liens ne mèneraient nulle part",
                    "no owner has signed in yet: links would lead nowhere"))
        }
        guard let mail, configuration.isSetUp,
            mail.createdAt.adding(seconds: AccountMail.goodSeconds) > now,
            let letter = try letter(for: mail)
        else { return nil }
        let sender = scope.organisation.name
        return AccountParcel(
            mail: mail,
            message: try message(of: mail, letter, from: sender, at: configuration.from),
            settings: try configuration.settings(
                keys, for: organisation, timeoutSeconds: AccountMail.timeoutSeconds))
    }

    private func message(
        of mail: AccountMail, _ letter: AccountLetter, from sender: String, at address: String
    ) throws -> MailMessage {
        do {
            let domain = address.split(separator: "@").last.map(String.init) ?? "localhost"
            return MailMessage(
                from: try MailAddress(name: sender, address: address),
                to: [try MailAddress(name: mail.recipientName, address: mail.recipient)], cc: [],
                replyTo: nil, subject: mail.language(letter.subject),
                text: mail.language(letter.body) + "\n", attachments: [],
                messageID: "\(mail.id)@\(domain)", date: Int64(mail.createdAt.seconds))
        } catch {
            throw DeliveryFailure(.permanent, error.description)
        }
    }

    fileprivate func noteSent(_ mail: AccountMail, _ job: Job) throws {
        try run(
            """
            UPDATE account_mails SET sent_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(mail.id)
            """)
        try finish(job)
    }

    /// With its link, of which the database keeps the hash only. Nil when nobody is to have it any more.
    private func letter(for mail: AccountMail) throws -> AccountLetter? {
        switch mail.kind {
        case .invitation:
            guard let id = mail.invitation else { return nil }
            let path = try renewLink(of: id)
            return .invitation(
                to: mail.origin + path, scope.organisation.name, Invitation.lifetimeDays)
        case .passwordReset:
            // Somebody who works elsewhere too by now gets none from this mail server.
            guard let user = mail.user, try connection.worksInOnePlace(user) else { return nil }
            let token = try connection.newPasswordReset(for: user, at: now)
            return .passwordReset(
                to: "\(mail.origin)/password-reset/new?token=\(token)",
                PasswordReset.lifetimeMinutes)
        case .newDevice:
            return .newDevice(mail.details, scope.organisation, mail.origin)
        case .changed:
            return .changed(mail.details["what"]?.string ?? "", mail.origin)
        case .seals:
            return .seals(mail.details, scope.organisation.name)
        }
    }
}
