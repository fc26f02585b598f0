import Basics
@testable import Core
import HTTP
import TestSupport

/// A program with a page that sends letters, and the mail server that takes them.
final class Outbox {
    let test: TestApplication
    let sink: SMTPSink
    /// What the letters are about.
    let invoice = MailedRecord(
        .invoice, UniqueID.make(at: TestClock.usual), label: "F-2026-0001", client: nil)

    init(_ arguments: String..., isSetUp: Bool = true) throws {
        sink = try SMTPSink(arguments: arguments)
        test = try TestApplication(Letters.self)
        if isSetUp { try setUp() }
    }

    func settings(
        _ changes: [String: String] = [:]
    ) -> [(String, String)] {
        let usual = [
            "smtp_host": "127.0.0.1", "smtp_port": String(sink.port), "smtp_security": "none",
            "smtp_username": "", "smtp_password": "", "mail_from": "facturation@altavista.example",
        ]
        return usual.merging(changes) { $1 }.map { ($0.key, $0.value) }
    }

    @discardableResult
    func setUp(_ changes: [String: String] = [:]) throws -> Answer {
        try test.respond(.post, "/settings/mail", form: settings(changes))
    }

    func draft(to recipient: String = "compta@aubrac.example") -> MailDraft {
        MailDraft(
            about: invoice, recipient: recipient, recipientName: "Léa Aubrac",
            subject: "Invoice F-2026-0001", body: "Hello,\n\nPlease find it attached.",
            attachment: MailAttachment(name: "Invoice F-2026-0001.pdf", bytes: Outbox.pdf))
    }

    @discardableResult
    func queue(to recipient: String = "compta@aubrac.example") throws -> Mail {
        try test.write(as: .agent) { try $0.queueMail(draft(to: recipient)) }
    }

    /// Does the jobs that are due; answers how many.
    @discardableResult
    func runJobs() throws -> Int {
        try JobRunner(test.application, only: test.organisationID).runDue()
    }

    func mail(_ id: Mail.ID) throws -> Mail { try test.read { try $0.mail(id) } }

    /// The actions in the journal of the invoice, oldest first.
    func journal() throws -> [JournalEntry] {
        try test.read { try $0.journal(of: .invoice, invoice.id) }.reversed()
    }

    static let pdf =
        Array("%PDF-1.5\r\n".utf8) + (0..<40_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
}

/// A page that sends something by mail, as those of quotes and invoices do.
enum Letters: Capability {
    static let record = MailedRecord(
        .client, UniqueID.make(at: TestClock.usual), label: "Aubrac", client: nil)
    static let suggestions = [MailSuggestion(name: "Léa Aubrac", address: "lea@aubrac.example")]

    static func routes(_ routes: inout Routes) {
        routes.get("letters/send", .sendMails) { request in
            .page(
                page(MailForm.values(recipient: "", subject: "Bonjour", body: ""), [], request))
        }
        routes.post("letters/send", .sendMails) { request in
            var input = Input(try request.form().fields)
            let draft = MailDraft(&input, about: record, suggestions: suggestions)
            do {
                try input.check()
                return .done(at: try request.once { try $0.queueMail(draft).path })
            } catch Problem.invalid(let problems) {
                return .page(page(input.typed, problems, request), status: 422)
            }
        }
    }

    static func page(
        _ values: [String: String], _ problems: [FieldProblem], _ request: Request
    ) -> Page {
        let form = MailForm(
            values, problems, to: "/letters/send", cancel: "/", suggestions: suggestions,
            attachment: ("lettre.pdf", "/letters/pdf"), request)
        return Page(title: "Envoyer", frame: .edit, body: form.html)
    }
}
