import Basics
import Database
import HTTP

/// Where a chain stands: whoever keeps this outside proves later that nothing before it was rewritten.
struct SealHead: Record, Sendable {
    var chain: String
    var links: Int
    var hash: [UInt8]
    var sealedAt: Instant

    init(row: Row) throws {
        chain = try row["chain"]
        links = try row["position"]
        hash = try row["hash"]
        sealedAt = try row["sealed_at"]
    }

    var json: JSON {
        [
            "chain": .string(chain), "links": .int(links), "hash": .string(hexadecimal(hash)),
            "sealed_at": .string(sealedAt.rfc3339),
        ]
    }
}

/// A link that a fingerprint names.
public struct HeldSeal: Record, Sendable {
    public var chain: String
    public var position: Int
    public var sealedAt: Instant

    public init(row: Row) throws {
        chain = try row["chain"]
        position = try row["position"]
        sealedAt = try row["sealed_at"]
    }
}

extension Transaction {
    /// The last link of each chain.
    func sealHeads() throws -> [SealHead] {
        try all(
            """
            SELECT DISTINCT ON (chain) chain, position, hash, sealed_at FROM seals
            WHERE organisation_id = \(organisation) ORDER BY chain, position DESC
            """)
    }

    /// The link with this fingerprint; nil when no chain holds it, or not any more.
    public func seal(withHash hash: [UInt8]) throws -> HeldSeal? {
        try first(
            """
            SELECT chain, position, sealed_at FROM seals
            WHERE organisation_id = \(organisation) AND hash = \(hash)
            """)
    }

    /// Whether the owners have the fingerprints by mail, each month from now on.
    func mailSeals(_ isWanted: Bool) throws {
        let changed = try run(
            """
            UPDATE organisations SET mails_seals = \(isWanted)
            WHERE id = \(organisation) AND mails_seals <> \(isWanted)
            """)
        guard changed == 1 else { return }
        let change: JSON = [
            "field": "mails_seals", "before": .string(String(!isWanted)),
            "after": .string(String(isWanted)),
        ]
        try record(
            .organisationUpdated, .organisation, organisation.value,
            label: scope.organisation.name, details: ["changes": [change]])
        if isWanted { try enqueue(KeptSeals.job, on: nil) }
    }
}

/// Fingerprints that leave the database: as a file, and by mail.
enum KeptSeals {
    static let job = JobKind(
        "seals.mail", Text("Empreintes aux propriétaires", "Fingerprints to the owners"),
        maximumAttempts: 6, handler: mail)

    /// Leaves the mail of this month to each owner, and comes back the next.
    private static func mail(_ job: Job, _ application: Application) throws {
        try application.write(for: job.organisation) { transaction in
            try transaction.finish(job)
            guard transaction.scope.organisation.mailsSeals else { return }
            // Switched off and on again, there may be several: the next month's is there once.
            let isAwaited: Bool? = try transaction.value(
                """
                SELECT EXISTS (SELECT FROM jobs
                    WHERE organisation_id = \(transaction.organisation) AND kind = \(Self.job.name)
                        AND finished_at IS NULL AND failed_at IS NULL AND id <> \(job.id))
                """)
            guard isAwaited != true else { return }
            try transaction.leaveSeals()
            // At noon of UTC every time zone is in the month.
            let next = transaction.today.firstOfMonth.adding(months: 1).daysSince1970
            try transaction.enqueue(
                Self.job, on: nil, at: Instant(seconds: next * 86_400 + 43_200))
        }
    }

    static func file(_ request: Request) throws -> Reply {
        let heads = try request.read { try $0.sealHeads() }
        let organisation = request.organisation
        let json: JSON = [
            "organisation": .string(organisation.name), "siren": .string(organisation.siren),
            "at": .string(request.now.rfc3339), "chains": .array(heads.map(\.json)),
        ]
        let name = request.say("empreintes", "fingerprints") + "-\(request.today.iso).json"
        return .file(json.bytes, name: name, type: "application/json")
    }
}

extension Transaction {
    fileprivate func leaveSeals() throws {
        let heads = try sealHeads()
        guard !heads.isEmpty else { return }
        let owners: [User.ID] = try values(
            """
            SELECT user_id FROM memberships
            WHERE organisation_id = \(organisation) AND role = 'owner' AND archived_at IS NULL
            ORDER BY user_id
            """)
        for owner in owners {
            try mailAccount(.seals, to: owner, details: ["chains": .array(heads.map(\.json))])
        }
    }
}

extension AccountLetter {
    static func seals(_ details: JSON, _ organisation: String) -> AccountLetter {
        let lines = (details["chains"]?.array ?? []).map { chain in
            "- \(chain["chain"]?.string ?? "") : \(chain["links"]?.int ?? 0) · "
                + "\(chain["hash"]?.string ?? "")"
        }.joined(separator: "\n")
        return AccountLetter(
            subject: Text(
                "Empreintes de \(organisation)", "Fingerprints of \(organisation)"),
            body: Text(
                """
                Bonjour,

                Voici où en sont les chaînes qui scellent vos documents et votre journal. Gardez ce message : \
                ces empreintes prouvent que rien de ce qui précède n’a été réécrit depuis.

                \(lines)

                Pour vérifier plus tard : comptoir verify --holds EMPREINTE
                """,
                """
                Hello,

                This is where the chains stand that seal your documents and your journal. Keep this message: \
                these fingerprints prove that nothing before them was rewritten since.

                \(lines)

                To check later: comptoir verify --holds FINGERPRINT
                """))
    }
}
