import Basics
import Core
import Markup

/// The refused lines and the records of an import, on its page.
struct ImportParts {
    let found: Import
    let request: Request

    init(_ found: Import, _ request: Request) {
        self.found = found
        self.request = request
    }

    private var say: Language { request.say }

    func refusals(_ lines: [RefusedLine]) -> HTML {
        guard !lines.isEmpty else { return .empty }
        let rows = lines.flatMap { line in line.problems.map { (line.line, $0) } }
        return """
            <section class="card list" aria-labelledby="h-refused"><header><h2 id="h-refused">\(say("Lignes refusées", "Refused lines"))</h2>\
            <span class="sp"></span><a class="btn sm" href="\(found.path)/refusals" download>\(request.icon("download"))\
            \(say("Télécharger pour corriger", "Download to mend"))</a></header>
            <div class="scroll" tabindex="0" role="group" aria-label="\(say("Lignes refusées", "Refused lines"))">
            <table class="tbl"><thead><tr><th scope="col" class="n">\(say("Ligne", "Line"))</th><th scope="col">\(say("Colonne", "Column"))</th>\
            <th scope="col">\(say("Valeur", "Value"))</th><th scope="col">\(say("Motif", "Reason"))</th></tr></thead>
            <tbody>\(rows, { refusal($0.0, $0.1) })</tbody></table></div>\(more(lines.count, of: found.counts.refused))</section>
            """
    }

    private func refusal(_ line: Int, _ problem: LineProblem) -> HTML {
        """
        <tr><td class="n">\(say.integer(line))</td><td>\(problem.column)</td>\
        <td>\(String(problem.value.prefix(ImportLimits.shownCharacters)))</td><td>\(say(problem.message))</td></tr>
        """
    }

    private func more(_ shown: Int, of all: Int) -> HTML {
        guard all > shown else { return .empty }
        return """
            <div class="foot">\(say(
                "Les \(shown) premières sur \(say.integer(all)) ; toutes sont dans le fichier à télécharger.",
                "The first \(shown) of \(say.integer(all)); all are in the file to download."))</div>
            """
    }

    func records(_ records: [ImportedRecord]) -> HTML {
        guard !records.isEmpty else { return .empty }
        let isUndone = found.state == .undone
        let title =
            isUndone
            ? say("Gardés, parce qu’ils servent", "Kept, because they are in use")
            : say("Ce que l’import a fait", "What the import did")
        return """
            <section class="card list" aria-labelledby="h-records"><header><h2 id="h-records">\(title)</h2></header>
            <div class="scroll" tabindex="0" role="group" aria-label="\(title)">
            <table class="tbl"><thead><tr><th scope="col" class="n">\(say("Ligne", "Line"))</th><th scope="col">\(say("Fiche", "Record"))</th>\
            <th scope="col">\(isUndone ? say("Motif", "Reason") : say("Action", "Action"))</th></tr></thead>
            <tbody>\(records, { record($0, isUndone) })</tbody></table></div></section>
            """
    }

    private func record(_ record: ImportedRecord, _ isUndone: Bool) -> HTML {
        let name: HTML =
            record.address.map { "<a class=\"id\" href=\"\($0)\">\(record.label)</a>" }
            ?? "\(record.label)"
        let action = record.isNew ? Text("créé", "created") : Text("mis à jour", "updated")
        return """
            <tr><td class="n">\(say.integer(record.line))</td><td class="w">\(name)<small>\(say(record.kind.label))</small></td>\
            <td>\(say(isUndone ? record.keptText : action))</td></tr>
            """
    }
}

extension ImportedRecord.Kind {
    var label: Text {
        switch self {
        case .client: Text("Client", "Client")
        case .contact: Text("Contact", "Contact")
        case .item: Text("Article", "Item")
        case .invoice: Text("Solde de départ", "Opening balance")
        }
    }
}
