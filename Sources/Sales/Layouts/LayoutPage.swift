import Basics
import Core
import HTTP
import Markup

/// The settings of how documents look, beside a picture that follows them.
struct LayoutPage {
    let fields: FormFields
    /// Whether the form holds what is not saved yet.
    let isUnsaved: Bool
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], isUnsaved: Bool = false,
        _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.isUnsaved = isUnsaved
        self.request = request
    }

    private var say: Language { request.say }
    private func icon(_ name: StaticString) -> HTML { request.icon(name, .small) }

    func preview() throws -> LayoutPreview {
        var input = Input(Fields(fields.values.map { .init(name: $0.key, value: $0.value) }))
        let draft = LayoutDraft(&input, request.organisation)
        let isColor = !input.problems.contains { $0.field == "accent_color" }
        return try LayoutPreview(
            draft.layout,
            color: isColor ? draft.color.accentColor : request.organisation.accentColor,
            LayoutSample(rawValue: fields["sample"]) ?? .invoice, request)
    }

    func page() throws -> Page {
        let picture = try preview()
        return SettingsFrame(tab: .layout, request: request).page(
            """
            <form class="form look" method="post" action="/settings/layout" data-guard data-main \
            data-preview="/settings/layout/preview"\(attribute: "data-dirty", if: isUnsaved)>\
            \(FormToken.input(for: request))\(hidden)\(fields.summary)
            <div class="look-fields">\(presets)\(looks)\(blocks)\(texts)\(words)</div>
            <div class="look-sheet"><div class="look-head">\(sample)\
            <noscript><button class="btn sm" name="op" value="preview">\(icon("refresh-cw"))\
            \(say("Actualiser", "Refresh"))</button></noscript></div>\
            \(picture.html(say))<p class="hint">\(say(
                "Données d’exemple. Les factures déjà émises gardent leur mise en page.",
                "Example data. Invoices that are issued keep their layout."))</p></div>
            <div class="bar"><div class="acts2"><button class="btn p" name="op" value="save">\(request.icon("save"))\
            \(say("Enregistrer", "Save"))</button></div></div></form>
            """, frame: .edit)
    }

    private var hidden: HTML {
        let organisation = request.organisation.version
        let versions = [
            ("version", fields["version"]),
            (
                "organisation_version",
                fields.problem("form") == nil
                    ? fields["organisation_version"] : String(organisation)
            ), ("blocks", fields["blocks"]),
        ]
        // Enter in a field saves: the first button of a form is the one that it presses.
        return """
            <button class="sr" name="op" value="save" tabindex="-1" aria-hidden="true"></button>\
            \(versions, { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })
            """
    }

    private var presets: HTML {
        FieldCard.card(
            say("Modèles", "Presets"),
            note: say(
                "Un point de départ : vos textes restent.", "A start: your texts stay."),
            class: "body presets",
            """
            \(LayoutPreset.allCases, { preset in
                """
                <button class="preset" name="op" value="preset:\(preset.rawValue)"><b>\(say(preset.label))</b>\
                <small>\(say(preset.explanation))</small></button>
                """
            })
            """)
    }

    private func options<Choice: RawRepresentable<String> & CaseIterable>(
        _: Choice.Type, _ label: (Choice) -> Text
    ) -> [(value: String, label: String)] {
        Choice.allCases.map { ($0.rawValue, say(label($0))) }
    }

    private var looks: HTML {
        FieldCard.card(
            say("Aspect", "Look"),
            """
            \(fields.select("typeface", Text("Police", "Font"), options(DocumentLayout.Typeface.self, \.label), width: .half))\
            \(fields.input("accent_color", Text("Couleur", "Colour"), type: "color", width: .half, maximum: 7))\
            \(fields.segments("accent", Text("Place de la couleur", "Where the colour is"), options(DocumentLayout.Accent.self, \.label)))\
            \(fields.segments("table", Text("Tableau des lignes", "Table of lines"), options(DocumentLayout.TableStyle.self, \.label)))\
            \(fields.segments("density", Text("Densité", "Density"), options(DocumentLayout.Density.self, \.label), width: .half))\
            \(fields.segments("paper", Text("Papier", "Paper"), options(DocumentLayout.Paper.self, \.label), width: .half))\
            \(fields.segments("logo_side", Text("Logo", "Logo"), options(DocumentLayout.Side.self, \.label), width: .half))\
            \(fields.segments("logo_size", Text("Taille du logo", "Size of the logo"), options(DocumentLayout.LogoSize.self, \.label), width: .half))
            <p class="hint">\(say("L’image du logo est dans ", "The picture of the logo is in ")) \
            <a href="/settings/logo">\(say("Logo et couleur", "Logo and colour"))</a>.</p>
            """)
    }

    private var blocks: HTML {
        let order = DocumentLayout.complete(
            fields["blocks"].split(separator: ",").compactMap {
                DocumentLayout.Block(rawValue: String($0))
            })
        return FieldCard.card(
            say("Sous les totaux", "Under the totals"),
            note: say(
                "Dans cet ordre, de haut en bas.", "In this order, from top to bottom."),
            class: "body",
            """
            <ol class="blocks">\(order.enumerated().map { row($0.element, $0.offset, of: order.count) }.joined())</ol>
            """)
    }

    private func row(_ block: DocumentLayout.Block, _ index: Int, of count: Int) -> HTML {
        let name = say(block.label)
        let shown: HTML =
            block.isRequired
            ? """
            <span class="fixed">\(name)<small>\(say("Demandées par la loi : toujours là.", "Asked for by law: always there."))</small></span>
            """
            : fields.check("show_\(block.rawValue)", block.label)
        return """
            <li>\(shown)<span class="sp"></span>\
            <button class="btn sm sq g" name="op" value="up:\(block.rawValue)"\(attribute: "disabled", if: index == 0) \
            aria-label="\(say("Monter : ", "Move up: "))\(name)">\(icon("arrow-up"))</button>\
            <button class="btn sm sq g" name="op" value="down:\(block.rawValue)"\(attribute: "disabled", if: index == count - 1) \
            aria-label="\(say("Descendre : ", "Move down: "))\(name)">\(icon("arrow-down"))</button></li>
            """
    }

    private var texts: HTML {
        func area(_ name: String, _ french: Text, _ english: Text) -> HTML {
            fields.textArea("\(name)_fr", french, width: .half, rows: 2)
                + fields.textArea("\(name)_en", english, width: .half, rows: 2)
        }
        return FieldCard.card(
            say("Textes", "Texts"),
            note: say(
                "Chaque document prend la langue de son client.",
                "Each document takes the language of its client."),
            """
            \(fields.segments("wording", Text("Langue des documents", "Language of documents"), options(DocumentLayout.Wording.self, \.label)))\
            \(area("opening", Text("Avant les lignes, en français", "Above the lines, in French"), Text("Avant les lignes, en anglais", "Above the lines, in English")))\
            \(area("closing", Text("Texte de fin, en français", "Closing text, in French"), Text("Texte de fin, en anglais", "Closing text, in English")))\
            \(fields.input("footer_fr", Text("Pied de page, en français", "Footer, in French"), width: .half, maximum: LayoutDraft.mostFoot))\
            \(fields.input("footer_en", Text("Pied de page, en anglais", "Footer, in English"), width: .half, maximum: LayoutDraft.mostFoot))
            """)
    }

    private var words: HTML {
        FieldCard.card(
            say("Colonnes et titres", "Columns and titles"),
            note: say(
                "Vides, ils gardent nos mots.", "Left empty, they keep our words."),
            """
            \(fields.check("numbers_lines", Text("Numéroter les lignes", "Number the lines")))\
            \(fields.check("separates_units", Text("Unité dans sa propre colonne", "Units in a column of their own")))\
            <table class="own"><thead><tr><th scope="col">\(say("Mot", "Word"))</th>\
            <th scope="col">\(say("En français", "In French"))</th><th scope="col">\(say("En anglais", "In English"))</th></tr></thead>\
            <tbody>\(DocumentLayout.Word.allCases, pair)</tbody></table>
            """)
    }

    private func pair(_ word: DocumentLayout.Word) -> HTML {
        let (name, label) = ("word_\(word.rawValue)", say(word.label))
        let languages = [
            ("\(name)_fr", say("en français", "in French")),
            ("\(name)_en", say("en anglais", "in English")),
        ]
        return """
            <tr><th scope="row">\(label)</th>\(languages, { field, language in
                """
                <td data-label="\(language)"><label class="sr" for="\(fields.id(field))">\(label), \(language)</label>\
                <input class="in" id="\(fields.id(field))" name="\(field)" value="\(fields[field])" \
                maxlength="\(LayoutDraft.mostWord)" autocomplete="off"\(fields.described(field, nil))>\(fields.errorLine(field))</td>
                """
            })</tr>
            """
    }

    private var sample: HTML {
        fields.segments(
            "sample", Text("Aperçu", "Preview"), options(LayoutSample.self, \.label))
    }
}
