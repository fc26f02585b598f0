import Basics
import HTTP
import Markup

extension Settings {
    static func look(_ request: Request) throws -> Reply {
        try .page(lookPage(request.organisation.formValues(request.say), [], request))
    }

    static func uploadLogo(_ request: Request) throws -> Reply {
        try uploadLogo(to: "/settings/logo", request) { problems in
            try lookPage(request.organisation.formValues(request.say), problems, request)
        }
    }

    /// Keeps the picture that the form holds; a refused one is explained at its field.
    static func uploadLogo(
        to path: String, _ request: Request, page: ([FieldProblem]) throws -> Page
    ) throws -> Reply {
        do {
            guard let file = try request.upload("logo") else {
                throw Problem.invalid(
                    "logo", Text("Choisissez d’abord une image.", "Choose a picture first."))
            }
            let logo = try Logo(uploaded: file)
            try request.write { try $0.saveLogo(logo) }
            return .done(at: path, say: Text("Logo enregistré.", "Logo saved."))
        } catch Problem.tooLarge(let text) where !request.isAPI {
            return try .page(page([FieldProblem("logo", text)]), status: 413)
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return try .page(page(problem.fields), status: problem.status)
        }
    }

    static func deleteLogo(_ request: Request) throws -> Reply {
        try request.write { try $0.deleteLogo() }
        return .done(at: "/settings/logo", say: Text("Logo supprimé.", "Logo deleted."))
    }

    static func saveColor(_ request: Request) throws -> Reply {
        let hash = try request.read { try $0.logoHash() }
        return try save(ColorDraft.self, from: "/settings/logo", request) {
            LogoPage($0, $1, hash: hash, request).page
        }
    }

    /// The picture itself, for members only. Its address holds its hash, so it never goes stale.
    static func logo(_ request: Request) throws -> Reply {
        guard let logo = try request.read({ try $0.logo() }) else { throw Problem.notFound }
        let tag = "\"\(logo.sha256.prefix(20))\""
        var response = HTTPResponse(
            status: 200, headers: HTTPHeaders(), body: .bytes(logo.content))
        if request.http.headers["If-None-Match"] == tag {
            response = HTTPResponse(status: 304, headers: HTTPHeaders(), body: .bytes([]))
        }
        response.headers.set("Content-Type", "image/png")
        response.headers.set("ETag", tag)
        response.headers.set("Cache-Control", "private, max-age=3600")
        return .response(response)
    }

    private static func lookPage(
        _ values: [String: String], _ problems: [FieldProblem], _ request: Request
    ) throws -> Page {
        let hash = try request.read { try $0.logoHash() }
        return LogoPage(values, problems, hash: hash, request).page
    }
}

/// The settings of how documents look.
struct LogoPage {
    let fields: FormFields
    let hash: String?
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], hash: String?, _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.hash = hash
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        let parts = LookFields(fields, hash: hash, request)
        return SettingsFrame(tab: .logo, request: request).page(
            """
            <div class="form">\(fields.summary)
            <form method="post" action="/settings/logo" enctype="multipart/form-data">\(FormToken.input(for: request))\
            \(FieldCard.card(
                say("Logo", "Logo"),
                note: say("Il paraît en tête de vos devis et de vos factures.", "It stands at the head of your quotes and invoices."),
                class: "body form-stack",
                """
                \(parts.picture)<div class="form-end"><button class="btn p">\(request.icon("upload"))\
                \(say("Enregistrer le logo", "Save the logo"))</button></div>
                """))</form>\(removal)
            <form method="post" action="/settings/logo/color" data-guard>\(FormToken.input(for: request))\
            \(VersionField(fields, current: request.organisation.version).input)\
            \(FieldCard.card(
                say("Couleur des documents", "Colour of documents"),
                class: "body f2",
                """
                \(parts.color)<div class="form-end"><button class="btn">\(request.icon("save"))\
                \(say("Enregistrer la couleur", "Save the colour"))</button></div>
                """))</form></div>
            """, frame: .wide)
    }

    private var removal: HTML {
        guard hash != nil else { return .empty }
        return """
            <form method="post" action="/settings/logo/delete">\(FormToken.input(for: request))\
            <button class="btn danger" data-confirm="\(say("Supprimer le logo ?", "Delete the logo?"))">\
            \(request.icon("trash-2"))\(say("Supprimer le logo", "Delete the logo"))</button></form>
            """
    }
}

/// The fields of logo and colour, for settings and for the first start.
struct LookFields {
    let fields: FormFields
    let hash: String?
    let request: Request

    init(_ fields: FormFields, hash: String?, _ request: Request) {
        self.fields = fields
        self.hash = hash
        self.request = request
    }

    private var say: Language { request.say }

    var picture: HTML {
        let name =
            hash == nil
            ? say("Choisir une image", "Choose a picture")
            : say("Remplacer le logo", "Replace the logo")
        return """
            <div class="field"><label class="drop" for="\(fields.id("logo"))">\(shown)<span>\(name)\
            <small>\(say("PNG, 1 Mo au plus ; 400 pixels de large suffisent.", "PNG, at most 1 MB; 400 pixels wide is enough."))</small></span>\
            <input type="file" id="\(fields.id("logo"))" name="logo" accept="image/png"\(fields.described("logo", nil))></label>\
            \(fields.errorLine("logo"))</div>
            """
    }

    private var shown: HTML {
        guard let hash else { return request.icon("image-plus", .large) }
        return """
            <span class="pic"><img src="/logo?v=\(hash.prefix(12))" width="56" height="56" \
            alt="\(say("Logo actuel", "Current logo"))"></span>
            """
    }

    var color: HTML {
        let choices = ColorDraft.proposed
        return """
            \(fields.input("accent_color", Text("Couleur des titres et des filets", "Colour of headings and rules"), type: "color", width: .third, list: "colors", maximum: 7))
            <datalist id="colors">\(choices, { "<option value=\"\($0)\"></option>" })</datalist>
            """
    }
}
