import Basics
import Database

extension Jobs {
    static let headings = [
        Text("Travail", "Job"), Text("État", "State"), Text("Demandé", "Asked for"),
        Text("Prévu", "Planned"), Text("Essais", "Attempts"), Text("Terminé", "Finished"),
        Text("Dernière erreur", "Last error"),
    ]

    /// All jobs of a filter, the newest first.
    static func export(_ request: Request) throws -> Reply {
        let filter = JobFilter(request.http.query)
        let say = request.say
        let file = try request.tableFile(Text("travaux", "jobs"), headings)
        func moment(_ instant: Instant?) -> TableCell {
            let local = instant.map { request.organisation.local($0) }
            return .text(local.map { "\($0.day.iso) \($0.clock())" } ?? "")
        }
        try request.read { transaction in
            try transaction.eachJob(filter) { job in
                let kind = request.application.jobKinds[job.kind]
                try file.add([
                    .text(kind.map { say($0.label) } ?? job.kind),
                    .text(say(job.state(at: request.now).label)), moment(job.createdAt),
                    moment(job.runAt), .count(job.attempts), moment(job.finishedAt),
                    .text(job.lastError),
                ])
            }
        }
        return try file.reply()
    }
}
