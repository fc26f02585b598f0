import Basics
import Markup

/// The document around every page: head, navigation, top bar, flash message.
enum Shell {
    static func document(_ page: Page, for request: Request) -> HTML {
        let say = request.say
        let theme = request.signedIn?.user.theme ?? .auto
        return """
            <!doctype html>
            <html lang="\(say.rawValue)"\(attribute: "data-theme", theme == .auto ? nil : theme.rawValue)>\
            <head>\(head(page, request))</head>\
            \(page.frame == .plain || request.signedIn == nil
                ? plain(page, request) : framed(page, request))</html>
            """
    }

    private static func head(_ page: Page, _ request: Request) -> HTML {
        let assets = request.application.assets
        return """
            <meta charset="utf-8"><title>\(page.title) — Comptoir</title>
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <link rel="preload" href="\(assets.path("inter.woff2"))" as="font" type="font/woff2" crossorigin>
            <link rel="stylesheet" href="\(assets.path("app.css"))">
            <link rel="icon" href="\(assets.path("favicon.svg"))">
            <meta name="htmx-config" content='{"allowEval":false,"includeIndicatorStyles":false}'>
            <meta name="form-token" content="\(FormToken.value(for: request))">
            <script src="\(assets.path("htmx.js"))" defer></script>
            <script src="\(assets.path("app.js"))" defer></script>
            """
    }

    private static func plain(_ page: Page, _ request: Request) -> HTML {
        """
        <body class="plain"><a class="skip" href="#content">\(skip(request))</a>
        \(page.body)</body>
        """
    }

    private static func skip(_ request: Request) -> String {
        request.say("Aller au contenu", "Skip to content")
    }

    private static func framed(_ page: Page, _ request: Request) -> HTML {
        """
        <body data-events="/events"><a class="skip" href="#content">\(skip(request))</a>
        \(side(page, request))
        <div class="main">\(top(page, request))
        <main class="\(page.frame.rawValue)" id="content" tabindex="-1">\(flash(request))\(offline(request))
        <p class="sr" role="status" id="said"></p>
        \(page.body)</main></div>
        \(bottom(page, request))\(dialogs(request))\(Shortcuts(request).dialog)</body>
        """
    }

    private static func side(_ page: Page, _ request: Request) -> HTML {
        let (say, icon) = (request.say, request.icon)
        let organisation = request.organisation
        let counts = request.liveCounts
        return """
            <aside class="side" id="side" popover aria-label="\(say("Navigation principale", "Main navigation"))">
            <a class="org" href="/"><span class="logo" aria-hidden="true">\(organisation.name.prefix(1).uppercased())</span>
            <span><b>\(organisation.name)</b><small>Comptoir</small></span></a>
            \(request.may(.readClients) || request.may(.readCatalogue) ? search(request) : .empty)
            <nav class="nav" aria-label="\(say("Rubriques", "Sections"))">\
            \(Section.groups, { group(title: $0.title, $0.sections, page, request, counts) })</nav>
            \(account(request))</aside>
            """
    }

    private static func search(_ request: Request) -> HTML {
        """
        <a class="searchbtn" href="/search" data-dialog="palette">\(request.icon("search"))\(request.say("Rechercher", "Search"))<kbd>Ctrl K</kbd></a>
        """
    }

    private static func group(
        title: Text?, _ sections: [Section], _ page: Page, _ request: Request,
        _ counts: [String: LiveCounter.Count]
    ) -> HTML {
        let allowed = sections.filter(request.shows)
        guard !allowed.isEmpty else { return .empty }
        let heading: HTML = title.map { "<h2>\(request.say($0))</h2>" } ?? .empty
        return heading
            + allowed.map { section -> HTML in
                """
                <a href="\(section.address)"\(attribute: "aria-current", current(section, page))>\
                \(request.icon(section.icon))\(request.say(section.label))\
                \(request.liveBadge(section.rawValue, counts))</a>
                """
            }.joined()
    }

    private static func current(_ section: Section, _ page: Page) -> String? {
        guard page.section == section else { return nil }
        return page.path.isEmpty ? "page" : "true"
    }

