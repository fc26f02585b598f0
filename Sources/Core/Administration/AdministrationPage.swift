import Basics
import Database
import Markup

/// The program at work, for an owner.
struct AdministrationPage {
    /// While a check runs the page asks again.
    private static let refreshSeconds = 3
    /// Longest text of a statement on the page.
    private static let longestStatement = 220

    let examination: Examination?
    let isExamining: Bool
    let failed: [Job]
    let entries: [JournalEntry]
    let installation: InstallationFacts
    let request: Request

    private var say: Language { request.say }

    var page: Page {
        let title = say(Section.administration.label)
        var page = Page(
            title: title, section: .administration,
            body: """
                \(ListParts.title(title, actions: actions))
                <div class="grid"><div class="stack">\(health)\(jobs)\(statements)</div>
                <div class="stack">\(facts)\(GraveEntriesCard(entries: entries, request: request).html)</div></div>
                """)
        if isExamining { page.refreshSeconds = Self.refreshSeconds }
        return page
    }

    private var actions: HTML {
        let links: [(String, StaticString, Text)] = [
            ("/administration/data", "database", Text("Données", "Data")),
            ("/jobs", "hourglass", Text("Travaux", "Jobs")),
            ("/journal", "history", Text("Journal", "Journal")),
        ]
        return links.filter { request.offers($0.0) }.map { address, icon, label -> HTML in
            "<a class=\"btn\" href=\"\(address)\">\(request.icon(icon))\(say(label))</a>"
        }.joined()
    }

    private var health: HTML {
        let label =
            isExamining
            ? say("Vérification en cours…", "Checking…")
            : say("Vérifier maintenant", "Check now")
        return """
            <section class="card" aria-labelledby="h-health"><header><h2 id="h-health">\
            \(say("Santé des données", "Health of the data"))</h2><span class="sp"></span>\
            <form method="post" action="/administration/doctor">\(FormToken.input(for: request))\
            <button class="btn sm"\(attribute: "disabled", if: isExamining)>\
            \(request.icon("shield-check"))\(label)</button></form></header>
            <div class="body">\(examination.map(result) ?? never)</div></section>
            """
    }

    private var never: HTML {
        """
        <p class="mut">\(say("Rien n’a encore été vérifié. Les contrôles comparent sommes, soldes, numéros, empreintes et chiffres avec ce dont ils sont faits.", "Nothing was checked yet. The checks compare sums, balances, numbers, hashes and statistics with what they are made of."))</p>
        """
    }

    private func result(_ examination: Examination) -> HTML {
        let when = Timeline(request).moment(examination.at)
        let checks = examination.counted(say)
        guard !examination.isHealthy else {
            return """
                <p><span class="pill ok">\(request.icon("check"))\(say("Tout est en ordre", "All is well"))</span> \
                <span class="mut">\(checks) · \(when)</span></p>
                """
        }
        let count = examination.countedFindings(say)
        let advice = say(
            "La personne qui fait tourner le programme lance « comptoir doctor --mend » : ce qui se recalcule est réparé, le reste est expliqué.",
            "Whoever runs the program starts “comptoir doctor --mend”: what can be computed again is mended, the rest is explained."
        )
        return """
            <p><span class="pill bad">\(request.icon("circle-alert"))\(count)</span> \
            <span class="mut">\(checks) · \(when)</span></p>
            <ul class="plain">\(examination.findings, { "<li><code>\($0)</code></li>" })</ul>
            <p class="mut">\(advice)</p>
            """
    }

    private var jobs: HTML {
        """
        <section class="card" aria-labelledby="h-jobs"><header><h2 id="h-jobs">\
        \(say("Travaux en échec", "Failed jobs"))</h2><span class="sp"></span>\
        <a class="btn g sm" href="/jobs?state=failed">\(say("Tout voir", "See all"))</a></header>
        \(failed.isEmpty ? noneFailed : "<ul class=\"rows\">\(failed, job)</ul>")</section>
        """
    }

    private var noneFailed: HTML {
        "<div class=\"body\"><p class=\"mut\">\(say("Aucun.", "None."))</p></div>"
    }

    private func job(_ job: Job) -> HTML {
        let kind = request.application.jobKinds[job.kind]
        return """
            <li><span class="ic bad" aria-hidden="true">\(request.icon("circle-alert"))</span>\
            <div><b>\(kind.map { say($0.label) } ?? job.kind)</b><small>\(job.lastError)</small></div>\
            <form method="post" action="/jobs/\(job.id)/retry">\(FormToken.input(for: request))\
            <button class="btn sm">\(request.icon("refresh-cw"))\(say("Réessayer", "Try again"))</button></form></li>
            """
    }

