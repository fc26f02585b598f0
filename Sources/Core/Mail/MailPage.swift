import Basics
import Markup

/// One mail: what was written, and what became of it.
struct MailPage {
    let mail: Mail
    let entries: [JournalEntry]
    /// Of the form that corrects the recipient.
    let fields: FormFields
    let request: Request

    init(
        _ mail: Mail, _ entries: [JournalEntry], _ fields: FormFields, _ request: Request
    ) {
        self.mail = mail
        self.entries = entries
        self.fields = fields
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        Page(
            title: mail.subject, section: .mails,
            body: """
                \(head)\(failure)\(waiting)
                <div class="grid"><div class="stack">\(content)</div>
                <div class="stack">\(correction)\(facts)\(history)</div></div>
                """)
    }

    private var head: HTML {
        """
        <div class="head"><div class="id"><div class="t"><h1>\(mail.subject)</h1>\
        \(MailPill(mail.status, request).html)</div>
        <div class="meta"><span>\(icon("at-sign", .small))\(mail.recipient)</span></div></div>
        <div class="acts">\(actions)</div></div>
        """
    }

    private var actions: HTML {
        guard request.may(.sendMails) else { return .empty }
        return (mail.canBeCancelled ? cancel : .empty) + (mail.canBeResent ? resend : .empty)
    }

    private var cancel: HTML {
        """
        <form method="post" action="\(mail.path)/cancel">\(FormToken.input(for: request))\
        <button class="btn">\(icon("x"))\(say("Annuler l’envoi", "Cancel"))</button></form>
        """
    }

    private var resend: HTML {
        let label =
            mail.isSent
            ? say("Renvoyer", "Send again")
            : say("Envoyer maintenant", "Send now")
        let question =
            mail.isSent
            ? say(
                "Ce courriel est déjà parti. L’envoyer une seconde fois ?",
                "This mail was already sent. Send it a second time?") : nil
        return """
            <form method="post" action="\(mail.path)/resend">\(FormToken.input(for: request))\
            \(Submission.input(for: request))\
            <button class="btn\(mail.isSent ? "" : " p")"\(attribute: "data-confirm", question)>\
            \(icon("send"))\(label)</button></form>
            """
    }

    private var failure: HTML {
        guard let failure = mail.failure else { return .empty }
        let isOver = mail.status == .failed
        let next = say(
            "Comptoir réessaie de lui-même.", "Comptoir tries again by itself.")
        return """
            <div class="alert\(isOver ? "" : " warn")" role="status">\(icon("triangle-alert"))\
            <b>\(say(failure.explanation))</b><p>\(if: mail.status == .queued, "\(next) ")\
            \(say("Réponse :", "Answer:")) <q>\(failure.answer)</q></p></div>
            """
    }

    private var waiting: HTML {
        guard mail.status == .waiting else { return .empty }
        let link: HTML =
            request.offers("/settings/mail")
            ? " <a href=\"/settings/mail\">\(say("Régler l’envoi", "Set it up"))</a>" : .empty
        return """
            <p class="note">\(icon("info"))<span>\(say(
                "Ce courriel attend : il partira quand vous le direz, une fois l’envoi réglé.",
                "This mail waits: it leaves when you say so, once sending is set up."))\(link)</span></p>
            """
    }

    private var content: HTML {
        """
        <section class="card" aria-labelledby="h-text"><header><h2 id="h-text">\(say("Message", "Message"))</h2></header>\
        <div class="body"><p class="pre">\(mail.body)</p></div>\(attachment)</section>
        """
    }

    private var attachment: HTML {
        guard !mail.attachmentName.isEmpty else { return .empty }
        let kilobytes = say.integer(max(1, mail.attachmentBytes / 1000))
        return """
            <ul class="rows"><li><span class="ic">\(icon("paperclip"))</span>\
            <div><a href="\(mail.path)/attachment" download>\(mail.attachmentName)</a>\
            <small>\(kilobytes) \(say("ko", "kB"))</small></div><span></span></li></ul>
            """
    }

    private var correction: HTML {
        guard mail.canBeCorrected, request.may(.sendMails) else { return .empty }
        return """
            <section class="card" aria-labelledby="h-fix"><header><h2 id="h-fix">\
            \(say("Corriger l’adresse", "Correct the address"))</h2></header>
            <form class="body form-stack" method="post" action="\(mail.path)/recipient">\(FormToken.input(for: request))\
            \(fields.input("recipient", Text("Destinataire", "To"), type: "email", required: true, maximum: EmailAddress.maximumLength))
            <div class="form-end"><button class="btn">\(icon("send"))\(say("Corriger et envoyer", "Correct and send"))</button></div>
            </form></section>
            """
    }

    private var facts: HTML {
        let facts: [(Text, HTML)] = [
            (Text("Document", "Document"), MailAbout(mail.record).link),
            (Text("Destinataire", "To"), recipient),
            (Text("Copie", "Copy"), "\(mail.copies.joined(separator: ", "))"),
            (Text("Créé", "Created"), moment(mail.createdAt)),
            (Text("Parti", "Sent"), moment(mail.sentAt)),
        ]
        return """
            <section class="card" aria-labelledby="h-facts"><header><h2 id="h-facts">\(say("Détails", "Details"))</h2></header>\
            <div class="body"><dl class="dl">\(facts.filter { !$0.1.isEmpty }, {
                "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>"
            })</dl></div></section>
            """
    }

    private var recipient: HTML {
        mail.recipientName.isEmpty
            ? "\(mail.recipient)" : "\(mail.recipientName)<br>\(mail.recipient)"
    }

    private func moment(_ instant: Instant?) -> HTML {
        instant.map { "\(Timeline(request).moment($0))" } ?? .empty
    }

    private var history: HTML {
        """
        <section class="card" aria-labelledby="h-history"><header><h2 id="h-history">\(say("Suivi", "History"))</h2></header>\
        <div class="body">\(Timeline(request).list(entries))</div></section>
        """
    }
}
