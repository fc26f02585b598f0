import Basics
import Core
import Markup
import WebClient

/// How the organisation reaches its platform, and what was exchanged lately.
struct PlatformSettingsPage {
    let fields: FormFields
    let connection: PlatformConnection?
    let flows: [PlatformFlow]
    /// Why the platform did not answer just now.
    let failure: PlatformFailure?
    let request: Request

    private var say: Language { request.say }

    var page: Page {
        SettingsFrame(tab: .platform, request: request).page(
            """
            <div class="form">\(fields.summary)\(refusal)\(state)
            <form method="post" action="/settings/platform" data-guard data-main autocomplete="off">\
            \(FormToken.input(for: request))\(version)\
            \(FieldCard.card(
                say("Plateforme agréée", "Approved platform"),
                note: say(
                    "Vos factures entre entreprises partent par elle, celles de vos fournisseurs en arrivent. Elle vous donne ces valeurs ; c’est la norme XP Z12-013 qui les relie.",
                    "Your invoices between companies leave by it, those of your suppliers come from it. It gives you these values, after the standard XP Z12-013."),
                addresses + login + choices + save))</form>\(recent)</div>
            """,
            actions: """
                <a class="btn" href="/platform-flows">\(request.icon("history"))\(say("Échanges", "Exchanges"))</a>
                """, frame: .wide)
    }

    private var version: HTML {
        connection.map { VersionField(fields, current: $0.version).input } ?? .empty
    }

    private var addresses: HTML {
        """
        \(fields.input(
            "flow_url", Text("Adresse des flux", "Address of flows"), type: "url", width: .half, required: true,
            hint: Text("Comme https://api.exemple.fr/flow-service.", "Such as https://api.example.com/flow-service."),
            maximum: 2000))
        \(fields.input(
            "token_url", Text("Adresse des jetons", "Address of tokens"), type: "url", width: .half, required: true,
            hint: Text("Là où l’identifiant s’échange contre un jeton (OAuth 2).", "Where the identifier is exchanged for a token (OAuth 2)."),
            maximum: 2000))
        """
    }

    private var login: HTML {
        let hint =
            connection == nil
            ? Text("Il sera chiffré, et jamais affiché.", "It is encrypted, and never shown.")
            : Text(
                "Un secret est enregistré, chiffré. Laissez vide pour le garder.",
                "A secret is kept, encrypted. Leave empty to keep it.")
        return """
            \(fields.input("client_id", Text("Identifiant", "Identifier"), width: .third, required: true))
            \(fields.field(
                "client_secret", Text("Secret", "Secret"), .third, required: connection == nil, hint: hint,
                """
                <input class="in" id="\(fields.id("client_secret"))" name="client_secret" type="password" \
                autocomplete="new-password" maxlength="\(PlatformDraft.longestSecret)"\
                \(fields.described("client_secret", hint))>
                """))
            \(fields.input(
                "scope", Text("Portée", "Scope"), width: .third,
                hint: Text("Seulement si la plateforme en demande une.", "Only where the platform wants one.")))
            """
    }

    private var choices: HTML {
        """
        \(fields.input(
            "since", Text("Transmettre depuis le", "Hand over since"), type: "date", width: .third, required: true,
            hint: Text("Les factures plus anciennes ne partent pas.", "Older invoices stay here.")))
        \(fields.check(
            "is_active", Text("Échanger avec elle", "Exchange with it"),
            hint: Text("Toutes les dix minutes, et aussitôt qu’une facture est émise.", "Every ten minutes, and as soon as an invoice is issued.")))
        """
    }

    private var save: HTML {
        """
        <div class="field form-end"><button class="btn p">\(request.icon("save"))\
        \(say("Enregistrer", "Save"))</button></div>
        """
    }

    private var refusal: HTML {
        guard let failure else { return .empty }
        return """
            <div class="alert" role="alert">\(request.icon("circle-alert"))<b>\(say(failure.explanation))</b></div>
            """
    }

    /// How it goes, and two things to do about it.
    private var state: HTML {
        guard let connection else { return .empty }
        let last =
            connection.exchangedAt.map {
                say("Dernier échange : ", "Last exchange: ") + Timeline(request).moment($0)
            } ?? say("Aucun échange pour l’instant", "No exchange yet")
        return """
            <section class="card" aria-labelledby="h-state"><header><h2 id="h-state">\(say("État", "State"))</h2>\(pill(connection))\
            <span class="sp"></span>\(button("check", "plug-zap", Text("Vérifier", "Check")))\
            \(if: connection.isActive, button("exchange", "refresh-cw", Text("Échanger", "Exchange")))</header>\
            <div class="body"><p class="mut">\(last)</p>\
            \(connection.problem.map { "<p>\(say($0))</p>" as HTML })</div></section>
            """
    }

    private func button(_ path: String, _ icon: StaticString, _ label: Text) -> HTML {
        """
        <form method="post" action="/settings/platform/\(path)">\(FormToken.input(for: request))\
        <button class="btn sm">\(request.icon(icon))\(say(label))</button></form>
        """
    }

