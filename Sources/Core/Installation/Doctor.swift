import Basics
import Database

/// Proves that an installation is as it must be.
public struct Doctor {
    /// What one check found, in one organisation or in the installation as a whole.
    public struct Report: Sendable {
        public var check: String
        /// The short name of the organisation; nil when the check is about the installation.
        public var organisation: String?
        public var findings: [Finding]
    }

    let installation: Installation
    let pool: Pool
    let checks: [Check]

    public init(_ installation: Installation, pool: Pool, checks: [Check]) {
        self.installation = installation
        self.pool = pool
        self.checks = checks
    }

    /// Runs every check; `progress` hears how many of how many are done.
    public func examine(
        at now: Instant = .now, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [Report] {
        let organisations = try pool.withConnection { try $0.organisations() }
        let total = checks.reduce(0) { sum, check in
            if case .organisation = check.subject { sum + organisations.count } else { sum + 1 }
        }
        var reports: [Report] = []
        for check in checks {
            switch check.subject {
            case .installation(let run):
                reports.append(
                    Report(
                        check: check.name, organisation: nil,
                        findings: findings { try whole(run) }))
                progress(reports.count, total)
            case .organisation(let run):
                for organisation in organisations {
                    let scope = Scope(organisation: organisation, user: nil, role: .owner)
                    reports.append(
                        Report(
                            check: check.name, organisation: organisation.slug,
                            findings: findings {
                                try pool.transaction(scope, at: now, readOnly: true) { it in
                                    try it.joiningWholes { try run(it) }
                                }
                            }))
                    progress(reports.count, total)
                }
            }
        }
        return reports
    }

    private func whole(_ run: (InstallationUnderCheck) throws -> [Finding]) throws -> [Finding] {
        try pool.withConnection { runtime in
            try run(
                InstallationUnderCheck(
                    owner: Connection(installation.addresses.owner), runtime: runtime,
                    migrations: installation.program.migrations()))
        }
    }

    /// A check that cannot be made is a finding too: nobody may take it for one that passed.
    private func findings(_ run: () throws -> [Finding]) -> [Finding] {
        do {
            return try run()
        } catch {
            return [Finding("could not be examined: \(error)")]
        }
    }
}

extension Connection {
    /// Every organisation, by its short name.
    public func organisations() throws -> [Organisation] {
        try all("SELECT \(Organisation.columns) FROM organisations o ORDER BY o.slug")
    }
}
