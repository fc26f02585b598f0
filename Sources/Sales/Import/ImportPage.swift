import Basics
import Core
import Markup

/// One import, wherever it stands: what it would do, does, or did.
struct ImportPage {
    /// Lines and records that it shows of each; the rest is in files and lists.
    static let shownLines = 50
    /// Between two looks at an import that runs, in seconds.
    private static let refreshSeconds = 2

    let found: Import
    let request: Request
    var preview: [StagedLine] = []
    var refused: [RefusedLine] = []
    var records: [ImportedRecord] = []

    init(_ found: Import, _ request: Request) {
        self.found = found
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var parts: ImportParts { ImportParts(found, request) }
    private var mayWrite: Bool { request.may(.writeImports) }

    var page: Page {
        var page = Page(
            title: found.fileName, section: .imports,
            body: """
                \(head)\(fault)\(progress)\(counts)<div class="stack">\(previewCard)\
                \(parts.refusals(refused))\(parts.records(records))</div>
                """)
        if found.state.isRunning { page.refreshSeconds = ImportPage.refreshSeconds }
        return page
    }

    private var head: HTML {
        let who = found.createdByName.isEmpty ? "Comptoir" : found.createdByName
        return """
            <div class="head"><span class="av q" aria-hidden="true">\(icon(found.kind.icon))</span><div class="id"><div class="t"><h1>\(found.fileName)</h1>\
            \(found.state.pill(request))</div><div class="meta"><span>\(say(found.kind.label))</span>\
            <span>\(icon("user-round", .small))\(who)</span><span>\(icon("calendar", .small))\(Timeline(request).moment(found.startedAt))</span></div></div>
            <div class="acts">\(actions)</div></div>
            """
    }

    private var actions: HTML {
        guard mayWrite else { return .empty }
        let buttons = RecordParts(request)
        let naming = buttons.link(
            found.path + "/mapping", "columns-3", Text("Nommer les colonnes", "Name the columns"),
            cssClass: found.state == .mapping ? "btn p" : "btn")
        let away = buttons.button(
            found.path + "/delete", "trash-2", Text("Écarter", "Put aside"),
            confirm: Text("Écarter ce fichier ?", "Put this file aside?"))
        switch found.state {
        case .mapping, .failed: return away + (found.kind == .contacts ? .empty : naming)
        case .checking: return away
        case .ready:
            let start =
                found.counts.written == 0
                ? .empty
                : buttons.button(
                    found.path + "/start", "upload", Text("Importer", "Import"), cssClass: "btn p")
            return away + (found.kind == .contacts ? .empty : naming) + start
        case .finished where found.canBeUndone:
            return buttons.link(
                found.path + "/undo", "undo-2", Text("Annuler cet import", "Undo this import"))
        case .finished, .importing, .undoing, .undone: return .empty
        }
    }

    private var fault: HTML {
        guard let fault = found.fault else { return .empty }
        let title =
            found.state == .failed
            ? say("Ce fichier ne peut pas être lu", "This file cannot be read")
            : say("L’annulation n’a pas abouti", "It could not be undone")
        return """
            <div class="alert" role="alert">\(icon("triangle-alert"))<b>\(title)</b><p>\(say(fault))</p></div>
            """
    }

    private var progress: HTML {
        guard found.state.isRunning else { return .empty }
        // Reading is the first half of an import, writing the second.
        let whole = found.state == .importing ? 2 * found.counts.total : 0
        let value = min(found.doneLines, whole)
        let bar: HTML =
            whole > 0
            ? "<progress max=\"\(whole)\" value=\"\(value)\" aria-label=\"\(say(found.state.label))\"></progress>"
            : "<progress aria-label=\"\(say(found.state.label))\"></progress>"
        let lines = say.count(found.doneLines, found.kind.lines.one, found.kind.lines.many)
        return """
            <section class="card" aria-labelledby="h-progress"><header><h2 id="h-progress">\(say(found.state.label))</h2>\
            <span class="sp"></span><a class="btn g sm" href="\(found.path)">\(icon("refresh-cw"))\(say("Actualiser", "Refresh"))</a></header>
            <div class="body">\(bar)<p class="hint">\(found.doneLines > 0 ? lines : say("Patientez…", "Please wait…"))</p></div></section>
            """
    }

    private var counts: HTML {
        let counts = found.counts
        guard [.ready, .importing, .finished, .undone].contains(found.state) else { return .empty }
        if found.state == .undone {
            return figures([
                (Text("Retirés", "Removed"), found.removedRecords, false),
                (Text("Rétablis", "Restored"), found.restoredRecords, false),
                (Text("Gardés", "Kept"), found.keptRecords, found.keptRecords > 0),
            ])
        }
        var all = [
            (Text("Nouveaux", "New"), counts.new, false),
            (Text("Mis à jour", "Updated"), counts.changed, false),
            (Text("Déjà là", "Already there"), counts.known, false),
            (Text("Refusés", "Refused"), counts.refused, counts.refused > 0),
        ]
        if counts.skipped > 0 { all[1] = (found.kind.skipped, counts.skipped, false) }
        return figures(all)
    }

    private func figures(_ all: [(Text, Int, Bool)]) -> HTML {
        """
        <dl class="kpis">\(all, { figure in
            """
            <div class="kpi"><dt>\(say(figure.0))</dt>\
            <dd class="v"\(attribute: "data-tone", figure.2 ? "bad" : nil)>\(say.integer(figure.1))</dd></div>
            """
        })</dl>
        """
    }

    private var previewCard: HTML {
        guard !preview.isEmpty else { return .empty }
        return ImportPreview(found, preview, request).card
    }
}

extension ImportKind {
    /// What lines are called that there is nothing to bring in from.
    var skipped: Text {
        self == .invoices
            ? Text("Déjà soldées", "Paid already") : Text("Ni client ni prospect", "No clients")
    }
}
