import Basics
import Markup

/// The outbox: what waits, what is on its way, what left, what failed.
struct MailListPage {
    let filter: MailFilter
    let listing: Listing<Mail>
    let counts: MailCounts
    let request: Request
    private let parts: ListParts

    init(filter: MailFilter, listing: Listing<Mail>, counts: MailCounts, _ request: Request) {
        self.filter = filter
        self.listing = listing
        self.counts = counts
        self.request = request
        parts = ListParts(request, filter.address, sort: "")
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var title: String { say(Section.mails.label) }

    var page: Page {
        Page(
            title: title, section: .mails,
            body: """
                \(ListParts.title(title, actions: actions))\(MailTabs.tabs(.mails, request))
                \(held)\(views)\(search)\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var actions: HTML {
        """
        \(ExportMenu(filter.address, request).html)
        """
    }

    private var held: HTML { HeldMails(counts, request).note }

    private var views: HTML {
        let views: [Mail.Status?] = [nil, .waiting, .queued, .sent, .failed]
        return """
            <nav class="seg" aria-label="\(say("État", "State"))">\(views, { view in
                """
                <a href="\(filter.address.with("view", view?.rawValue).text)"\
                \(attribute: "aria-current", view == filter.view ? "true" : nil)>\
                \(say(view?.viewLabel ?? Text("Tous", "All")))\(count(view))</a>
                """
            })</nav>
            """
    }

    private func count(_ view: Mail.Status?) -> HTML {
        let number = view.map(counts.count) ?? 0
        return number == 0 ? .empty : " <span class=\"c num\">\(say.integer(number))</span>"
    }

    private var search: HTML {
        """
        <form method="get" action="/mails" role="search" class="filters" hx-get="/mails" \
        hx-trigger="input changed delay:300ms, change, submit" hx-target="#list" hx-select="#list" \
        hx-swap="outerHTML" hx-push-url="true">
        <div class="find">\(icon("search"))<label class="sr" for="q">\(say("Rechercher", "Search"))</label>
        <input class="in" id="q" name="q" type="search" value="\(filter.words)" autocomplete="off" data-search \
        placeholder="\(say("Destinataire, objet, document…", "Recipient, subject, document…"))">\
        <kbd aria-hidden="true">/</kbd></div>
        <input type="hidden" name="view" value="\(filter.view?.rawValue)">
        <button class="btn">\(say("Filtrer", "Filter"))</button></form>
        """
    }

    private var table: HTML {
        """
        <section class="card list" id="list" aria-label="\(say("Liste des courriels", "List of mails"))">\
        <div class="scroll" tabindex="0" role="group" aria-label="\(say("Tableau des courriels", "Table of mails"))">
        <table class="tbl cards"><thead><tr>
        \(parts.heading(Text("Objet", "Subject")))
        \(parts.heading(Text("Destinataire", "Recipient"), cssClass: "k3"))
        \(parts.heading(Text("Document", "Document"), cssClass: "k1"))
        \(parts.heading(Text("Date", "Date"), cssClass: "k2"))
        \(parts.heading(Text("État", "State")))
        </tr></thead><tbody>\(listing.rows, row)</tbody></table></div>
        \(parts.pager(listing.rows.count, next: listing.next, isFirst: filter.after == nil))</section>
        """
    }

    private func row(_ mail: Mail) -> HTML {
        let about = MailAbout(mail.record)
        let remark: HTML =
            mail.failure.map { "<small class=\"late\">\(say($0.explanation))</small>" } ?? .empty
        return """
            <tr><td class="w"><a class="id" href="\(mail.path)">\(mail.subject)</a>\(remark)</td>
            <td class="k3" data-label="\(say("Destinataire", "Recipient"))">\(recipient(mail))</td>
            <td class="k1" data-label="\(say("Document", "Document"))">\(about.link)</td>
            <td class="k2" data-label="\(say("Date", "Date"))">\
            \(Timeline(request).moment(mail.sentAt ?? mail.createdAt))</td>
            <td class="st">\(MailPill(mail.status, request).html)</td></tr>
            """
    }

    private func recipient(_ mail: Mail) -> HTML {
        mail.recipientName.isEmpty
            ? "\(mail.recipient)"
            : "<span>\(mail.recipientName)<small>\(mail.recipient)</small></span>"
    }

    private var nothing: HTML {
        let body: HTML =
            filter.isNarrowed
            ? ListParts.empty(
                say("Aucun courriel ici", "No mail here"),
                say(
                    "Changez de vue, ou cherchez avec moins de mots.",
                    "Choose another view, or search with fewer words."),
                actions:
                    "<a class=\"btn\" href=\"/mails\">\(say("Tout afficher", "Show all"))</a>")
            : ListParts.empty(
                say("Aucun courriel encore", "No mail yet"),
                say(
                    "Ouvrez un devis ou une facture et choisissez « Envoyer » : le courriel et son "
                        + "PDF paraissent ici, avec ce qu’ils sont devenus.",
                    "Open a quote or an invoice and choose “Send”: the mail and its PDF show "
                        + "here, with what became of them."), actions: start)
        return "<div id=\"list\">\(body)</div>"
    }

    private var start: HTML {
        guard request.organisation.smtpHost.isEmpty, request.offers("/settings/mail") else {
            return .empty
        }
        return """
            <a class="btn p" href="/settings/mail">\(icon("settings"))\(say("Régler l’envoi", "Set up sending"))</a>
            """
    }
}

extension Mail.Status {
    /// As the name of a view that holds several.
    fileprivate var viewLabel: Text {
        switch self {
        case .sent: Text("Partis", "Sent")
        case .failed: Text("Échecs", "Failed")
        case .cancelled: Text("Annulés", "Cancelled")
        case .waiting, .queued: label
        }
    }
}
