import Basics
import Database
import HTTP

/// What an owner sees of the program at work: whether records are whole, what failed, what takes time and
/// room. Of other organisations nothing is told; of the installation numbers only.
public enum Administration: Capability {
    static let path = "/administration"
    private static let shownJobs = 5
    private static let shownStatements = 5
    private static let shownTables = 6
    private static let shownEntries = 6

    public static func routes(_ routes: inout Routes) {
        routes.get("administration", .manageOrganisation, show)
        routes.post("administration/doctor", .manageOrganisation, examine)
    }

    public static let actions: [Action] = [
        .doctorExamined, .doctorFound, .recordsMended, .organisationCleaned,
    ]
    public static let jobs: [JobKind] = [examination]

    static func show(_ request: Request) throws -> Reply {
        let page = try request.read { transaction in
            AdministrationPage(
                examination: try transaction.lastExamination(),
                isExamining: try transaction.isExamining(),
                failed: try transaction.failedJobs(most: shownJobs),
                entries: try transaction.graveEntries(most: shownEntries),
                installation: try InstallationFacts(
                    transaction, statements: shownStatements, tables: shownTables),
                request: request)
        }
        return .page(page.page)
    }

    /// Leaves it to a job: a large organisation takes longer than anybody waits for a page.
    static func examine(_ request: Request) throws -> Reply {
        try request.write { transaction in
            guard try !transaction.isExamining() else { return }
            try transaction.enqueue(examination, on: transaction.organisation.value)
        }
        return .done(at: path, say: Text("Vérification lancée.", "The check has begun."))
    }

    static let examination = JobKind(
        "doctor.examine", Text("Vérifier les données", "Check the data"), maximumAttempts: 2,
        lane: .drawing, address: { _ in path },
        handler: { job, application in
            let found = try application.examine(job)
            try application.write(for: job.organisation) { transaction in
                try transaction.record(found)
                try transaction.finish(job)
            }
        })
}

/// What the checks of one organisation found together. It stands in the journal.
struct Examination: Sendable {
    /// Most findings that the entry keeps.
    static let mostKept = 50

    var at: Instant
    /// How many were made.
    var checks: Int
    /// What was found, of which the first are named.
    var count: Int
    /// `clients.balances: client C-1: …`
    var findings: [String]

    var isHealthy: Bool { count == 0 }
}

extension Examination {
    func counted(_ say: Language) -> String {
        say.count(checks, Text("contrôle", "check"), Text("contrôles", "checks"))
    }
    func countedFindings(_ say: Language) -> String {
        say.count(count, Text("anomalie", "finding"), Text("anomalies", "findings"))
    }
}

extension Application {
    /// Every check that is about one organisation; each in a transaction of its own that changes nothing.
    /// One that cannot be made is a finding.
    func examine(_ job: Job) throws -> Examination {
        var found: [String] = []
        var count = 0
        for check in checks {
            guard case .organisation(let run) = check.subject else { continue }
            count += 1
            try write(for: job.organisation) { try $0.keep(job) }
            do {
                let findings = try read(for: job.organisation) { it in
                    try it.joiningWholes { try run(it) }
                }
                found += findings.map { "\(check.name): \($0.message)" }
            } catch let error as DatabaseError where Problem(error) == .unavailable {
                throw error
            } catch {
                found.append("\(check.name): \(error)")
            }
        }
        return Examination(
            at: clock.now(), checks: count, count: found.count,
            findings: Array(found.prefix(Examination.mostKept)))
    }
}

extension Transaction {
    func record(_ examination: Examination) throws {
        let say = scope.organisation.language
        let note = "\(examination.counted(say)), \(examination.countedFindings(say))"
        try record(
            examination.isHealthy ? .doctorExamined : .doctorFound, .organisation,
            organisation.value, label: scope.organisation.name,
            details: [
                "note": .string(note), "checks": .int(examination.checks),
                "count": .int(examination.count),
                "findings": .array(examination.findings.map(JSON.string)),
            ])
    }

    func lastExamination() throws -> Examination? {
        let row: PastExamination? = try first(
            """
            SELECT e.recorded_at, d.details FROM journal_entries e
            JOIN journal_details d ON d.organisation_id = e.organisation_id AND d.entry_id = e.id
            WHERE e.organisation_id = \(organisation) AND e.subject_kind = \(SubjectKind.organisation)
                AND e.subject_id = \(organisation.value)
                AND e.action IN (\(Action.doctorExamined.name), \(Action.doctorFound.name))
            ORDER BY e.id DESC LIMIT 1
            """)
        return row?.examination
    }

    func isExamining() throws -> Bool {
        try value(
            """
            SELECT EXISTS (SELECT FROM jobs WHERE organisation_id = \(organisation)
                AND kind = \(Administration.examination.name)
                AND finished_at IS NULL AND failed_at IS NULL)
            """) ?? false
    }

    func failedJobs(most: Int) throws -> [Job] {
        try all(
            """
            SELECT \(Job.columns) FROM jobs
            WHERE organisation_id = \(organisation) AND finished_at IS NULL
                AND failed_at IS NOT NULL
            ORDER BY failed_at DESC, id LIMIT \(most)
            """)
    }
}

private struct PastExamination: Record {
    let examination: Examination

    init(row: Row) throws {
        let details: JSON = try row["details"]
        let findings = (details["findings"]?.array ?? []).compactMap(\.string)
        examination = Examination(
            at: try row["recorded_at"], checks: details["checks"]?.int ?? 0,
            count: details["count"]?.int ?? findings.count, findings: findings)
    }
}

/// Of the installation as a whole: sizes, counts and statements without their values.
struct InstallationFacts: Sendable {
    var databaseVersion: String
    var databaseBytes: Int
    /// The last one that ran.
    var migration: Int
    var tables: [TableSpace]
    var counting: StatementCounting
    var statements: [SlowStatement]

    init(_ transaction: Transaction, statements mostStatements: Int, tables mostTables: Int) throws
    {
        let connection = transaction.connection
        databaseVersion = try connection.value("SELECT current_setting('server_version')") ?? ""
        databaseBytes = try connection.databaseBytes()
        migration = try connection.newestMigration() ?? 0
        tables = Array(try connection.tableSpace().prefix(mostTables))
        counting = try connection.statementCounting()
        statements =
            counting == .on
            ? try connection.slowStatements(by: .total, most: mostStatements) : []
    }
}

extension Action {
    static let doctorExamined = Action(
        "doctor.examined", Text("a vérifié les données", "checked the data"), icon: "shield-check")
    static let doctorFound = Action(
        "doctor.found", Text("a trouvé des anomalies dans les données", "found faults in the data"),
        icon: "circle-alert", severity: .high)
    static let recordsMended = Action(
        "records.mended", Text("a réparé des données calculées", "mended computed data"),
        icon: "wrench", severity: .high)
}
