import Basics
import Core
import HTTP

// For most of two years documents went out by other ways. Then mail was set up and, lately, taken away:
// the youngest mails wait.
extension Business {
    private static let daysOfMail = 30
    /// Since then the mail server is gone.
    private static let daysOfWaiting = 4
    private static let oneFailureIn = 11

    /// Whether documents go out by mail by now.
    var isMailing: Bool { today - WorkingDays.day(of: now) <= Business.daysOfMail }

    func mail(invoice id: Invoice.ID, _ transaction: Transaction) throws {
        try post(transaction.parcel(ofInvoice: id), transaction)
    }

    func mail(quote id: Quote.ID, _ transaction: Transaction) throws {
        try post(transaction.parcel(ofQuote: id), transaction)
    }

    private func post(_ parcel: Parcel, _ transaction: Transaction) throws {
        var input = Input(Fields(parcel.values))
        let attachment = MailAttachment(
            name: parcel.printed.fileName, bytes: try DocumentPDF.bytes(of: parcel.printed))
        let draft = MailDraft(
            &input, about: parcel.record, suggestions: parcel.suggestions, attachment: attachment)
        try input.check()
        let mail = try transaction.queueMail(draft)
        mailCount += 1
        let turn = mailCount % Business.oneFailureIn
        if turn == 2 {
            note(.claire, inMinutes: 3) { try $0.cancelMail(mail.id) }
        } else if today - WorkingDays.day(of: now) > Business.daysOfWaiting {
            let failure =
                turn == 1 ? DeliveryFailure(.permanent, "550 5.1.1 No such user here") : nil
            note(.program, inMinutes: 1) { try $0.noteDelivery(of: mail.id, failure: failure) }
        }
    }
}
