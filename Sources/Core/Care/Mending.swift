import Basics
import Database

/// Makes right what a check found wrong, where that needs no judgement: what is kept is computed again from
/// what it is made of.
public struct Mending: Sendable {
    enum Subject: Sendable {
        case organisation(@Sendable (Transaction) throws -> Void)
        case installation(@Sendable (_ owner: Connection) throws -> Void)
    }

    /// One mending may serve several checks: it is done once for all of them.
    public let name: String
    /// What it does, as a sentence.
    public let label: Text
    let subject: Subject

    /// In one transaction, with an entry of the journal.
    public static func organisation(
        _ name: String, _ label: Text, _ run: @escaping @Sendable (Transaction) throws -> Void
    ) -> Mending {
        Mending(name: name, label: label, subject: .organisation(run))
    }

    /// As the owner of the tables; no record of an organisation changes.
    public static func installation(
        _ name: String, _ label: Text, _ run: @escaping @Sendable (Connection) throws -> Void
    ) -> Mending {
        Mending(name: name, label: label, subject: .installation(run))
    }
}

/// What can be done about what a check finds.
enum Remedy: Sendable {
    case mending(Mending)
    /// What a person does.
    case advice(Text)

    /// Where a check says nothing itself.
    static let usual = Remedy.advice(
        Text(
            "Rien ne peut être recalculé ici sans décider : comparez avec votre dernière sauvegarde, et gardez la sortie de « comptoir doctor --json ».",
            "Nothing can be computed again here without a decision: compare with your last backup, and keep the output of “comptoir doctor --json”."
        ))
}

extension Check {
    /// What it finds can be mended.
    public func mended(by mending: Mending) -> Check {
        var check = self
        check.remedy = .mending(mending)
        return check
    }

    /// What it finds takes a person, who does this.
    public func advising(_ advice: Text) -> Check {
        var check = self
        check.remedy = .advice(advice)
        return check
    }
}

extension Doctor {
    /// What became of one thing that was wrong.
    public struct MendReport: Sendable {
        public enum Outcome: Sendable, Equatable {
            case mended
            /// It was tried and undone, for this reason.
            case refused(String)
            /// It takes a person.
            case leftToYou
        }

        /// The names of the checks that it is about.
        public var checks: [String]
        public var organisation: Organisation?
        /// What was done, or what to do.
        public var text: Text
        public var outcome: Outcome
    }

    /// Mends what these reports found wrong, as far as that needs no judgement, and answers what became of
    /// each. In the order of the checks: sums come before what is made of them.
    public func mend(_ reports: [Report], at now: Instant = .now) throws -> [MendReport] {
        let ill = reports.filter { !$0.findings.isEmpty }
        let organisations = try pool.withConnection { try $0.organisations() }
        var results: [MendReport] = []
        var done: Set<String> = []
        for report in ill {
            guard let check = checks.first(where: { $0.name == report.check }) else { continue }
            let organisation = organisations.first { $0.slug == report.organisation }
            switch check.remedy {
            case .advice(let text):
                results.append(
                    MendReport(
                        checks: [check.name], organisation: organisation, text: text,
                        outcome: .leftToYou))
            case .mending(let mending):
                guard done.insert("\(mending.name) \(report.organisation ?? "")").inserted else {
                    continue
                }
                let served = ill.filter { other in
                    other.organisation == report.organisation
                        && checks.contains {
                            guard case .mending(let its) = $0.remedy else { return false }
                            return $0.name == other.check && its.name == mending.name
                        }
                }.map(\.check)
                results.append(
                    MendReport(
                        checks: served, organisation: organisation, text: mending.label,
                        outcome: outcome {
                            try carryOut(mending, served, organisation, at: now)
                        }))
            }
        }
        return results
    }

    private func carryOut(
        _ mending: Mending, _ checks: [String], _ organisation: Organisation?, at now: Instant
    ) throws {
        switch mending.subject {
        case .installation(let run): try run(Connection(installation.addresses.owner))
        case .organisation(let run):
            guard let organisation else { return }
            let scope = Scope(organisation: organisation, user: nil, role: .owner)
            try pool.transaction(scope, at: now) { transaction in
                try transaction.joiningWholes { try run(transaction) }
                try transaction.record(
                    .recordsMended, .organisation, organisation.id.value,
                    label: checks.joined(separator: ", "),
                    details: ["note": .string(organisation.language(mending.label))])
            }
        }
    }

    private func outcome(_ run: () throws -> Void) -> MendReport.Outcome {
        do {
            try run()
            return .mended
        } catch {
            return .refused(String(describing: error))
        }
    }
}
