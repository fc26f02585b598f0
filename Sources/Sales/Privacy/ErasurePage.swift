import Basics
import Core
import Markup

/// Asks before a person is erased, and says what goes and what the law keeps.
struct ErasurePage {
    let client: Client
    let open: [OpenMatter]
    let kept: [LegalDocument]
    let fields: FormFields
    let request: Request

    init(
        _ client: Client, open: [OpenMatter], kept: [LegalDocument], _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.client = client
        self.open = open
        self.kept = kept
        self.request = request
        fields = FormFields(values, problems, request)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Effacer cette personne", "Erase this person")
        return Page(
            title: title, section: .clients, path: [(title: client.name, address: client.path)],
            frame: .narrow,
            body: """
                <form class="form" method="post" action="\(client.path)/erase" data-guard>\(FormToken.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)\(what)\(legal)\(form)</form>
                """)
    }

    private var what: HTML {
        RecordParts(request).card(
            "what", Text("Ce qui disparaît", "What goes"),
            """
            <div class="body"><p>\(say(
                "Nom, coordonnées, contacts, notes, messages et courriels, noms dans le journal, accès en ligne. Cela ne s’annule pas, et une sauvegarde restaurée est effacée de nouveau.",
                "Name, ways to reach them, contacts, notes, messages and mails, names in the journal, online access. This cannot be undone, and a backup that is restored is erased again."))</p></div>
            """)
    }

    private var legal: HTML {
        guard !kept.isEmpty else { return .empty }
        return RecordParts(request).card(
            "kept", Text("Ce que la loi garde", "What the law keeps"),
            """
            <div class="body"><p>\(say(
                "Pièces comptables, dix ans à compter de la fin de l’exercice (art. L123-22 du code de commerce).",
                "Accounting records, ten years from the end of the year (art. L123-22 of the code de commerce)."))</p>\
            <ul>\(kept, { document in
                """
                <li><a href="/invoices/\(document.id)">\(document.number)</a> \
                \(say("jusqu’au \(say.longDay(document.keptUntil))", "until \(say.longDay(document.keptUntil))"))</li>
                """
            })</ul></div>
            """)
    }

    private var refusal: Text? {
        if client.isErased { return Problem.isErased.detail }
        if client.kind == .company { return Problem.isCompany.detail }
        return open.isEmpty ? nil : Problem.stillOpen(open).detail
    }

    private var form: HTML {
        if let refusal {
            return """
                <p class="note">\(request.icon("triangle-alert"))<span>\(say(refusal))</span></p>
                <div class="form-end"><a class="btn" href="\(client.path)">\(say("Retour", "Back"))</a></div>
                """
        }
        return """
            <section class="card"><div class="body f2">\(fields.input("number", Text("Tapez \(client.number) pour confirmer", "Type \(client.number) to confirm"), width: .half, required: true, maximum: 40))</div></section>
            <div class="form-end"><a class="btn" href="\(client.path)">\(say("Garder", "Keep"))</a>\
            <button class="btn danger">\(request.icon("eraser"))\(say("Effacer définitivement", "Erase for good"))</button></div>
            """
    }
}
