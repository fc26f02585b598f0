import Basics
import Database
import HTTP
import WebAuthn

extension Passkeys {
    /// Asks a device for a new passkey, once the password is right.
    static func askToAdd(_ request: Request) throws -> Reply {
        try answer(request) {
            let (party, _) = try placeAndName(request)
            let user = request.session.user
            let password = try request.form().fields["current_password"] ?? ""
            let known = try request.application.pool.withConnection {
                try $0.passkeys(of: user.id)
            }
            guard known.count < Passkey.mostPerPerson else {
                throw Problem.conflict(
                    Text(
                        "Un compte a \(Passkey.mostPerPerson) clés d’accès au plus : retirez-en une d’abord.",
                        "An account has at most \(Passkey.mostPerPerson) passkeys: remove one first."
                    ))
            }
            try refuseWithoutPasskey(request)
            try MyAccount.checkCurrentPassword(password, request)
            let (challenge, cookie) = try PasskeyChallenge.begin(for: user.id, request)
            return question(options(challenge, party, user, known), cookie)
        }
    }

    static func add(_ request: Request) throws -> Reply {
        do {
            let (party, name) = try placeAndName(request)
            try MyAccount.refuseBound(request)
            let credential = try newCredential(at: party, request)
            let token = request.http.cookies[Session.cookieName] ?? ""
            try request.write {
                try $0.addPasskey(credential, named: name, at: party, session: token)
            }
            return .done(at: path, say: Text("Clé d’accès ajoutée.", "Passkey added."))
        } catch let problem as Problem where problem.isShownInForm {
            return try listPage(problem, request)
        }
    }

    /// What the browser brought back, when it proves that it was asked (WebAuthn level 2, section 7.1). No
    /// statement of who built the device is asked for, and none is read.
    private static func newCredential(at party: RelyingParty, _ request: Request) throws
        -> NewCredential
    {
        let fields = try request.form().fields
        guard let given = bytes("client_data", fields),
            let data = bytes("authenticator_data", fields)
        else { throw Problem.conflict(noScriptText) }
        do {
            guard let challenge = try PasskeyChallenge.take(for: request.session.user.id, request)
            else { throw PasskeyRefusal.challenge }
            guard let clientData = ClientData(given) else { throw PasskeyRefusal.clientData }
            try clientData.check(.create, challenge, at: party)
            guard let credential = NewCredential(authenticatorData: data),
                credential.relyingPartyHash == Digest.sha256(party.id),
                credential.flags.isSuperset(of: [.userPresent, .userVerified])
            else { throw PasskeyRefusal.proof }
            return credential
        } catch let refusal as PasskeyRefusal {
            Log.warning("passkey not added", ["reason": .string(refusal.rawValue)])
            throw Problem.conflict(notAddedText)
        }
    }

    private static func placeAndName(_ request: Request) throws -> (RelyingParty, String) {
        var input = Input(try request.form().fields)
        let name = input.line("name", required: true, most: Passkey.longestName)
        try input.check()
        guard let party = RelyingParty(request) else { throw Problem.conflict(noAddressText) }
        guard party.isKnown(to: request.organisation) else {
            throw Problem.conflict(elsewhereText(request.organisation.origin))
        }
        return (party, name)
    }

    /// For `navigator.credentials.create` (WebAuthn level 2, section 5.4).
    private static func options(
        _ challenge: [UInt8], _ party: RelyingParty, _ user: User, _ known: [Passkey]
    ) -> JSON {
        [
            "rp": ["id": .string(party.id), "name": "Comptoir"],
            "user": [
                "id": .string(Base64URL.text(user.id.value.bytes)), "name": .string(user.email),
                "displayName": .string(user.name),
            ],
            "challenge": .string(Base64URL.text(challenge)),
            "pubKeyCredParams": .array(
                CredentialKey.Algorithm.allCases.map {
                    ["type": "public-key", "alg": .int($0.rawValue)]
                }),
            "timeout": .int(PasskeyChallenge.lifetimeSeconds * 1000),
            "excludeCredentials": .array(
                known.map {
                    ["type": "public-key", "id": .string(Base64URL.text($0.credential))]
                }),
            "authenticatorSelection": [
                "residentKey": "required", "requireResidentKey": true,
                "userVerification": "required",
            ],
            "attestation": "none",
        ]
    }

    static func elsewhereText(_ origin: String) -> Text {
        origin.isEmpty
            ? Text(
                "Un propriétaire doit d’abord se connecter à cette adresse.",
                "An owner has to sign in at this address first.")
            : Text(
                "Ouvrez Comptoir à l’adresse \(origin) : une clé d’accès ne vaut que pour l’adresse où elle est faite.",
                "Open Comptoir at \(origin): a passkey is good only for the address where it is made."
            )
    }
    private static let noScriptText = Text(
        "Votre navigateur n’a pas demandé de clé d’accès : ses scripts sont peut-être coupés.",
        "Your browser asked for no passkey: its scripts may be off.")
    private static let notAddedText = Text(
        "Cette clé d’accès n’a pas pu être ajoutée, ou la demande a expiré. Recommencez.",
        "This passkey could not be added, or the request is over. Try again.")
}

extension Transaction {
    /// The session in which it is added has seen it: from here on it counts as opened by it.
    func addPasskey(
        _ credential: NewCredential, named name: String, at party: RelyingParty, session: String
    ) throws {
        guard let user = scope.user else { throw Problem.forbidden }
        let id: Passkey.ID = newID()
        try run(
            """
            INSERT INTO passkeys (id, user_id, credential_id, algorithm, public_key, sign_count, rp_id,
                origin, name, is_backed_up, created_at)
            VALUES (\(id), \(user.id), \(credential.id), \(credential.key.algorithm.rawValue)::int,
                \(credential.key.bytes), \(Int(credential.signCount)), \(party.id), \(party.origin),
                \(name), \(credential.flags.contains(.backedUp)), \(now))
            """)
        try run(
            """
            UPDATE sessions SET passkey_id = \(id)
            WHERE token_hash = \(Session.hash(session)) AND user_id = \(user.id)
            """)
        try record(
            .passkeyAdded, .user, user.id.value, label: user.name, details: ["note": .string(name)])
        try mailAccount(.changed, to: user.id, details: ["what": "passkey_added"])
    }
}
