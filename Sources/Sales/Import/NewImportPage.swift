import Basics
import Core
import Markup

/// What to bring in, and the file.
struct NewImportPage {
    let fields: FormFields
    let request: Request

    init(_ values: [String: String], _ problems: [FieldProblem], _ request: Request) {
        self.request = request
        fields = FormFields(values, problems, request)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Nouvel import", "New import")
        return Page(
            title: title, section: .imports, frame: .narrow,
            body: """
                <form class="form" method="post" action="/imports" enctype="multipart/form-data">
                \(FormToken.input(for: request))\(Submission.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                \(card("content", Text("Que voulez-vous importer ?", "What do you want to import?"), kinds))
                \(card("file", Text("Fichier", "File"), file))
                <p class="note">\(request.icon("info"))<span>\(say(
                    "Rien n’est écrit avant que vous ayez vu ce que l’import ferait. Un import peut être annulé en entier.",
                    "Nothing is written before you have seen what the import would do. An import can be undone as a whole."))</span></p>
                <div class="form-end"><a class="btn" href="/imports">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(request.icon("upload"))\(say("Envoyer le fichier", "Send the file"))</button></div></form>
                """)
    }

    private func card(_ id: String, _ title: Text, _ body: HTML) -> HTML {
        RecordParts(request).card(id, title, "<div class=\"body form-stack\">\(body)</div>")
    }

    private var kinds: HTML {
        """
        <fieldset class="field" id="\(fields.id("kind"))"><legend class="sr">\(say("Contenu", "Content"))</legend>\
        <div class="choices">\(ImportKind.offered, { kind in
            """
            <label class="choice"><input type="radio" name="kind" value="\(kind.rawValue)"\
            \(attribute: "checked", if: kind.rawValue == fields["kind"])\(fields.described("kind", nil))>\
            <b>\(say(kind.label))</b><small>\(say(kind.explanation))</small></label>
            """
        })</div>\(fields.errorLine("kind"))</fieldset>
        """
    }

    private var file: HTML {
        let id = fields.id("file")
        let most = UploadedImport.maximumBytes / 1_048_576
        return """
            <div class="field"><label class="drop" for="\(id)">\(request.icon("file-spreadsheet", .large))\
            <span>\(say("Choisir un fichier", "Choose a file"))<small>\(say(
                "CSV ou VCF, \(most) Mo et \(say.integer(ImportLimits.lines)) lignes au plus. Séparateur et accents sont reconnus.",
                "CSV or VCF, at most \(most) MB and \(say.integer(ImportLimits.lines)) lines. Separator and accents are recognised."))</small></span>\
            <input type="file" id="\(id)" name="file" accept=".csv,.txt,.tsv,.vcf,text/csv,text/vcard"\(fields.described("file", nil))></label>\
            \(fields.errorLine("file"))</div>
            """
    }
}
