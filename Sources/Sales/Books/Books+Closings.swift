import Basics
import Core
import HTTP

extension Books {
    static func closingRoutes(_ routes: inout Routes) {
        routes.get(
            "books/closings", .readBooks,
            api: .list(
                PeriodClosing.self, query: [.after],
                Text("Lister les clôtures", "List closings")), closings)
        routes.get("books/closings/new", .closePeriods, newClosing)
        routes.post(
            "books/closings", .closePeriods,
            api: .create(
                ClosingDraft.self, PeriodClosingDetails.self,
                Text("Clôturer une période", "Close a period")), close)
        routes.get(
            "books/closings/:id", .readBooks,
            api: .show(PeriodClosingDetails.self, Text("Lire une clôture", "Read a closing")),
            closing)
    }

    static func closings(_ request: Request) throws -> Reply {
        let after = PagePosition(request.http.query["after"])
        return try request.show {
            try $0.periodClosings(after: after)
        } page: { transaction in
            try ClosingListPage(
                listing: transaction.periodClosings(after: after), request: request
            ).page
        }
    }

    static func closing(_ request: Request) throws -> Reply {
        let id: PeriodClosing.ID = try request.id()
        return try request.show {
            try $0.periodClosingDetails(id)
        } page: {
            ClosingPage(details: try $0.periodClosingDetails(id), request: request).page
        }
    }

    static func newClosing(_ request: Request) throws -> Reply {
        let query = request.http.query
        return .page(
            try newClosingPage(
                query["kind"].flatMap(PeriodClosing.Kind.init) ?? .month,
                query["starts_on"].flatMap { Day($0) }, [], request))
    }

    private static func newClosingPage(
        _ kind: PeriodClosing.Kind, _ wanted: Day?, _ problems: [FieldProblem],
        _ request: Request
    ) throws -> Page {
        try request.read { transaction in
            let periods = try transaction.closablePeriods(kind)
            let chosen = periods.first { $0.startsOn == wanted } ?? periods.first
            let totals = try chosen.map { draft in
                let days = draft.startsOn...draft.endsOn
                return (try transaction.periodTotals(days), try transaction.issuedVAT(days))
            }
            return NewClosingPage(
                kind: kind, periods: periods, chosen: chosen, totals: totals,
                fields: FormFields([:], problems, request), request: request
            ).page
        }
    }

    static func close(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = ClosingDraft(&input)
        do {
            try input.check()
            guard let draft else { throw Problem.notFound }
            let path = try request.once { try $0.closePeriod(draft).path }
            return .done(at: path, say: Text("Période clôturée.", "Period closed."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let page = try newClosingPage(
                draft?.kind ?? .month, draft?.startsOn, problem.fields, request)
            return .page(page, status: problem.status)
        }
    }
}
