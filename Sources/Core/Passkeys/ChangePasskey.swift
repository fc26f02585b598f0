import Basics
import Database
import HTTP

extension Passkeys {
    static func show(_ request: Request) throws -> Reply {
        let passkey = try own(request)
        return .page(PasskeyPage(passkey, ["name": passkey.name], nil, request).page)
    }

    static func rename(_ request: Request) throws -> Reply {
        let passkey = try own(request)
        var input = Input(try request.form().fields)
        let name = input.line("name", required: true, most: Passkey.longestName)
        return try showing(passkey, input.typed, request) {
            try input.check()
            try MyAccount.refuseBound(request)
            try request.write { try $0.renamePasskey(passkey, to: name) }
            return .done(at: path, say: Text("Nom enregistré.", "Name saved."))
        }
    }

    /// A session left open on a table must not change how its person is recognised.
    static func remove(_ request: Request) throws -> Reply {
        let passkey = try own(request)
        let password = try request.form().fields["current_password"] ?? ""
        return try showing(passkey, ["name": passkey.name], request) {
            try refuseWithoutPasskey(request)
            try MyAccount.checkCurrentPassword(password, request)
            let token = request.http.cookies[Session.cookieName] ?? ""
            try request.write { try $0.removePasskey(passkey, session: token) }
            return .done(at: path, say: Text("Clé d’accès retirée.", "Passkey removed."))
        }
    }

    private static func own(_ request: Request) throws -> Passkey {
        let id: Passkey.ID = try request.id()
        return try request.application.pool.withConnection {
            try $0.passkey(id, of: request.session.user.id)
        }
    }

    private static func showing(
        _ passkey: Passkey, _ values: [String: String], _ request: Request,
        _ body: () throws -> Reply
    ) throws -> Reply {
        do { return try body() } catch let problem as Problem where problem.isShownInForm {
            return .page(
                PasskeyPage(passkey, values, problem, request).page, status: problem.status)
        }
    }
}

extension Transaction {
    func renamePasskey(_ passkey: Passkey, to name: String) throws {
        guard let user = scope.user else { throw Problem.forbidden }
        let renamed = try run(
            """
            UPDATE passkeys SET name = \(name)
            WHERE id = \(passkey.id) AND user_id = \(user.id) AND name <> \(name)
            """)
        guard renamed == 1 else { return }
        try record(
            .passkeyRenamed, .user, user.id.value, label: user.name,
            details: ["note": .string(name)])
    }

    /// What it opened ends with it, but for the session that asks.
    func removePasskey(_ passkey: Passkey, session: String) throws {
        guard let user = scope.user else { throw Problem.forbidden }
        let others = try connection.passkeys(of: user.id).filter { $0.id != passkey.id }
        if scope.organisation.requiresSecondFactor, !user.hasSecondFactor, others.isEmpty {
            throw Problem.conflict(
                Text(
                    "\(scope.organisation.name) demande une double vérification à tout le monde : ajoutez d’abord une autre clé, ou un code de votre téléphone.",
                    "\(scope.organisation.name) asks everybody for two-step sign-in: add another passkey first, or a code from your phone."
                ))
        }
        // The session that asks goes on, as if another one had opened it.
        try run(
            """
            UPDATE sessions SET passkey_id = \(others.first?.id)
            WHERE token_hash = \(Session.hash(session)) AND passkey_id = \(passkey.id)
            """)
        try run("DELETE FROM passkeys WHERE id = \(passkey.id) AND user_id = \(user.id)")
        try record(
            .passkeyRemoved, .user, user.id.value, label: user.name,
            details: ["note": .string(passkey.name)])
        try mailAccount(.changed, to: user.id, details: ["what": "passkey_removed"])
    }

    /// All that somebody has, for whoever lost the device: `user` may be somebody else.
    func removePasskeys(of user: User.ID, named name: String) throws {
        guard try run("DELETE FROM passkeys WHERE user_id = \(user)") > 0 else { return }
        try record(.passkeyRemoved, .user, user.value, label: name)
        try mailAccount(.changed, to: user, details: ["what": "passkey_removed"])
    }
}
