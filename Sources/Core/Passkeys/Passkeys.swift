import Basics
import HTTP
import WebAuthn

/// Signing in with a device that knows its person (WebAuthn), and one's own passkeys.
public enum Passkeys: Capability {
    static let path = "/account/passkeys"

    public static func routes(_ routes: inout Routes) {
        routes.post("sign-in/passkey/challenge", nil, askToSignIn)
        routes.post("sign-in/passkey", nil, signIn)
        routes.get("account/passkeys", .manageSelf, list)
        routes.post("account/passkeys/challenge", .manageSelf, askToAdd)
        routes.post("account/passkeys", .manageSelf, add)
        routes.get("account/passkeys/:id", .manageSelf, show)
        routes.post("account/passkeys/:id", .manageSelf, rename)
        routes.post("account/passkeys/:id/delete", .manageSelf, remove)
    }

    public static let actions: [Action] = [
        .passkeyAdded, .passkeyRenamed, .passkeyRemoved, .passkeyCopied,
    ]

    public static let leftovers: [Leftover] = [
        .rows(
            "passkey_challenges",
            Text("demandes de clé d’accès expirées", "requests for passkeys that are over")
        ) {
            "expires_at < \($0)"
        }
    ]

    /// An answer for a script: what is wrong comes as a sentence that the page shows.
    static func answer(_ request: Request, _ body: () throws -> Reply) throws -> Reply {
        do { return try body() } catch let problem as Problem {
            let message = problem.fields.first?.message ?? problem.detail
            let json: JSON = ["message": .string(request.say(message))]
            return .response(.json(json.bytes, status: problem.status))
        }
    }

    /// A question to a device, with the cookie that binds it to this browser.
    static func question(_ options: JSON, _ cookie: Cookie) -> Reply {
        var response = HTTPResponse.json(options.bytes)
        response.headers.set("Cache-Control", "no-store")
        response.setCookie(cookie)
        return .response(response)
    }

    /// The bytes of a field that the script filled in; nil when it did not.
    static func bytes(_ field: String, _ fields: Fields) -> [UInt8]? {
        fields[field].flatMap(Base64URL.bytes)
    }

    /// Whether a password alone must not open this account, because an organisation relies on its passkey.
    static func mustBeUsed(by account: Account, _ request: Request) throws -> Bool {
        try request.application.pool.withConnection {
            try $0.mustUsePasskey(
                account.user, only: account.isBound ? account.organisation : nil)
        }
    }

    /// Where an organisation relies on a passkey, a session that a password alone opened must not put another
    /// proof in its place.
    static func refuseWithoutPasskey(_ request: Request) throws {
        let session = request.session
        guard session.user.hasPasskey, !session.hasProvenTwice else { return }
        let isRelied = try request.application.pool.withConnection {
            try $0.mustUsePasskey(session.user.id)
        }
        if isRelied { throw Problem.conflict(useItText) }
    }

    static let useItText = Text(
        "Pour cela, déconnectez-vous, puis reconnectez-vous avec votre clé d’accès.",
        "For that, sign out, then sign in again with your passkey.")
    static let signInText = Text(
        "Votre organisation demande plus qu’un mot de passe : connectez-vous avec votre clé d’accès.",
        "Your organisation asks for more than a password: sign in with your passkey.")
    static let refusedText = Text(
        "Cette clé d’accès n’ouvre rien ici, ou la demande a expiré. Recommencez.",
        "This passkey opens nothing here, or the request is over. Try again.")
    static let noAddressText = Text(
        "Les clés d’accès demandent une adresse en https avec un nom, comme https://comptoir.exemple.fr.",
        "Passkeys ask for an https address with a name, such as https://comptoir.example.com.")
}

extension Action {
    static let passkeyAdded = Action(
        "account.passkey_added",
        Text("a ajouté une clé d’accès au compte de", "added a passkey to the account of"),
        icon: "key-round", severity: .high)
    static let passkeyRenamed = Action(
        "account.passkey_renamed",
        Text("a renommé une clé d’accès de", "renamed a passkey of"), icon: "key-round")
    static let passkeyRemoved = Action(
        "account.passkey_removed",
        Text("a retiré une clé d’accès du compte de", "removed a passkey from the account of"),
        icon: "key-round", severity: .high)
    static let passkeyCopied = Action(
        "account.passkey_copied",
        Text(
            "s’est vu refuser une clé d’accès qui semble copiée, du compte de",
            "was refused a passkey that seems to be copied, of the account of"),
        icon: "triangle-alert", severity: .high)
}
