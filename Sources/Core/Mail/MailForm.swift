import Basics
import Markup

/// Somebody whom a form proposes as recipient.
public struct MailSuggestion: Sendable, Hashable {
    public var name: String
    public var address: String

    public init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}

/// The form that sends a record by mail: recipient, copy, subject, text. Pages give it the address it
/// goes to, and read it with `MailDraft(&input, about:…)`.
public struct MailForm {
    let fields: FormFields
    let action: String
    let cancel: String
    let suggestions: [MailSuggestion]
    let attachment: (name: String, address: String)?
    let request: Request

    /// - Parameters:
    ///   - values: what the fields hold: `MailForm.values` at first, `input.typed` after a refusal.
    ///   - cancel: the page to go back to.
    ///   - attachment: the name of the file that goes with the mail, and where it can be looked at.
    public init(
        _ values: [String: String], _ problems: [FieldProblem] = [], to action: String,
        cancel: String, suggestions: [MailSuggestion],
        attachment: (name: String, address: String)?, _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.action = action
        self.cancel = cancel
        self.suggestions = suggestions
        self.attachment = attachment
        self.request = request
    }

    /// What the form holds when it is first shown.
    public static func values(
        recipient: String, subject: String, body: String, copy: String = ""
    ) -> [String: String] {
        ["recipient": recipient, "copy": copy, "subject": subject, "body": body]
    }

    /// For a page with `frame: .edit`.
    public var html: HTML {
        """
        <form class="form" method="post" action="\(action)" data-guard data-main>
        \(FormToken.input(for: request))\(Submission.input(for: request))\(fields.summary)\(waiting)
        <section class="card"><header><h2>\(say("Courriel", "Mail"))</h2></header>\
        <div class="body f2">\(people)\(words)\(file)</div></section>
        <div class="bar"><div class="acts2"><a class="btn" href="\(cancel)">\(say("Annuler", "Cancel"))</a>\
        <button class="btn p">\(request.icon("send"))\(button)</button></div></div></form>
        """
    }

    private var say: Language { request.say }
    private var isSetUp: Bool { !request.organisation.smtpHost.isEmpty }

    private var button: String {
        isSetUp ? say("Envoyer", "Send") : say("Mettre en attente", "Leave waiting")
    }

    private var waiting: HTML {
        guard !isSetUp else { return .empty }
        let link: HTML =
            request.offers("/settings/mail")
            ? " <a href=\"/settings/mail\">\(say("Régler l’envoi", "Set it up"))</a>" : .empty
        return """
            <p class="note">\(request.icon("info"))<span>\(say(
                "L’envoi de courriels n’est pas encore réglé : celui-ci attendra dans « Courriels ».",
                "Sending mail is not set up yet: this one will wait under “Mail”."))\(link)</span></p>
            """
    }

    private var people: HTML {
        """
        \(fields.input(
            "recipient", Text("Destinataire", "To"), type: "email", width: .half, required: true,
            list: suggestions.isEmpty ? nil : "mail-addresses",
            maximum: EmailAddress.maximumLength))
        <datalist id="mail-addresses">\(suggestions, {
            "<option value=\"\($0.address)\">\($0.name)</option>"
        })</datalist>
        \(fields.input(
            "copy", Text("Copie", "Copy"), width: .half,
            hint: Text(
                "Facultatif ; plusieurs adresses séparées par des virgules.",
                "Optional; several addresses separated by commas."),
            list: suggestions.isEmpty ? nil : "mail-addresses", maximum: 1000))
        """
    }

    private var words: HTML {
        """
        \(fields.input(
            "subject", Text("Objet", "Subject"), required: true,
            maximum: MailDraft.maximumSubjectLength))
        \(fields.textArea("body", Text("Texte", "Text"), rows: 12))
        """
    }

    private var file: HTML {
        guard let attachment else { return .empty }
        return """
            <div class="field" id="\(fields.id("attachment"))"><p class="note">\(request.icon("paperclip"))\
            <span>\(say("Pièce jointe :", "Attachment:")) \
            <a href="\(attachment.address)" target="_blank" rel="noopener">\(attachment.name)</a></span></p>\
            \(fields.errorLine("attachment"))</div>
            """
    }
}