    private var statements: HTML {
        let body: HTML =
            switch installation.counting {
            case .on where installation.statements.isEmpty:
                "<div class=\"body\"><p class=\"mut\">\(say("Rien encore.", "Nothing yet."))</p></div>"
            case .on: statementTable
            case .missing, .notLoaded:
                "<div class=\"body\"><p class=\"mut\">\(say(installation.counting.explanation))</p></div>"
            }
        return """
            <section class="card list" aria-labelledby="h-slow"><header><h2 id="h-slow">\
            \(say("Requêtes qui prennent le plus de temps", "Statements that take the most time"))</h2>\
            <span class="sub">\(say("toute l’installation, sans aucune valeur", "whole installation, without any value"))</span></header>
            \(body)</section>
            """
    }

    private var statementTable: HTML {
        let title = say("Requêtes", "Statements")
        return """
            <div class="scroll" tabindex="0" role="group" aria-label="\(title)"><table class="tbl cards"><thead><tr>
            <th scope="col">\(say("Requête", "Statement"))</th>\
            <th scope="col" class="n">\(say("Appels", "Calls"))</th>\
            <th scope="col" class="n">\(say("Moyenne", "Mean"))</th>\
            <th scope="col" class="n">\(say("Total", "Total"))</th></tr></thead>
            <tbody>\(installation.statements, statement)</tbody></table></div>
            """
    }

    private func statement(_ statement: SlowStatement) -> HTML {
        let most = Self.longestStatement
        let text =
            statement.text.count > most ? String(statement.text.prefix(most)) + "…" : statement.text
        return """
            <tr><td class="w"><code class="sql">\(text)</code></td>
            <td class="n num" data-label="\(say("Appels", "Calls"))">\(say.integer(statement.calls))</td>
            <td class="n num" data-label="\(say("Moyenne", "Mean"))">\(milliseconds(statement.meanMilliseconds))</td>
            <td class="n num" data-label="\(say("Total", "Total"))">\(milliseconds(statement.totalMilliseconds))</td></tr>
            """
    }

    private func milliseconds(_ value: Double) -> String {
        value >= 1000
            ? say.decimal(Int((value / 10).rounded()), decimals: 2) + " s"
            : say.decimal(Int((value * 100).rounded()), decimals: 2) + " ms"
    }

    private var facts: HTML {
        let known: [(Text, String)] = [
            (Text("Comptoir", "Comptoir"), Comptoir.version),
            (Text("PostgreSQL", "PostgreSQL"), installation.databaseVersion),
            (Text("Dernière migration", "Last migration"), say.integer(installation.migration)),
            (Text("Base de données", "Database"), say.size(installation.databaseBytes)),
            (
                Text("Connexions", "Connections"),
                "\(request.application.pool.usage.open) / \(request.application.pool.limit)"
            ),
        ]
        return """
            <section class="card" aria-labelledby="h-facts"><header><h2 id="h-facts">\
            \(say("Installation", "Installation"))</h2></header><div class="body"><dl class="dl">\
            \(known, { "<dt>\(say($0.0))</dt><dd class=\"num\">\($0.1)</dd>" })</dl></div>
            <ul class="rows">\(installation.tables, table)</ul></section>
            """
    }

    private func table(_ table: TableSpace) -> HTML {
        """
        <li><div><code>\(table.table)</code><small>\(say("dont index", "of which indexes")) \
        \(say.size(table.indexBytes))</small></div>\
        <span class="num">\(say.size(table.tableBytes + table.indexBytes))</span></li>
        """
    }
}

extension StatementCounting {
    /// What to do so that statements are counted.
    public var explanation: Text {
        switch self {
        case .on: Text("Les requêtes sont comptées.", "Statements are counted.")
        case .missing:
            Text(
                "Cette base ne compte pas ses requêtes. Son administrateur met pg_stat_statements dans shared_preload_libraries, redémarre le serveur, puis lance CREATE EXTENSION pg_stat_statements.",
                "This database does not count its statements. Its administrator puts pg_stat_statements into shared_preload_libraries, restarts the server, then runs CREATE EXTENSION pg_stat_statements."
            )
        case .notLoaded:
            Text(
                "L’extension pg_stat_statements est là, mais le serveur a démarré sans elle : mettez-la dans shared_preload_libraries et redémarrez-le. La base privée de Comptoir le fait à son prochain démarrage.",
                "The extension pg_stat_statements is there, but the server was started without it: put it into shared_preload_libraries and restart it. Comptoir’s private database does so at its next start."
            )
        }
    }
}
