import Basics
import Core
import Database

/// How an organisation reaches its platform. Its secret stays sealed until something is exchanged.
public struct PlatformConnection: Record, Sendable {
    /// The Flow Service, without `/v1`.
    public var flowURL: String
    public var tokenURL: String
    public var clientID: String
    var sealedSecret: [UInt8]
    public var scope: String
    public var isActive: Bool
    /// Invoices issued before that day are not handed over.
    public var since: Day
    var collectedUntil: Instant
    /// The last time that all went well.
    public var exchangedAt: Instant?
    /// Why it did not since.
    public var problem: Text?
    public var failingSince: Instant?
    public var version: Int

    public init(row: Row) throws {
        flowURL = try row["flow_url"]
        tokenURL = try row["token_url"]
        clientID = try row["client_id"]
        sealedSecret = try row["client_secret"]
        scope = try row["scope"]
        isActive = try row["is_active"]
        since = try row["since"]
        collectedUntil = try row["collected_until"]
        exchangedAt = try row["exchanged_at"]
        let problem: JSON? = try row["problem"]
        self.problem = problem.map { Text($0) }
        failingSince = try row["failing_since"]
        version = try row["version"]
    }

    static let columns: SQL = """
        flow_url, token_url, client_id, client_secret, scope, is_active, since, collected_until,
        exchanged_at, problem, failing_since, version
        """

    /// What a sealed secret is bound to: in another organisation's row it opens nothing.
    static func place(_ organisation: Organisation.ID) -> [UInt8] {
        Array("platform:\(organisation)".utf8)
    }

    func credentials(_ keys: KeyRing, _ organisation: Organisation.ID) throws(PlatformFailure)
        -> PlatformCredentials
    {
        let place = PlatformConnection.place(organisation)
        guard let secret = try? keys.open(sealedSecret, for: place) else { throw .secret }
        return PlatformCredentials(
            id: clientID, secret: String(decoding: secret, as: UTF8.self), scope: scope)
    }

    var formValues: [String: String] {
        [
            "flow_url": flowURL, "token_url": tokenURL, "client_id": clientID, "scope": scope,
            "is_active": isActive ? "on" : "", "since": since.iso, "version": String(version),
        ]
    }
}

extension Transaction {
    /// Nil when there is none.
    func platformConnection() throws -> PlatformConnection? {
        try first(
            """
            SELECT \(PlatformConnection.columns) FROM platform_connections
            WHERE organisation_id = \(organisation)
            """)
    }
}

extension Platforms {
    public static let sealedColumns = [
        SealedColumn(
            "platform_connections.client_secret",
            select: {
                """
                SELECT organisation_id::text AS key, client_secret AS sealed FROM platform_connections
                WHERE organisation_id = \($0)
                """
            },
            place: { organisation, _ in PlatformConnection.place(organisation) },
            update: { organisation, _, before, after in
                """
                UPDATE platform_connections SET client_secret = \(after)
                WHERE organisation_id = \(organisation) AND client_secret = \(before)
                """
            })
    ]
}
