import Basics
import Database
import Synchronization

/// A token of a quarter of an hour that stands for an access token (RFC 9068): a program shows the long secret
/// to one address only, and this one everywhere else. Its signature proves it; the access token behind it is
/// still looked up, so that what is revoked ends at once.
enum ShortLivedToken {
    static let lifetimeSeconds = 900
    static let type = "at+jwt"
    static let issuer = "comptoir"
    static let audience = "comptoir-api"
    /// Clocks of several machines may differ by so much.
    private static let leewaySeconds = 30

    /// - Parameter scopes: some of those of the access token.
    static func issue(
        for token: AccessToken.ID, of organisation: Organisation.ID, scopes: [String],
        _ application: Application, at now: Instant
    ) throws -> String {
        let key = try application.signingKeys.current(application, at: now)
        let claims: JSON = [
            "iss": .string(issuer), "aud": .string(audience), "sub": JSON(token),
            "org": JSON(organisation), "scope": .string(scopes.joined(separator: " ")),
            "iat": .int(now.seconds), "exp": .int(now.seconds + lifetimeSeconds),
            "jti": .string(Random.token()),
        ]
        return JSONWebToken.signed(claims, type: type, by: key.key, id: key.id)
    }

    /// The access token and the scopes that it stands for; nil when it is none of ours, too old, or not yet good.
    static func read(_ text: String, _ application: Application, at now: Instant) throws
        -> (token: AccessToken.ID, scopes: Set<String>)?
    {
        guard let token = JSONWebToken(text), token.type == type, let key = token.keyID,
            try token.isSigned(
                by: application.signingKeys.published(application, knowing: key, at: now)),
            token.claims["iss"]?.string == issuer, token.claims["aud"]?.string == audience,
            let begins = token.claims["iat"]?.int, let ends = token.claims["exp"]?.int,
            begins <= now.seconds + leewaySeconds, now.seconds < ends,
            let id = token.claims["sub"]?.string.flatMap({ AccessToken.ID($0) })
        else { return nil }
        let scopes = (token.claims["scope"]?.string ?? "").split(separator: " ").map(String.init)
        return (id, Set(scopes))
    }
}

/// The keys that sign short-lived tokens: each signs for a month and is published until its last token is over.
final class SigningKeys: Sendable {
    private static let signsSeconds = 30 * 86_400
    private static let publishedSeconds = signsSeconds + 2 * ShortLivedToken.lifetimeSeconds
    /// How long a key stays in the table.
    static let keptSeconds = 2 * publishedSeconds
    /// Another program on the same database may have made one: so often they are read again.
    private static let freshSeconds = 60
    /// Whoever sends keys that nobody made must not make the database busy.
    private static let rereadSeconds = 2

    struct Key: Record, Sendable {
        var id: String
        var publicKey: [UInt8]
        var sealedSeed: [UInt8]
        var createdAt: Instant

        init(row: Row) throws {
            id = try row["id"]
            publicKey = try row["public_key"]
            sealedSeed = try row["sealed_seed"]
            createdAt = try row["created_at"]
        }
    }

    private struct Known {
        var keys: [Key] = []
        var readAt: Instant?
    }
    private let known = Mutex(Known())

    /// What signs now; made when there is none, or the last one is a month old.
    func current(_ application: Application, at now: Instant) throws -> (
        id: String, key: SigningKey
    ) {
        let usable = try keys(application, at: now).filter {
            $0.createdAt.adding(seconds: Self.signsSeconds) > now
        }
        for key in usable {
            // One that was sealed with another key of the installation, as after a restore, signs nothing.
            if let seed = try? application.ownKeys.open(key.sealedSeed, for: Self.place(key.id)) {
                return (key.id, SigningKey(seed: seed))
            }
        }
        return try make(application, at: now)
    }

    /// What proves tokens of now. Another program on the same database may just have made the key that is
    /// asked for: once in a while they are read again then.
    func published(_ application: Application, knowing id: String? = nil, at now: Instant) throws
        -> [JSONWebKey]
    {
        if let id, try !keys(application, at: now).contains(where: { $0.id == id }) {
            known.withLock { known in
                let age = known.readAt.map { abs(now.seconds - $0.seconds) } ?? 0
                if age >= Self.rereadSeconds { known.readAt = nil }
            }
        }
        return try keys(application, at: now)
            .filter { $0.createdAt.adding(seconds: Self.publishedSeconds) > now }
            .map { JSONWebKey(id: $0.id, .ed25519($0.publicKey)) }
    }

    private func keys(_ application: Application, at now: Instant) throws -> [Key] {
        let fresh = known.withLock { known -> [Key]? in
            guard let readAt = known.readAt, !known.keys.isEmpty,
                abs(now.seconds - readAt.seconds) < Self.freshSeconds
            else { return nil }
            return known.keys
        }
        if let fresh { return fresh }
        let keys: [Key] = try application.pool.withConnection {
            try $0.all(
                """
                SELECT id, public_key, sealed_seed, created_at FROM signing_keys
                ORDER BY created_at DESC, id
                """)
        }
        known.withLock { $0 = Known(keys: keys, readAt: now) }
        return keys
    }

    private func make(_ application: Application, at now: Instant) throws -> (
        id: String, key: SigningKey
    ) {
        let (id, seed) = (hexadecimal(Random.bytes(8)), Random.bytes(SigningKey.seedBytes))
        let key = SigningKey(seed: seed)
        let sealed = try application.ownKeys.seal(seed, for: Self.place(id))
        try application.pool.withConnection { connection in
            try connection.run(
                """
                INSERT INTO signing_keys (id, public_key, sealed_seed, created_at)
                VALUES (\(id), \(key.publicKey), \(sealed), \(now))
                """)
            try connection.run(
                """
                DELETE FROM signing_keys
                WHERE created_at < \(now.adding(seconds: -Self.keptSeconds))
                """)
        }
        known.withLock { $0.readAt = nil }
        return (id, key)
    }

    @Sendable static func place(_ id: String) -> [UInt8] { Array("signing key:\(id)".utf8) }
}

extension TokenExchange {
    public static let sealedColumns = [
        SealedColumn(
            ofInstallation: "signing_keys.sealed_seed",
            select: "SELECT id AS key, sealed_seed AS sealed FROM signing_keys ORDER BY id",
            place: SigningKeys.place,
            update: { id, before, after in
                """
                UPDATE signing_keys SET sealed_seed = \(after)
                WHERE id = \(id) AND sealed_seed = \(before)
                """
            })
    ]
}
