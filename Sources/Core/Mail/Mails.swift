import Basics
import HTTP

/// Mail to clients: what waits, what left, what failed, and the server it leaves by.
public enum Mails: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "mails", .readMails,
            api: .list(
                Mail.self, query: MailFilter.parameters, Text("Lister les courriels", "List mails")),
            list)
        routes.get("mails/export", .readMails, reads: .export(of: .mail), export)
        routes.post("mails/send-waiting", .sendMails, sendHeld)
        routes.get(
            "mails/:id", .readMails,
            api: .show(Mail.self, Text("Lire un courriel", "Read a mail")), show)
        routes.get("mails/:id/attachment", .readMails, reads: .document(of: .mail), attachment)
        routes.post(
            "mails/:id/resend", .sendMails,
            api: .act(Mail.self, creates: true, Text("Renvoyer un courriel", "Send a mail again")),
            resend)
        routes.post(
            "mails/:id/cancel", .sendMails,
            api: .act(Mail.self, Text("Annuler un courriel", "Cancel a mail")), cancel)
        routes.post("mails/:id/recipient", .sendMails, correct)
        routes.get("settings/mail", .manageOrganisation, settings)
        routes.post("settings/mail", .manageOrganisation, saveSettings)
        routes.post("settings/mail/test", .manageOrganisation, sendTest)
    }

    public static let actions: [Action] = [
        .mailQueued, .mailSent, .mailFailed, .mailCancelled, .mailCorrected, .mailSettingsChanged,
    ]

    public static let liveCounters = [
        LiveCounter(
            "mails", .readMails,
            says: [
                "mail.sent": Text("Courriel envoyé.", "Mail sent."),
                "mail.failed": Text("Un courriel n’a pas pu partir.", "A mail could not be sent."),
            ], urgent: "status = 'failed'"
        ) { "mails WHERE organisation_id = \($0) AND status IN ('waiting', 'queued', 'failed')" }
    ]

    public static var jobs: [JobKind] { [sending] }

    static let sending = JobKind(
        "mail.send", Text("Envoi d’un courriel", "Sending a mail"), address: { "/mails/\($0)" },
        givenUp: SendMail.giveUp, handler: SendMail.run)

    static func list(_ request: Request) throws -> Reply {
        let filter = MailFilter(request.http.query)
        return try request.show {
            try $0.mails(filter)
        } page: { transaction in
            try MailListPage(
                filter: filter, listing: transaction.mails(filter),
                counts: transaction.mailCounts(),
                request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = MailFilter(request.http.query)
        let file = try request.tableFile(Text("courriels", "mails"), MailFilter.headings)
        try request.read { try $0.exportMails(filter, to: file, request.say) }
        return try file.reply()
    }

    static func show(_ request: Request) throws -> Reply {
        let id: Mail.ID = try request.id()
        return try request.show {
            try $0.mail(id)
        } page: { transaction in
            try page(of: id, typed: nil, [], transaction, request)
        }
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
                at: mail.path,
                say: Text(
                    "Adresse corrigée, courriel remis à l’envoi.",
                    "Address corrected, the mail is on its way."))
        } catch Problem.invalid(let problems) where !request.isAPI {
            return .page(
                try request.read { try page(of: id, typed: typed, problems, $0, request) },
                status: 422)
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
        of id: Mail.ID, typed: String?, _ problems: [FieldProblem], _ transaction: Transaction,
        _ request: Request
    ) throws -> Page {
        let mail = try transaction.mail(id)
        let fields = FormFields(["recipient": typed ?? mail.recipient], problems, request)
        return MailPage(mail, try transaction.journal(of: mail), fields, request).page
    }
}
