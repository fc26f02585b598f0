import Basics
import Core
import Markup

/// The register of what is held, why and how long, and the terms that the organisation sets.
struct RegisterPage {
    let rules: [RetentionRule]
    let documentsPastTerm: Int
    let fields: FormFields
    let request: Request

    init(
        _ rules: [RetentionRule], documentsPastTerm: Int, _ values: [String: String]?,
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.rules = rules
        self.documentsPastTerm = documentsPastTerm
        self.request = request
        fields = FormFields(values ?? Self.values(rules), problems, request)
    }

    private static func values(_ rules: [RetentionRule]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: rules.flatMap { rule in
                [
                    ("months_" + rule.category.rawValue, String(rule.months)),
                    ("erases_" + rule.category.rawValue, rule.erases ? "on" : ""),
                ]
            })
    }

    private var say: Language { request.say }

    var page: Page {
        SettingsFrame(tab: .privacy, request: request).page(
            """
            <div class="form">\(terms)<p class="mut">\(say(
                "Registre des activités de traitement (article 30 du RGPD), tel que le programme le tient. Responsable : \(request.organisation.name).",
                "Register of processing (article 30 of the GDPR), as the program keeps it. Controller: \(request.organisation.name)."))</p>\
            \(Register.all, card)</div>
            """, frame: .wide)
    }

    private var terms: HTML {
        """
        <form class="form" method="post" action="/settings/privacy" data-guard>\(FormToken.input(for: request))\(fields.summary)\
        \(FieldCard.card(
            say("Durées de conservation", "How long things are kept"),
            note: say(
                "Les personnes arrivées à leur terme apparaissent à l’accueil. Le texte des courriels et les traces d’imports ne partent que là où la case est cochée.",
                "People who reach their term show on the home page. The text of mails and the traces of imports go only where the box is ticked."),
            "\(rules, rule)"))<div class="form-end"><button class="btn p">\(request.icon("save"))\(say("Enregistrer", "Save"))</button></div></form>
        """
    }

    private func rule(_ rule: RetentionRule) -> HTML {
        let name = rule.category.rawValue
        let (label, start) = (rule.category.label, rule.category.start)
        return """
            \(fields.input("months_" + name, Text("\(label.french), \(start.french)", "\(label.english), \(start.english)"), width: .half, required: true, unit: say("mois", "months"), maximum: 3))
            <div class="field h">\(fields.check("erases_" + name, Text("Effacer seul au terme : \(label.french)", "Erase at the term by itself: \(label.english)")))</div>
            """
    }

    private func card(_ line: Processing) -> HTML {
        let facts: [(Text, String)] = [
            (Text("Finalité", "Purpose"), say(line.purpose)),
            (Text("Base légale", "Legal basis"), say(line.basis.label)),
            (Text("Personnes", "People"), say(line.people)),
            (Text("Données", "Data"), say(line.data)),
            (
                Text("Conservation", "Kept"),
                term(line.term) + (line.id == Register.accounting.id ? pastTerm : "")
            ),
            (Text("Destinataires", "Recipients"), say(line.recipients)),
            (
                Text("Tables", "Tables"),
                line.tables.map(\.name.description).joined(separator: ", ")
            ),
        ]
        return FieldCard.card(
            say(line.title), class: "body",
            """
            <dl class="dl wide">\(facts, { "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>" })</dl>
            """)
    }

    /// Numbers have no gap and every seal leans on the one before, so none is taken out.
    private var pastTerm: String {
        guard documentsPastTerm > 0 else { return "" }
        let documents = say.count(
            documentsPastTerm, Text("document conservé", "document kept"),
            Text("documents conservés", "documents kept"))
        return say(
            " ; au-delà de ce terme : \(documents), car ni les numéros ni les sceaux n’admettent de trou",
            "; past this term: \(documents), because neither numbers nor seals may have a gap")
    }

    private func term(_ category: RetentionCategory, isAlone: Bool) -> String {
        guard let rule = rules.first(where: { $0.category == category }) else { return "" }
        let who = isAlone ? "" : say(category.label) + say(" : ", ": ")
        let months = say.count(rule.months, Text("mois", "month"), Text("mois", "months"))
        guard rule.erases || rule.category.isOfPeople else {
            return who + say("sans terme", "without a term")
        }
        let end =
            rule.erases
            ? say("puis effacé", "then erased")
            : say("puis proposé à l’effacement", "then proposed for erasure")
        return "\(who)\(months) \(say(category.start)), \(end)"
    }

    private func term(_ term: Processing.Term) -> String {
        switch term {
        case .fixed(let text): return say(text)
        case .setting(let categories):
            return categories.map { self.term($0, isAlone: categories.count == 1) }
                .joined(separator: " ; ")
        }
    }
}
