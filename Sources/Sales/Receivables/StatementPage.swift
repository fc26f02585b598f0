import Basics
import Core
import HTTP
import Markup

extension Receivables {
    static func statementRoutes(_ routes: inout Routes) {
        routes.get(
            "clients/:id/statement", .readPayments,
            api: .show(
                Statement.self, query: StatementPeriod.parameters,
                Text("Relevé de compte d’un client", "Statement of a client’s account")), statement)
        routes.get(
            "clients/:id/statement/export", .readPayments, reads: .export(of: .client),
            exportStatement)
        routes.get(
            "clients/:id/statement/pdf", .readPayments,
            api: .file("application/pdf", Text("Le relevé en PDF", "The statement as PDF")),
            reads: .document(of: .client),
            statementPDF)
    }

    static func statementPDF(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let period = StatementPeriod(request.http.query, today: request.today)
        return try Sending.file(request.read { try $0.printedStatement(of: id, period) })
    }

    static func statement(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let period = StatementPeriod(request.http.query, today: request.today)
        return try request.show {
            try $0.statement(of: id, period)
        } page: {
            StatementPage(try $0.statement(of: id, period), request).page
        }
    }

    static func exportStatement(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let period = StatementPeriod(request.http.query, today: request.today)
        let statement = try request.read { try $0.statement(of: id, period) }
        return .file(
            Array(StatementPage(statement, request).csv.utf8),
            name: request.say("releve-", "statement-") + statement.client.number + ".csv",
            type: "text/csv; charset=utf-8")
    }
}

/// A client's account, to read, to print, and to keep.
struct StatementPage {
    let statement: Statement
    let request: Request

    init(_ statement: Statement, _ request: Request) {
        self.statement = statement
        self.request = request
    }

    private var say: Language { request.say }
    private func money(_ amount: Amount) -> String { say.money(amount, statement.currency) }

    var page: Page {
        let title = say("Relevé de compte", "Statement of account")
        return Page(
            title: title, section: .clients,
            path: [(title: statement.client.name, address: statement.client.path)],
            body: """
                <div class="lh"><h1>\(title) <span>\(statement.client.name)</span></h1><div class="acts">\
                <a class="btn" href="\(address("pdf"))" target="_blank" rel="noopener">\(request.icon("file-text"))PDF</a>\
                <a class="btn" href="\(address("export"))">\(request.icon("download"))\(say("Exporter", "Export"))</a></div></div>
                \(period)\(table)
                """)
    }

    private func address(_ form: String) -> String {
        "\(statement.client.path)/statement/\(form)?from=\(statement.from.iso)&to=\(statement.to.iso)"
    }

    private var period: HTML {
        """
        <form class="filters" method="get" action="\(statement.client.path)/statement">\
        <div class="span" role="group" aria-label="\(say("Dates", "Dates"))">\
        <label for="from">\(say("Du", "From"))</label>\
        <input class="in" id="from" type="date" name="from" value="\(statement.from.iso)">\
        <label for="to">\(say("au", "to"))</label>\
        <input class="in" id="to" type="date" name="to" value="\(statement.to.iso)"></div>\
        <button class="btn">\(say("Afficher", "Show"))</button></form>
        """
    }

    private var table: HTML {
        let labels = [
            Text("Date", "Date"), Text("Mouvement", "Movement"), Text("Référence", "Reference"),
        ]
        return """
            <div class="card list"><table class="tbl cards"><caption class="sr">\(say("Relevé de compte", "Statement of account"))</caption>\
            <thead><tr>\(labels, { "<th scope=\"col\">\(say($0))</th>" })\
            <th scope="col" class="n">\(say("Débit", "Debit"))</th><th scope="col" class="n">\(say("Crédit", "Credit"))</th>\
            <th scope="col" class="n">\(say("Solde", "Balance"))</th></tr></thead><tbody>\
            \(edge(say("Solde avant", "Balance before"), statement.from, statement.before))\
            \(statement.lines, row)\
            \(edge(say("Solde", "Balance"), statement.to, statement.after))</tbody></table></div>
            """
    }

    private func edge(_ label: String, _ day: Day, _ amount: Amount) -> HTML {
        """
        <tr><td data-label="\(say("Date", "Date"))">\(say.day(day))</td><td><b>\(label)</b></td><td></td><td></td><td></td>\
        <td class="n num" data-label="\(say("Solde", "Balance"))"><b>\(money(amount))</b></td></tr>
        """
    }

    private func row(_ line: StatementLine) -> HTML {
        let entry = line.entry
        let isDebit = entry.amount > .zero
        return """
            <tr><td data-label="\(say("Date", "Date"))">\(say.day(entry.day))</td>\
            <td><a href="\(entry.path)">\(say(entry.kind.label)) \(entry.number)</a></td>\
            <td data-label="\(say("Référence", "Reference"))">\(entry.reference)</td>\
            <td class="n num" data-label="\(say("Débit", "Debit"))">\(if: isDebit, "\(money(entry.amount))")</td>\
            <td class="n num" data-label="\(say("Crédit", "Credit"))">\(if: !isDebit, "\(money(-entry.amount))")</td>\
            <td class="n num" data-label="\(say("Solde", "Balance"))">\(money(line.balance))</td></tr>
            """
    }

    /// One line a movement, with the balances at both ends.
    var csv: String {
        func amount(_ amount: Amount) -> String {
            ScaledDecimal.plain(
                amount.minorUnits, decimals: statement.currency.exponent, point: say(",", "."))
        }
        let head = [
            say("Date", "Date"), say("Mouvement", "Movement"), say("Numéro", "Number"),
            say("Référence", "Reference"), say("Montant", "Amount"), say("Solde", "Balance"),
        ]
        let before = [
            statement.from.iso, say("Solde avant", "Balance before"), "", "", "",
            amount(statement.before),
        ]
        let lines = statement.lines.map { line in
            [
                line.entry.day.iso, say(line.entry.kind.label), line.entry.number,
                line.entry.reference, amount(line.entry.amount), amount(line.balance),
            ]
        }
        return "\u{FEFF}" + ([head, before] + lines).map { CSV.line($0) }.joined()
    }
}
