import Basics
import HTTP
import Mailer

// The settings of how mail leaves.

extension Mails {
    /// For the test message, in seconds: less than a request may take.
    private static let testTimeoutSeconds = 20

    static func settings(_ request: Request) throws -> Reply {
        try settingsPage(request)
    }

    static func saveSettings(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = SMTPDraft(&input)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            let keys = try request.keys()
            try request.write { try $0.saveSMTP(draft, version: version, keys) }
            return .done(
                at: "/settings/mail",
                say: draft.host.isEmpty
                    ? Text("Les courriels attendront.", "Mails will wait.")
                    : Text(
                        "Réglages enregistrés. Envoyez-vous un message d’essai.",
                        "Settings saved. Send yourself a test message."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return try settingsPage(
                request, typed: input.typed, problem.fields, status: problem.status)
        }
    }

    static func sendTest(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let recipient = MailDraft.address(input.typed["test_recipient"] ?? "")
        if recipient.isEmpty {
            input.refuse("test_recipient", Input.missing)
        } else if !MailDraft.canReceive(recipient) {
            input.refuse("test_recipient", MailDraft.addressExpected)
        }
        guard input.problems.isEmpty else {
            return try settingsPage(request, test: input, status: 422)
        }
        do {
            try deliverTest(to: recipient, request)
            return .done(
                at: "/settings/mail",
                say: Text(
                    "Le serveur a accepté le message d’essai pour \(recipient).",
                    "The server took the test message for \(recipient)."))
        } catch let failure as DeliveryFailure {
            return try settingsPage(request, test: input, failure: failure, status: 422)
        }
    }

    /// Hands a message over while the person waits for the server's answer.
    private static func deliverTest(to recipient: String, _ request: Request) throws {
        let configuration = try request.read { try $0.smtpConfiguration() }
        guard configuration.isSetUp else { throw Mail.hasNoServer }
        let settings = try configuration.settings(
            request.keys(), for: request.organisation.id,
            timeoutSeconds: testTimeoutSeconds)
        let say = request.say
        let message = MailMessage(
            from: try MailAddress(name: request.organisation.name, address: configuration.from),
            to: [try MailAddress(address: recipient)],
            subject: say("Message d’essai de Comptoir", "Test message from Comptoir"),
            text: say(
                "Bonjour,\n\nSi vous lisez ce message, Comptoir peut envoyer vos devis et vos factures.\n",
                "Hello,\n\nIf you read this, Comptoir can send your quotes and invoices.\n"),
            messageID: "\(UniqueID.make(at: request.now))@"
                + (configuration.from.split(separator: "@").last ?? "comptoir.invalid"),
            date: Int64(request.now.seconds))
        do { try SMTPClient(settings).send(message) } catch { throw DeliveryFailure(error) }
    }

    private static func settingsPage(
        _ request: Request, typed: [String: String]? = nil, _ problems: [FieldProblem] = [],
        test: Input? = nil, failure: DeliveryFailure? = nil, status: Int = 200
    ) throws -> Reply {
        let (configuration, counts) = try request.read {
            (try $0.smtpConfiguration(), try $0.mailCounts())
        }
        var values = typed ?? configuration.formValues
        // What was typed as a password never travels back.
        values["smtp_password"] = nil
        let tested = FormFields(
            test?.typed ?? ["test_recipient": request.session.user.email], test?.problems ?? [],
            request)
        let page = MailSettingsPage(
            fields: FormFields(values, problems, request), test: tested, failure: failure,
            configuration: configuration, counts: counts, request: request)
        return .page(page.page, status: status)
    }
}
