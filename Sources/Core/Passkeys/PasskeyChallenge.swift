import Basics
import Database
import HTTP

/// Random bytes that a device is asked to sign: good once, for five minutes, and in the browser that was asked.
/// That browser carries them in a sealed cookie; the database knows their hash until they have served.
enum PasskeyChallenge {
    static let lifetimeSeconds = 300
    private static let byteCount = 32
    private static let cookie = SealedCookie(
        name: "comptoir_passkey", lifetimeSeconds: lifetimeSeconds)

    /// - Parameter user: who adds a passkey; nil where somebody signs in.
    static func begin(for user: User.ID?, _ request: Request) throws -> (
        bytes: [UInt8], cookie: Cookie
    ) {
        let bytes = Random.bytes(byteCount)
        try request.application.pool.withConnection {
            try $0.noteChallenge(bytes, for: user, at: request.now)
        }
        let content: JSON = ["challenge": .string(Base64URL.text(bytes)), "user": JSON(user)]
        return (bytes, try cookie.holding(content, request))
    }

    /// What this browser was asked to have signed, which has then served; nil when it was not asked for this,
    /// too long ago, or has answered already.
    static func take(for user: User.ID?, _ request: Request) throws -> [UInt8]? {
        guard let content = cookie.content(request), content["user"] == JSON(user),
            let bytes = content["challenge"]?.string.flatMap(Base64URL.bytes)
        else { return nil }
        let isGood = try request.application.pool.withConnection {
            try $0.takeChallenge(bytes, for: user, at: request.now)
        }
        return isGood ? bytes : nil
    }

    static func cleared(_ request: Request) throws -> Cookie { try cookie.cleared(request) }
}

extension Connection {
    fileprivate func noteChallenge(_ bytes: [UInt8], for user: User.ID?, at now: Instant) throws {
        try run("DELETE FROM passkey_challenges WHERE expires_at < \(now)")
        try run(
            """
            INSERT INTO passkey_challenges (challenge_hash, user_id, expires_at)
            VALUES (\(Digest.sha256(bytes)), \(user),
                \(now.adding(seconds: PasskeyChallenge.lifetimeSeconds)))
            """)
    }

    fileprivate func takeChallenge(_ bytes: [UInt8], for user: User.ID?, at now: Instant) throws
        -> Bool
    {
        try run(
            """
            DELETE FROM passkey_challenges
            WHERE challenge_hash = \(Digest.sha256(bytes)) AND expires_at > \(now)
                AND user_id IS NOT DISTINCT FROM \(user)::uuid
            """) == 1
    }
}
