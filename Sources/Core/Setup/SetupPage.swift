import Basics
import Markup

/// One step of the first start: steps at the left, the form, and the invoice as it will look.
struct SetupPage {
    let step: SetupStep
    let state: SetupState
    let fields: FormFields
    let request: Request

    init(
        _ step: SetupStep, _ state: SetupState, _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.step = step
        self.state = state
        fields = FormFields(values, problems, request)
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        Page(
            title: say("Première installation", "First set-up"), frame: .plain,
            body: """
                <header class="sbar"><a class="brand" href="/setup"><span class="logo" aria-hidden="true">C</span>Comptoir</a>\
                <span class="sub">\(say("Première installation", "First set-up"))</span><span class="sp"></span>\
                <form method="post" action="/sign-out">\(FormToken.input(for: request))\
                <button class="btn g sm">\(icon("log-out"))\(say("Continuer plus tard", "Continue later"))</button></form></header>
                <div class="setup">\(steps)<main id="content" tabindex="-1">\(form)\(shortcut)</main>
                <aside class="aside" aria-label="\(say("Aperçu de votre facture", "Preview of your invoice"))">\
                \(InvoicePreview(state, request).html)</aside></div>
                """)
    }

    private var steps: HTML {
        let all = SetupStep.allCases
        let done = min(state.saved, all.count)
        let steps = say.count(done, Text("étape", "step"), Text("étapes", "steps"))
        let progress = steps + say(" sur \(all.count)", " of \(all.count)")
        let minutes = max(1, all.count - done)
        return """
            <nav class="stepper" aria-label="\(say("Étapes", "Steps"))"><div class="prog">\
            <span><b>\(progress)</b> · \(say("environ \(minutes) min", "about \(minutes) min"))</span>\
            <progress max="\(all.count)" value="\(done)" aria-label="\(say("Étapes terminées", "Finished steps"))">\(progress)</progress></div>\
            <ol>\(all, item)</ol></nav>
            """
    }

    private func item(_ step: SetupStep) -> HTML {
        let isDone = state.isDone(step)
        let mark: HTML = isDone && step != self.step ? icon("check") : "\(step.rawValue)"
        let note = isDone ? summary(step) : step == self.step ? say("En cours", "Under way") : nil
        return """
            <li\(attribute: "class", isDone ? "done" : nil)><a href="\(step.address)"\
            \(attribute: "aria-current", step == self.step ? "step" : nil)><span class="b">\(mark)</span>\
            <span>\(say(step.label))\(if: isDone, "<span class=\"sr\"> \(say("(complet)", "(complete)"))</span>")</span>\
            \(note.map { "<small>\($0)</small>" as HTML })</a></li>
            """
    }

    /// What a finished step holds, in a few words.
    private func summary(_ step: SetupStep) -> String {
        let organisation = request.organisation
        switch step {
        case .company: return organisation.name
        case .vat:
            return organisation.vatRegime == .normal
                ? say("TVA facturée", "VAT charged") : say("Franchise en base", "VAT exemption")
        case .bank:
            return organisation.iban.isEmpty
                ? say("Sans IBAN", "No IBAN") : say("IBAN vérifié", "IBAN checked")
        case .look:
            return state.logoHash == nil
                ? say("Sans logo", "No logo") : say("Logo enregistré", "Logo saved")
        case .numbering: return say("Enregistrée", "Saved")
        }
    }

    private var form: HTML {
        let isUpload = step == .look
        let isLast = step.next == nil
        let save =
            isLast
            ? say("Ouvrir Comptoir", "Open Comptoir")
            : say("Enregistrer et continuer", "Save and continue")
        return """
            <form class="wiz" method="post" action="\(step.address)"\(attribute: "enctype", isUpload ? "multipart/form-data" : nil) \
            data-guard data-main\(attribute: "data-preview", isLast ? "/settings/numbering/preview" : nil)>\
            \(FormToken.input(for: request))\(VersionField(fields, current: request.organisation.version).input)\
            <div class="intro"><h1>\(say("Préparons votre Comptoir", "Let’s set up your Comptoir"))</h1>\
            <p>\(say("Cinq étapes courtes, et votre première facture peut partir. Tout se modifie plus tard dans les réglages.", "Five short steps, and your first invoice can leave. Everything can be changed later in the settings."))</p></div>\
            \(fields.summary)\
            <section class="stp cur" aria-labelledby="step-t"><div class="hd"><h2 id="step-t">\(step.rawValue). \(say(step.label))</h2>\
            \(pill)<p>\(say(step.explanation))</p></div><div class="bd">\(content)</div></section>\
            <div class="form-end">\(back)<button class="btn p">\(save) \(icon("arrow-right"))</button></div></form>
            """
    }

    private var pill: HTML {
        state.isDone(step)
            ? "<span class=\"pill ok\">\(icon("check"))\(say("Complet", "Complete"))</span>"
            : "<span class=\"pill info\">\(say("En cours", "Under way"))</span>"
    }

    private var back: HTML {
        guard let previous = SetupStep(rawValue: step.rawValue - 1) else { return .empty }
        return
            "<a class=\"btn\" href=\"\(previous.address)\">\(icon("arrow-left"))\(say("Retour", "Back"))</a>"
    }

    private var content: HTML {
        let company = CompanyFields(fields, request)
        switch step {
        case .company:
            return
                "<div class=\"f2\">\(company.identity)\(company.numbers)\(company.address)\(company.contact)</div>"
        case .vat:
            let vat = VATFields(fields, currencyIsFixed: state.currencyIsFixed, request)
            return
                "<div class=\"f2\">\(vat.regime)\(vat.rate)\(vat.currency)\(company.vatNumber(width: .twoThirds))</div>"
        case .bank:
            let terms = TermsFields(fields, request)
            return "<div class=\"f2\">\(terms.bank)\(terms.delays)</div>"
        case .look:
            let look = LookFields(fields, hash: state.logoHash, request)
            return "<div class=\"f2\">\(look.picture)\(look.color)</div>"
        case .numbering:
            return NumberingTable(fields, request, series: SetupStep.series).table
                + NumberingTable.note(request)
        }
    }

    /// Once the law’s minimum is there, the rest can wait.
    private var shortcut: HTML {
        guard state.isUsable, step.next != nil else { return .empty }
        return """
            <form method="post" action="/setup/finish">\(FormToken.input(for: request))\
            <p class="hint"><button class="btn g sm">\(say("Ouvrir Comptoir sans finir", "Open Comptoir without finishing"))</button> \
            \(say("Le reste se complète dans les réglages.", "The rest can be completed in the settings."))</p></form>
            """
    }
}
