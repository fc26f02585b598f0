import Basics
import Database

/// The second proof of who somebody is: a one-time password from their telephone, or one of the codes that
/// they wrote down.
struct SecondFactor: Record, Sendable {
    static let recoveryCodes = 10

    var sealedSecret: [UInt8]
    var confirmedAt: Instant?
    /// The step that opened something last.
    var usedStep: Int

    init(row: Row) throws {
        sealedSecret = try row["totp_secret"]
        confirmedAt = try row["totp_confirmed_at"]
        usedStep = try row["totp_step"]
    }

    /// Where the secret is kept: in another person's row it opens nothing.
    static func place(_ user: User.ID) -> [UInt8] { Array("totp:\(user)".utf8) }

    /// Nil when it was sealed with another key, as after a restore without the old one.
    func password(_ keys: KeyRing, of user: User.ID) -> OneTimePassword? {
        (try? keys.open(sealedSecret, for: SecondFactor.place(user))).map(OneTimePassword.init)
    }

    /// `k7mq-3xdp-9fzt`: 60 bits, without letters that look alike.
    static func newRecoveryCode() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        var system = SystemRandomNumberGenerator()
        return (0..<3).map { _ in
            String((0..<4).map { _ in letters[Int.random(in: 0..<letters.count, using: &system)] })
        }.joined(separator: "-")
    }

    /// As typed by somebody in a hurry.
    static func hash(ofRecoveryCode code: String, _ user: User.ID, _ application: Application)
        -> [UInt8]
    {
        let plain = code.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return application.signature(of: Array("\(user) \(plain)".utf8), for: "recovery code")
    }
}

/// How somebody proved themselves the second time.
enum SecondProof: String, Sendable {
    case oneTimePassword = "one_time_password"
    case recoveryCode = "recovery_code"
    case passkey
}

extension Connection {
    /// Nil when the person never began to set one up.
    func secondFactor(of user: User.ID, locked: Bool = false) throws -> SecondFactor? {
        try first(
            """
            SELECT totp_secret, totp_confirmed_at, totp_step FROM users
            WHERE id = \(user) AND totp_secret IS NOT NULL \(locked ? "FOR UPDATE" : .empty)
            """)
    }

    /// What the code proves, and uses it up; nil when it proves nothing. In a transaction.
    func useSecondFactor(
        _ code: String, of user: User.ID, _ application: Application, _ keys: KeyRing,
        at now: Instant
    ) throws -> SecondProof? {
        guard let factor = try secondFactor(of: user, locked: true), factor.confirmedAt != nil
        else { return nil }
        if let step = factor.password(keys, of: user)?
            .step(of: code, at: now, after: Int64(factor.usedStep))
        {
            try run("UPDATE users SET totp_step = \(Int(step)) WHERE id = \(user)")
            return .oneTimePassword
        }
        let hash = SecondFactor.hash(ofRecoveryCode: code, user, application)
        let used = try run(
            "DELETE FROM recovery_codes WHERE user_id = \(user) AND code_hash = \(hash)")
        return used == 1 ? .recoveryCode : nil
    }

    func recoveryCodesLeft(of user: User.ID) throws -> Int {
        try value("SELECT count(*) FROM recovery_codes WHERE user_id = \(user)") ?? 0
    }
}

extension Transaction {
    /// Begins to set one up: until it is confirmed nothing asks for it.
    func prepareSecondFactor(_ secret: [UInt8], _ keys: KeyRing) throws {
        guard let user = scope.user?.id else { throw Problem.forbidden }
        let sealed = try keys.seal(secret, for: SecondFactor.place(user))
        let changed = try run(
            """
            UPDATE users SET totp_secret = \(sealed), totp_step = 0
            WHERE id = \(user) AND totp_confirmed_at IS NULL
            """)
        guard changed == 1 else { throw Problem.conflict(SecondFactor.isOnText) }
    }

