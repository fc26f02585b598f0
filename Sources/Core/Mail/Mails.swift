import Basics
import HTTP

/// Mail to clients: what waits, what left, what failed, and the server it leaves by.
public enum Mails: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("mails", .readMails, answer: Listing<Mail>.self, list)
        routes.get("mails/export", .readMails, export)
        routes.post("mails/send-waiting", .sendMails, sendHeld)
        routes.get("mails/:id", .readMails, answer: Mail.self, show)
        routes.get("mails/:id/attachment", .readMails, attachment)
        routes.post("mails/:id/resend", .sendMails, resend)
        routes.post("mails/:id/cancel", .sendMails, cancel)
        routes.post("mails/:id/recipient", .sendMails, correct)
        routes.get("settings/mail", .manageOrganisation, settings)
        routes.post("settings/mail", .manageOrganisation, input: SMTPDraft.self, saveSettings)
        routes.post("settings/mail/test", .manageOrganisation, sendTest)
    }

    public static let actions: [Action] = [
        .mailQueued, .mailSent, .mailFailed, .mailCancelled, .mailCorrected, .mailSettingsChanged,
    ]

    public static var jobs: [JobKind] { [sending] }

    static let sending = JobKind(
        "mail.send", Text("Envoi d’un courriel", "Sending a mail"), address: { "/mails/\($0)" },
        givenUp: SendMail.giveUp, handler: SendMail.run)

    static func list(_ request: Request) throws -> Reply {
        let filter = MailFilter(request.http.query)
        let (listing, counts) = try request.read {
            (try $0.mails(filter), try $0.mailCounts())
        }
        return .show(
            ["data": .array(listing.rows.map(\.json)), "next": JSON(listing.next?.text)],
            as: MailListPage(filter: filter, listing: listing, counts: counts, request).page)
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = MailFilter(request.http.query)
        let text = try request.read { try $0.mailsAsCSV(filter, request.say) }
        let name = request.say("courriels.csv", "mails.csv")
        return .file(Array(text.utf8), name: name, type: "text/csv; charset=utf-8")
    }

    static func show(_ request: Request) throws -> Reply {
        let id: Mail.ID = try request.id()
        return try page(of: id, typed: nil, [], request)
    }

    static func attachment(_ request: Request) throws -> Reply {
        let id: Mail.ID = try request.id()
        let (mail, bytes) = try request.read { (try $0.mail(id), try $0.attachment(of: id)) }
        return .file(bytes, name: mail.attachmentName, type: "application/pdf")
    }

    static func resend(_ request: Request) throws -> Reply {
        let id: Mail.ID = try request.id()
        let path = try request.once { try $0.resendMail(id).path }
        return .done(at: path, say: Text("Courriel remis à l’envoi.", "The mail is on its way."))
    }

    static func cancel(_ request: Request) throws -> Reply {
        let id: Mail.ID = try request.id()
        try request.write { try $0.cancelMail(id) }
        return .done(at: "/mails/\(id)", say: Text("Envoi annulé.", "Mail cancelled."))
    }

    static func correct(_ request: Request) throws -> Reply {
        let id: Mail.ID = try request.id()
        let typed = try request.form().fields["recipient"] ?? ""
        do {
            let mail = try request.write {
                try $0.correctRecipient(of: id, to: MailDraft.address(typed))
            }
            return .done(
                mail.json, at: mail.path,
                say: Text(
                    "Adresse corrigée, courriel remis à l’envoi.",
                    "Address corrected, the mail is on its way."))
        } catch Problem.invalid(let problems) where !request.wantsJSON {
            return try page(of: id, typed: typed, problems, request)
        }
    }

    static func sendHeld(_ request: Request) throws -> Reply {
        let count = try request.write { try $0.sendHeldMails() }
        func told(_ say: Language) -> String {
            say.count(count, Text("courriel", "mail"), Text("courriels", "mails"))
        }
        return .done(
            at: "/mails",
            say: Text(
                "\(told(.french)) remis à l’envoi.", "\(told(.english)) on the way."))
    }

    private static func page(
        of id: Mail.ID, typed: String?, _ problems: [FieldProblem], _ request: Request
    ) throws -> Reply {
        let (mail, entries) = try request.read { transaction in
            let mail = try transaction.mail(id)
            return (mail, try transaction.journal(of: mail))
        }
        let fields = FormFields(["recipient": typed ?? mail.recipient], problems, request)
        let page = MailPage(mail, entries, fields, request).page
        return problems.isEmpty ? .show(mail.json, as: page) : .page(page, status: 422)
    }
}
