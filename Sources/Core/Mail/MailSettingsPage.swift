import Basics
import Markup

/// The settings of the mail server, with a test message and the mails that wait for it.
struct MailSettingsPage {
    let fields: FormFields
    /// Of the test message.
    let test: FormFields
    /// Why the test message was not taken.
    let failure: DeliveryFailure?
    let configuration: SMTPConfiguration
    let counts: MailCounts
    let request: Request

    private var say: Language { request.say }

    var page: Page {
        SettingsFrame(tab: .mail, request: request).page(
            """
            <div class="form">\(HeldMails(counts, request).note)\(fields.summary)
            <form method="post" action="/settings/mail" data-guard data-main autocomplete="off">\
            \(FormToken.input(for: request))\
            \(VersionField(fields, current: configuration.version).input)\
            \(FieldCard.card(
                say("Serveur d’envoi", "Sending server"),
                note: say(
                    "Ces valeurs sont celles de votre hébergeur de courrier. Sans serveur, les courriels attendent.",
                    "Your mail provider gives these. Without a server, mails wait."),
                server + login + sender + save))</form>
            \(configuration.isSetUp ? trial : .empty)</div>
            """, frame: .wide)
    }

    private var server: HTML {
        let choices: [(SMTPConfiguration.Security, Text)] = [
            (.starttls, Text("STARTTLS (587)", "STARTTLS (587)")),
            (.tls, Text("TLS (465)", "TLS (465)")),
            (.none, Text("Aucun (serveur local)", "None (local server)")),
        ]
        return """
            \(fields.input(
                "smtp_host", Text("Serveur SMTP", "SMTP server"), width: .half,
                hint: Text("Comme smtp.exemple.fr.", "Such as smtp.example.com."), maximum: 253))
            \(fields.select(
                "smtp_security", Text("Chiffrement", "Encryption"),
                choices.map { ($0.0.rawValue, say($0.1)) }, width: .third))
            \(fields.input(
                "smtp_port", Text("Port", "Port"), type: "number", width: .sixth, maximum: 5))
            """
    }

    private var login: HTML {
        let hint =
            configuration.hasPassword
            ? Text(
                "Un mot de passe est enregistré, chiffré. Laissez vide pour le garder.",
                "A password is kept, encrypted. Leave empty to keep it.")
            : Text("Il sera chiffré, et jamais affiché.", "It is encrypted, and never shown.")
        return """
            \(fields.input("smtp_username", Text("Identifiant", "User name"), width: .half))
            \(fields.field(
                "smtp_password", Text("Mot de passe", "Password"), .half, required: false, hint: hint,
                """
                <input class="in" id="\(fields.id("smtp_password"))" name="smtp_password" type="password" \
                autocomplete="new-password" maxlength="\(SMTPDraft.longestPassword)"\
                \(fields.described("smtp_password", hint))>
                """))
            """
    }

    private var sender: HTML {
        fields.input(
            "mail_from", Text("Adresse d’expédition", "Sender address"), type: "email",
            width: .half,
            hint: Text(
                "Vos clients la voient ; leurs réponses vont à l’e-mail de l’entreprise.",
                "Clients see it; their answers go to the company e-mail."),
            maximum: EmailAddress.maximumLength)
    }

    private var save: HTML {
        """
        <div class="field form-end"><button class="btn p">\(request.icon("save"))\
        \(say("Enregistrer", "Save"))</button></div>
        """
    }

    private var trial: HTML {
        """
        <form method="post" action="/settings/mail/test" id="test">\(FormToken.input(for: request))\
        \(FieldCard.card(
            say("Message d’essai", "Test message"),
            note: say(
                "La réponse du serveur s’affiche ici, en quelques secondes.",
                "The server’s answer shows here, within seconds."),
            class: "body form-stack",
            """
            \(refusal)\(test.input(
                "test_recipient", Text("L’envoyer à", "Send it to"), type: "email", width: .half,
                required: true, maximum: EmailAddress.maximumLength))
            <div class="form-end"><button class="btn">\(request.icon("send"))\
            \(say("Envoyer l’essai", "Send the test"))</button></div>
            """))</form>
        """
    }

    private var refusal: HTML {
        guard let failure else { return .empty }
        return """
            <div class="alert" role="alert">\(request.icon("mail-x"))<b>\(say(failure.explanation))</b>\
            <p>\(say("Réponse du serveur :", "The server’s answer:")) <q>\(failure.answer)</q></p></div>
            """
    }
}
