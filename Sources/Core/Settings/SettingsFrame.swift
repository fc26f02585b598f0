import Basics
import Markup

/// What all pages of settings share: their tabs, and the form around their fields.
public struct SettingsFrame {
    public enum Tab: String, CaseIterable {
        case company, invoicing, logo, layout, numbering, mail, platform, colleagues, security,
            tokens,
            webhooks, privacy

        var label: Text {
            switch self {
            case .company: Text("Entreprise", "Company")
            case .invoicing: Text("Facturation", "Invoicing")
            case .logo: Text("Logo et couleur", "Logo and colour")
            case .layout: Text("Mise en page", "Layout")
            case .numbering: Text("Numérotation", "Numbering")
            case .mail: Text("Courriel", "Mail")
            case .platform: Text("Plateforme", "Platform")
            case .colleagues: Text("Collègues", "Colleagues")
            case .security: Text("Sécurité", "Security")
            case .tokens: Text("Programmes", "Programs")
            case .webhooks: Text("Webhooks", "Webhooks")
            case .privacy: Text("Vie privée", "Privacy")
            }
        }

        var address: String { "/settings/" + rawValue }
    }

    let tab: Tab
    let request: Request

    public init(tab: Tab, request: Request) {
        self.tab = tab
        self.request = request
    }

    private var say: Language { request.say }

    public func page(_ body: HTML, actions: HTML = .empty, frame: Page.Frame = .edit) -> Page {
        Page(
            title: say(tab.label), section: .settings, frame: frame,
            body: """
                <div class="lh"><h1>\(say("Réglages", "Settings"))</h1><div class="acts">\(actions)</div></div>
                \(tabs)\(body)
                """)
    }

    /// A page whose whole content is one form that is saved at its foot.
    func form(_ fields: FormFields, _ content: HTML, attributes: HTML = .empty) -> Page {
        page(
            """
            <form class="form" method="post" action="\(tab.address)" data-guard data-main\(attributes)>
            \(FormToken.input(for: request))\(version(fields))\(fields.summary)\(content)
            <div class="bar"><div class="acts2"><button class="btn p">\(request.icon("save"))\
            \(say("Enregistrer", "Save"))</button></div></div></form>
            """)
    }

    private var tabs: HTML {
        let shown = Tab.allCases.filter { request.offers($0.address) }
        return """
            <nav class="tabs" aria-label="\(say("Pages des réglages", "Settings pages"))">\(shown, { tab in
                """
                <a href="\(tab.address)"\(attribute: "aria-current", tab == self.tab ? "page" : nil)>\
                \(say(tab.label))</a>
                """
            })</nav>
            """
    }

    private func version(_ fields: FormFields) -> HTML {
        VersionField(fields, current: request.organisation.version).input
    }
}

/// The version of the record that a form was filled from. After a conflict the person has been told
/// of the other's change, so the next save may pass.
public struct VersionField {
    let value: String

    public init(_ fields: FormFields, current: Int) {
        let isConflict = fields.problem("form") != nil
        value = isConflict || fields["version"].isEmpty ? String(current) : fields["version"]
    }

    public var input: HTML { "<input type=\"hidden\" name=\"version\" value=\"\(value)\">" }
}

/// A card with a title, a sentence and fields on six columns.
public struct FieldCard {
    public static func card(
        _ title: String, note: String? = nil, class name: String = "body f2", _ body: HTML
    ) -> HTML {
        """
        <section class="card"><header><h2>\(title)</h2>\(note.map { "<p>\($0)</p>" as HTML })</header>\
        <div class="\(name)">\(body)</div></section>
        """
    }
}