    private func pill(_ connection: PlatformConnection) -> HTML {
        let (tone, icon, text): (String, StaticString, Text) =
            if !connection.isActive {
                ("", "pause", Text("Arrêtée", "Switched off"))
            } else if connection.failingSince != nil {
                ("warn", "triangle-alert", Text("En difficulté", "In trouble"))
            } else {
                ("ok", "check", Text("Active", "Active"))
            }
        return "<span class=\"pill \(tone)\">\(request.icon(icon))\(say(text))</span>"
    }

    private var recent: HTML {
        guard !flows.isEmpty else { return .empty }
        return """
            <section class="card list" aria-labelledby="h-flows"><header><h2 id="h-flows">\(say("Derniers échanges", "Latest exchanges"))</h2>\
            <span class="sp"></span></header>\
            \(PlatformFlowTable(request: request).html(flows))</section>
            """
    }
}

/// Everything that went to the platform or came from it.
struct PlatformFlowListPage {
    let listing: Listing<PlatformFlow>
    let isFirst: Bool
    let request: Request

    static let title = Text("Échanges avec la plateforme", "Exchanges with the platform")

    var page: Page {
        let say = request.say
        let title = say(Self.title)
        let address = ListAddress("/platform-flows", request.http.query, keeping: [])
        let nothing = ListParts.empty(
            say("Aucun échange", "No exchange"),
            say(
                "Les factures transmises et reçues par la plateforme paraissent ici.",
                "Invoices that go to the platform and come from it appear here."))
        let table: HTML = """
            <section class="card list" id="list" aria-label="\(title)">\
            \(PlatformFlowTable(request: request).html(listing.rows))\
            \(ListParts(request, address, sort: "").pager(listing.rows.count, next: listing.next, isFirst: isFirst))</section>
            """
        return Page(
            title: title, section: .invoices,
            body: "\(ListParts.title(title))\(listing.rows.isEmpty ? nothing : table)")
    }
}

struct PlatformFlowTable {
    let request: Request

    private var say: Language { request.say }

    func html(_ flows: [PlatformFlow]) -> HTML {
        let title = say(PlatformFlowListPage.title)
        return """
            <div class="scroll" tabindex="0" role="group" aria-label="\(title)">
            <table class="tbl cards"><thead><tr><th scope="col">\(say("Objet", "Subject"))</th>\
            <th scope="col" class="k2">\(say("Date", "Date"))</th><th scope="col">\(say("État", "State"))</th>\
            <th scope="col"><span class="sr">\(say("Actions", "Actions"))</span></th></tr></thead>\
            <tbody>\(flows, row)</tbody></table></div>
            """
    }

    private func row(_ flow: PlatformFlow) -> HTML {
        let title = flow.title(say)
        let link: HTML = flow.address.map { "<a href=\"\($0)\">\(title)</a>" } ?? "\(title)"
        return """
            <tr><td class="w">\(link)\(flow.problem.map { "<small>\(say($0))</small>" as HTML })</td>
            <td class="k2" data-label="\(say("Date", "Date"))">\(Timeline(request).moment(flow.changedAt))</td>
            <td class="st">\(pill(flow))</td><td>\(retry(flow))</td></tr>
            """
    }

    private func retry(_ flow: PlatformFlow) -> HTML {
        guard flow.mayBeSentAgain, request.may(.issueInvoices) else { return .empty }
        return """
            <form method="post" action="/platform-flows/\(flow.id)/retry">\(FormToken.input(for: request))\
            <button class="btn sm">\(request.icon("refresh-cw"))\(say("Renvoyer", "Send again"))</button></form>
            """
    }

    private func pill(_ flow: PlatformFlow) -> HTML {
        let (tone, icon, text): (String, StaticString, Text) =
            switch flow.state {
            case .waiting: ("info", "clock", Text("À transmettre", "To hand over"))
            case .submitted: ("info", "send", Text("Transmis", "Handed over"))
            case .accepted: ("ok", "check", Text("Accepté", "Taken"))
            case .refused: ("bad", "circle-x", Text("Rejeté", "Rejected"))
            case .failed: ("bad", "circle-alert", Text("Refusé", "Refused"))
            case .received: ("ok", "inbox", Text("Reçu", "Received"))
            case .unreadable: ("bad", "circle-alert", Text("Illisible", "Unreadable"))
            case .ignored: ("", "eye", Text("Sans suite", "Nothing to do"))
            }
        return "<span class=\"pill \(tone)\">\(request.icon(icon))\(say(text))</span>"
    }
}

extension PlatformFlow {
    func title(_ say: Language) -> String {
        let what =
            switch (direction, status) {
            case (.outgoing, let status?):
                say(
                    "Statut « \(Language.french(status.label)) »",
                    "Status “\(Language.english(status.label))”")
            case (.outgoing, nil): say(kind?.label ?? Text("Facture", "Invoice"))
            case (.incoming, _):
                receivedInvoiceID == nil
                    ? say("Statut reçu", "Status received")
                    : say("Facture reçue", "Received invoice")
            }
        return number.isEmpty ? what : "\(what) · \(number)"
    }
}

extension PlatformConnection {
    /// Of its address; the rest may hold a secret.
    var host: String { WebAddress(flowURL)?.host ?? "" }
}