    private static func account(_ request: Request) -> HTML {
        let (say, icon, user) = (request.say, request.icon, request.session.user)
        return """
            <div class="me"><span class="av c1" aria-hidden="true">\(user.initials)</span>
            <span><b class="nm">\(user.name)</b><small>\(say(request.session.role.label))</small></span>
            <details class="menu above"><summary class="btn g sm sq" aria-label="\(say("Mon compte", "My account"))">\
            \(icon("ellipsis-vertical"))</summary><div class="pop">
            <a href="/account">\(icon("user-round"))\(say("Mon compte", "My account"))</a><hr>
            <form method="post" action="/sign-out">\(FormToken.input(for: request))
            <button>\(icon("log-out"))\(say("Se déconnecter", "Sign out"))</button></form><hr>
            \(Shortcuts(request).entry)\(SourceCode(request).entry)
            </div></details></div>
            """
    }

    private static func top(_ page: Page, _ request: Request) -> HTML {
        let (say, icon) = (request.say, request.icon)
        var crumbs: [(title: String, address: String)] = page.path
        if let section = page.section, !page.path.isEmpty || section != .home {
            let isList = page.path.isEmpty && page.title == say(section.label)
            if !isList { crumbs.insert((say(section.label), section.address), at: 0) }
        }
        return """
            <div class="top"><button class="btn g sq only-m" type="button" popovertarget="side" \
            aria-label="\(say("Menu", "Menu"))">\(icon("panel-left"))</button>
            <nav class="crumbs" aria-label="\(say("Fil d’Ariane", "Breadcrumb"))">\
            \(crumbs, { "<a href=\"\($0.address)\">\($0.title)</a>\(icon("chevron-right", .small))" })\
            <span aria-current="page">\(page.title)</span></nav><span class="sp"></span>
            \(newMenu(request))</div>
            """
    }

    private static func newMenu(_ request: Request) -> HTML {
        let (say, icon) = (request.say, request.icon)
        let allowed = NewRecord.offered(to: request)
        guard !allowed.isEmpty else { return .empty }
        return """
            <details class="menu" data-key="n"><summary class="btn sm">\(icon("plus"))\
            <span>\(say("Nouveau", "New"))</span><kbd class="hide-m">N</kbd></summary><div class="pop">\
            \(allowed, { "<a href=\"\($0.address)\">\(icon($0.icon))\(say($0.label))</a>" })</div></details>
            """
    }

    private static func flash(_ request: Request) -> HTML {
        guard let text = Flash.text(request) else { return .empty }
        return "<p class=\"flash\" role=\"status\">\(request.icon("circle-check"))\(text)</p>"
    }

    /// Shown by the script when nobody answers it while a form is being filled in.
    private static func offline(_ request: Request) -> HTML {
        let text = request.say(
            "Le serveur ne répond pas. Rien n’est perdu : réessayez dans un instant.",
            "The server does not answer. Nothing is lost: try again in a moment.")
        return """
            <p class="flash bad" role="alert" id="offline" hidden>\(request.icon("circle-alert"))\(text)</p>
            """
    }

    private static func bottom(_ page: Page, _ request: Request) -> HTML {
        let allowed = Section.onPhones.filter(request.shows)
        return """
            <nav class="bottomnav" aria-label="\(request.say("Navigation mobile", "Mobile navigation"))">\
            \(allowed, { section in
                """
                <a href="\(section.address)"\(attribute: "aria-current", current(section, page))>\
                \(request.icon(section.icon, .large))\(request.say(section.label))</a>
                """
            })</nav>
            """
    }

    /// Empty dialogues that the script fills: without it nothing misses them.
    private static func dialogs(_ request: Request) -> HTML {
        let (say, icon) = (request.say, request.icon)
        return """
            <dialog class="dlg" id="confirm" aria-labelledby="confirm-t"><header><div>\
            <h2 id="confirm-t">\(say("Confirmer", "Confirm"))</h2><p data-text></p></div></header>
            <footer><button type="button" class="btn" data-close>\(say("Annuler", "Cancel"))</button>
            <button type="button" class="btn p" data-yes>\(say("Continuer", "Continue"))</button></footer></dialog>
            <dialog class="pal" id="palette" aria-label="\(say("Rechercher", "Search"))">\
            <form class="q" action="/search" role="search">\(icon("search"))\
            <input name="q" type="search" aria-label="\(say("Rechercher", "Search"))" \
            placeholder="\(say("Client, numéro de facture, article…", "Client, invoice number, item…"))" \
            data-suggest="/search/suggest" data-list="palette-list"><kbd>\(say("Échap", "Esc"))</kbd></form>
            <div class="res" id="palette-list"></div></dialog>
            """
    }
}