    /// From here on a password alone opens nothing. Answers the codes for the day without a telephone, which
    /// are nowhere else in clear.
    func confirmSecondFactor(_ code: String, _ application: Application, _ keys: KeyRing) throws
        -> [String]
    {
        guard let user = scope.user?.id else { throw Problem.forbidden }
        guard let factor = try connection.secondFactor(of: user, locked: true) else {
            throw Problem.notFound
        }
        guard factor.confirmedAt == nil else { throw Problem.conflict(SecondFactor.isOnText) }
        guard
            let step = factor.password(keys, of: user)?
                .step(of: code, at: now, after: Int64(factor.usedStep))
        else { throw Problem.invalid("code", SecondFactor.wrongText) }
        try run(
            """
            UPDATE users SET totp_confirmed_at = \(now), totp_step = \(Int(step))
            WHERE id = \(user)
            """)
        try record(.secondFactorOn, .user, user.value, label: scope.user?.name ?? "")
        try mailAccount(.changed, to: user, details: ["what": "second_factor_on"])
        return try replaceRecoveryCodes(application)
    }

    /// New codes instead of the old ones, at the person's wish.
    func renewRecoveryCodes(_ application: Application) throws -> [String] {
        guard let user = scope.user else { throw Problem.forbidden }
        try record(.recoveryCodesRenewed, .user, user.id.value, label: user.name)
        return try replaceRecoveryCodes(application)
    }

    private func replaceRecoveryCodes(_ application: Application) throws -> [String] {
        guard let user = scope.user?.id else { throw Problem.forbidden }
        let codes = (0..<SecondFactor.recoveryCodes).map { _ in SecondFactor.newRecoveryCode() }
        try run("DELETE FROM recovery_codes WHERE user_id = \(user)")
        try run(
            all: codes.map { code in
                let hash = SecondFactor.hash(ofRecoveryCode: code, user, application)
                return "INSERT INTO recovery_codes (user_id, code_hash) VALUES (\(user), \(hash))"
            })
        return codes
    }

    /// `user` works without one from here on, or sets up another: a lost telephone, a colleague who left.
    func removeSecondFactor(of user: User.ID, named name: String) throws {
        try run(
            """
            UPDATE users SET totp_secret = NULL, totp_confirmed_at = NULL, totp_step = 0
            WHERE id = \(user)
            """)
        try run("DELETE FROM recovery_codes WHERE user_id = \(user)")
        try record(.secondFactorOff, .user, user.value, label: name)
        try mailAccount(.changed, to: user, details: ["what": "second_factor_off"])
    }
}

extension SecondFactor {
    static let wrongText = Text(
        "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et recommencez.",
        "This code is wrong, or was used already. Wait for the next one and try again.")
    static let isOnText = Text(
        "La double vérification est déjà active.", "Two-step sign-in is on already.")
}

extension Action {
    static let secondFactorOn = Action(
        "account.second_factor_on",
        Text("a activé la double vérification de", "turned on two-step sign-in for"),
        icon: "shield-check", severity: .medium)
    static let recoveryCodesRenewed = Action(
        "account.recovery_codes_renewed",
        Text("a renouvelé les codes de secours de", "renewed the recovery codes of"),
        icon: "key-round", severity: .medium)
    static let secondFactorOff = Action(
        "account.second_factor_off",
        Text("a désactivé la double vérification de", "turned off two-step sign-in for"),
        icon: "shield-check", severity: .critical)
}

extension SecondFactorPages {
    public static let sealedColumns = [
        SealedColumn(
            ofInstallation: "users.totp_secret",
            select: """
                SELECT id::text AS key, totp_secret AS sealed FROM users
                WHERE totp_secret IS NOT NULL ORDER BY id
                """,
            place: { User.ID($0).map(SecondFactor.place) ?? [] },
            update: { id, before, after in
                """
                UPDATE users SET totp_secret = \(after)
                WHERE id = \(id)::uuid AND totp_secret = \(before)
                """
            })
    ]
}
