import Basics
import Database

extension Transaction {
    /// Notes what became of a mail that no job sent: for stories that are told after the fact.
    public func noteDelivery(of id: Mail.ID, failure: DeliveryFailure? = nil) throws {
        let mail = try lockedMail(id)
        guard mail.status == .waiting else { return }
        guard let failure else {
            try run(
                """
                UPDATE mails SET status = 'sent', queued_at = \(mail.createdAt), sent_at = \(now)
                WHERE organisation_id = \(organisation) AND id = \(id)
                """)
            return try recordMail(.mailSent, mail)
        }
        try run(
            """
            UPDATE mails SET status = 'failed', queued_at = \(mail.createdAt),
                failure_kind = \(failure.kind), last_error = \(failure.answer)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try recordMail(.mailFailed, mail, note: scope.organisation.language(failure.explanation))
    }
}
