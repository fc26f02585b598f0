import Basics
import Markup

/// The state of a mail.
struct MailPill {
    let html: HTML

    init(_ status: Mail.Status, _ request: Request) {
        html = """
            <span class="pill \(status.tone)">\(request.icon(status.icon))\(request.say(status.label))</span>
            """
    }
}

/// The record that a mail is about, with the way there.
struct MailAbout {
    let record: MailedRecord

    init(_ record: MailedRecord) { self.record = record }

    var link: HTML {
        record.kind.address(record.id).map { "<a href=\"\($0)\">\(record.label)</a>" }
            ?? "\(record.label)"
    }
}

/// Mails that a working server would take, and what to do about them.
struct HeldMails {
    let counts: MailCounts
    let request: Request

    init(_ counts: MailCounts, _ request: Request) {
        self.counts = counts
        self.request = request
    }

    private var say: Language { request.say }

    var note: HTML {
        guard counts.held > 0 else { return .empty }
        let number = say.count(
            counts.held, Text("courriel attend", "mail waits"),
            Text("courriels attendent", "mails wait"))
        return """
            <div class="alert warn" role="status">\(request.icon("pause"))<b>\(number)</b>\
            <p>\(reason)</p>\(if: !action.isEmpty, "<div class=\"a\">\(action)</div>")</div>
            """
    }

    private var isSetUp: Bool { !request.organisation.smtpHost.isEmpty }

    private var reason: String {
        isSetUp
            ? say(
                "Le serveur de courrier est réglé : envoyez-les quand vous voulez.",
                "The mail server is set up: send them whenever you like.")
            : say(
                "L’envoi n’est pas encore réglé : aucun serveur de courrier n’est indiqué.",
                "Sending is not set up yet: no mail server is given.")
    }

    private var action: HTML {
        if !isSetUp {
            let address = "/settings/mail"
            guard request.offers(address), request.http.path != address else { return .empty }
            return """
                <a class="btn" href="\(address)">\(request.icon("settings"))\(say("Régler l’envoi", "Set it up"))</a>
                """
        }
        guard request.may(.sendMails) else { return .empty }
        return """
            <form method="post" action="/mails/send-waiting">\(FormToken.input(for: request))\
            <button class="btn">\(request.icon("send"))\(say("Envoyer maintenant", "Send now"))</button></form>
            """
    }
}
