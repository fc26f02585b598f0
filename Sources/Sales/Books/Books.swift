import Basics
import Core
import HTTP

/// The books: proof that nothing was touched, closings of periods, exports for the accountant, VAT.
public enum Books: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("books", .readBooks, show)
        routes.get("books/entries", .readBooks, reads: .export(of: .periodClosing), entries)
        routes.get("books/accounts", .readBooks, accounts)
        routes.post("books/accounts", .closePeriods, saveAccounts)
        routes.get(
            "books/vat", .readBooks,
            api: .show(
                VATReport.self, query: VATFilter.parameters,
                Text("TVA par taux", "VAT by rate")), vat)
        routes.get("books/vat/export", .readBooks, reads: .export(of: .periodClosing), exportVAT)
        routes.get("books/vat/rows", .readBooks, vatRows)
        routes.get(
            "books/vat/rows/export", .readBooks, reads: .export(of: .periodClosing), exportVATRows)
        closingRoutes(&routes)
        archiveRoutes(&routes)
    }

    public static var actions: [Action] { [.periodClosed, .accountsChanged, .archiveAsked] }
    public static var jobs: [JobKind] { [archiving] }
    public static var listeners: [JournalListener] { [chain.listener] }

    public static let checks: [Check] = [
        .organisation("books.seals") { transaction in
            try transaction.verify(chain).findings.map { Finding($0.message.english) }
        }
    ]

    static func show(_ request: Request) throws -> Reply {
        try request.read { transaction in
            let first = try transaction.firstBookedDay() ?? request.today
            let years = (first.year...max(first.year, request.today.year)).suffix(mostYears)
            return .page(
                BooksPage(
                    closed: try transaction.lastClosedDay(.month),
                    seals: try transaction.sealCount(of: chain), years: years.reversed(),
                    request: request
                ).page)
        }
    }

    /// Years that the page offers a file of.
    private static let mostYears = 12

    /// `?year=` the year, `?separator=` tab or pipe.
    static func entries(_ request: Request) throws -> Reply {
        let query = request.http.query
        let year = query["year"].flatMap { Int($0) } ?? request.today.year
        guard let first = Day(year: year, month: 1, day: 1),
            StatisticsPeriod.offered.contains(first)
        else { throw Problem.notFound }
        let separator = query["separator"].flatMap(EntryFile.Separator.init) ?? .tab
        let last = first.adding(months: 11).endOfMonth
        let file = try request.read { transaction in
            var file = EntryFile(
                try transaction.chartOfAccounts(), transaction.currency, separator)
            try transaction.eachBookEntry(first...last) { file.add($0) }
            return file
        }
        return .file(
            file.bytes, name: EntryFile.name(request.organisation, closing: last),
            type: "text/plain; charset=iso-8859-15")
    }

    static func accounts(_ request: Request) throws -> Reply {
        let accounts = try request.read { try $0.chartOfAccounts() }
        return .page(AccountsPage(accounts.formValues, [], request).page)
    }

    static func saveAccounts(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let accounts = ChartOfAccounts(&input)
        do {
            try input.check()
            try request.write { try $0.changeAccounts(accounts) }
            return .done(
                at: "/books/accounts", say: Text("Comptes enregistrés.", "Accounts saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                AccountsPage(input.typed, problem.fields, request).page, status: problem.status)
        }
    }

    private static func vatFilter(_ request: Request) -> VATFilter {
        VATFilter(request.http.query, request.organisation, today: request.today)
    }

    static func vat(_ request: Request) throws -> Reply {
        let filter = vatFilter(request)
        return try request.show {
            try $0.vatReport(filter)
        } page: {
            VATReportPage(filter: filter, report: try $0.vatReport(filter), request: request).page
        }
    }

    static func exportVAT(_ request: Request) throws -> Reply {
        let filter = vatFilter(request)
        let file = try request.tableFile(
            Text("tva", "vat"),
            [Text("Taux", "Rate"), Text("Base HT", "Base"), Text("TVA", "VAT")])
        for rate in try request.read({ try $0.vatReport(filter) }).rates {
            try file.add([
                .text(rate.label(request.say)), .amount(rate.base, request.currency),
                .amount(rate.vat, request.currency),
            ])
        }
        return try file.reply()
    }

    static func vatRows(_ request: Request) throws -> Reply {
        let filter = vatFilter(request)
        return try request.read { transaction in
            .page(
                VATReportRowsPage(
                    filter: filter, listing: try transaction.vatReportRows(filter),
                    report: try transaction.vatReport(filter), request: request
                ).page)
        }
    }

    static func exportVATRows(_ request: Request) throws -> Reply {
        let filter = vatFilter(request)
        let file = try request.tableFile(
            Text("detail-tva", "vat-detail"), VATReportRowsPage.headings)
        try request.read { transaction in
            try transaction.eachVATReportRow(filter) { row in
                try file.add([
                    .day(row.day), .text(row.payment), .text(row.number), .text(row.clientName),
                    .text(row.rate.label(request.say)), .amount(row.rate.base, request.currency),
                    .amount(row.rate.vat, request.currency),
                ])
            }
        }
        return try file.reply()
    }
}
