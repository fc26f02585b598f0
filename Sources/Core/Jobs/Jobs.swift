import Basics
import Database
import HTTP

/// Jobs: what is done outside of requests, and what became of it.
public enum Jobs: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("jobs", .readMails, list)
        routes.get("jobs/export", .readMails, reads: .export(of: .organisation), export)
        routes.post("jobs/:id/retry", .sendMails, retry)
    }

    public static let liveCounters = [
        LiveCounter(
            "jobs", .readMails,
            says: ["job.failed": Text("Un travail a échoué.", "A job has failed.")],
            urgent: "failed_at IS NOT NULL"
        ) { "jobs WHERE organisation_id = \($0) AND finished_at IS NULL" }
    ]

    static func list(_ request: Request) throws -> Reply {
        let filter = JobFilter(request.http.query)
        let listing = try request.read { try $0.jobs(filter) }
        return .page(JobListPage(filter: filter, listing: listing, request).page)
    }

    static func retry(_ request: Request) throws -> Reply {
        let id: Job.ID = try request.id()
        try request.write { try $0.retryJob(id) }
        return .done(at: "/jobs", say: Text("Nouvel essai lancé.", "Trying again."))
    }
}

/// Which jobs a list shows.
struct JobFilter: Sendable {
    let state: Job.State?
    let after: PagePosition?
    let address: ListAddress

    init(_ query: Fields) {
        state = query["state"].flatMap(Job.State.init)
        after = PagePosition(query["after"])
        address = ListAddress("/jobs", query, keeping: ["state"])
    }
}

extension Transaction {
    /// One page of jobs, the newest first.
    func jobs(_ filter: JobFilter) throws -> Listing<Job> {
        let rows: [Job] = try all("\(selection(filter)) LIMIT \(PagePosition.rowsPerPage + 1)")
        return Listing(rows) { PagePosition($0.createdAt, id: $0.id.value) }
    }

    func eachJob(_ filter: JobFilter, _ body: (Job) throws -> Void) throws {
        try each(selection(filter)) { try body(Job(row: $0)) }
    }

    private func selection(_ filter: JobFilter) -> SQL {
        var conditions: SQL = .empty
        switch filter.state {
        case .due?:
            conditions +=
                " AND finished_at IS NULL AND failed_at IS NULL AND coalesce(leased_until <= \(now), true)"
        case .running?:
            conditions +=
                " AND finished_at IS NULL AND failed_at IS NULL AND leased_until > \(now)"
        case .failed?: conditions += " AND failed_at IS NOT NULL"
        case .finished?: conditions += " AND finished_at IS NOT NULL"
        case nil: break
        }
        if let after = filter.after, let instant = after.instant {
            conditions += " AND (created_at, id) < (\(instant), \(after.id))"
        }
        return """
            SELECT \(Job.columns) FROM jobs
            WHERE organisation_id = \(organisation) \(conditions)
            ORDER BY created_at DESC, id DESC
            """
    }
}
