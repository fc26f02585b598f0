import Basics
import Database
import HTTP
import WebAuthn

extension Passkeys {
    /// Asks a device for whichever passkey it has for this host: nobody types a name, and no answer depends on
    /// whether somebody has an account.
    static func askToSignIn(_ request: Request) throws -> Reply {
        try answer(request) {
            try FormToken.check(request)
            guard let party = RelyingParty(request) else { throw Problem.conflict(noAddressText) }
            try request.application.checkThrottle([addressKey(request)], at: request.now)
            let (challenge, cookie) = try PasskeyChallenge.begin(for: nil, request)
            // For `navigator.credentials.get` (WebAuthn level 2, section 5.5).
            let options: JSON = [
                "challenge": .string(Base64URL.text(challenge)), "rpId": .string(party.id),
                "timeout": .int(PasskeyChallenge.lifetimeSeconds * 1000), "allowCredentials": [],
                "userVerification": "required",
            ]
            return question(options, cookie)
        }
    }

    /// A device that knew its person is two proofs in one: neither password nor code are asked for.
    static func signIn(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        let key = addressKey(request)
        try request.application.checkThrottle([key], at: request.now)
        do {
            let (account, passkey) = try proven(request)
            let next = SignIn.destination(try request.form().fields["next"])
            let reply = try SignIn.enter(
                account, proof: .passkey, by: passkey.id, next: next, request)
            guard case .response(var response) = reply else { return reply }
            response.setCookie(try PasskeyChallenge.cleared(request))
            return .response(response)
        } catch let refusal as PasskeyRefusal {
            try request.application.recordFailure([key], at: request.now)
            Log.warning("passkey refused", ["reason": .string(refusal.rawValue)])
            return try SignInPage.reply(request, email: "", message: refusedText)
        }
    }

    /// Whose passkey has answered (WebAuthn level 2, section 7.2).
    private static func proven(_ request: Request) throws -> (Account, Passkey) {
        let (fields, pool) = (try request.form().fields, request.application.pool)
        // Used up first: what fails below must not be tried again with the same.
        guard let party = RelyingParty(request),
            let challenge = try PasskeyChallenge.take(for: nil, request)
        else { throw PasskeyRefusal.challenge }
        guard let clientData = bytes("client_data", fields).flatMap(ClientData.init) else {
            throw PasskeyRefusal.clientData
        }
        try clientData.check(.get, challenge, at: party)
        let (passkey, isMet) = try pool.withConnection { connection in
            let found = try bytes("credential", fields).flatMap {
                try connection.passkey(credential: $0)
            }
            return (found, try found.map { try connection.isMet($0, at: party) } ?? false)
        }
        // The device says whose it is, too.
        guard let passkey, passkey.party == party.id,
            bytes("user_handle", fields) == passkey.user.value.bytes
        else { throw PasskeyRefusal.unknown }
        guard isMet else { throw PasskeyRefusal.origin }
        guard let key = passkey.key, let data = bytes("authenticator_data", fields),
            let signature = bytes("signature", fields),
            let assertion = Assertion(
                authenticatorData: data, clientDataHash: clientData.hash, signature: signature,
                relyingParty: passkey.party, key: key)
        else { throw PasskeyRefusal.proof }
        return try pool.withConnection { connection in
            guard let account = try connection.account(email: passkey.email),
                account.organisation != nil
            else { throw PasskeyRefusal.closed }
            guard try connection.usePasskey(passkey.id, assertion, at: request.now) else {
                try connection.noteCopy(of: passkey, account, request)
                throw PasskeyRefusal.counter
            }
            return (account, passkey)
        }
    }

    /// There is nothing to guess; what fails is counted as other failures of that address are.
    private static func addressKey(_ request: Request) -> ThrottleKey {
        ThrottleKey.address("address", most: SignIn.failuresPerAddress, request)
    }
}

extension Connection {
    /// A counter that goes back tells of a copy: the journal of the person's organisation says so.
    fileprivate func noteCopy(of passkey: Passkey, _ account: Account, _ request: Request) throws {
        guard let place = account.organisation, let organisation = try organisation(place),
            let user = try user(passkey.user)
        else { return }
        try transaction { connection in
            try connection.act(
                in: organisation, as: user, at: request.now, from: SessionOrigin(request)
            ) {
                try $0.record(
                    .passkeyCopied, .user, user.id.value, label: user.name,
                    details: ["note": .string(passkey.name)])
            }
        }
    }
}
