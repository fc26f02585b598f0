import Basics
@testable import Core

/// What a page's script was given to have signed, with the word that its form carries.
public struct PasskeyQuestion {
    public let token: String
    public let json: JSON
    public var challenge: String { json["challenge"]?.string ?? "" }

    public init(token: String, json: JSON) {
        self.token = token
        self.json = json
    }
}

/// A question that was not asked, with what the page says.
public struct PasskeyNotAsked: Error {
    public let status: Int
    public let message: String
}

/// Passkeys as the script of the pages uses them.
extension Browser {
    public func askToAddPasskey(
        password: String = TestApplication.password, named name: String = "Portable"
    ) throws -> PasskeyQuestion {
        try get("/account/passkeys")
        let token = forms.compactMap { $0[FormToken.field] }.first ?? ""
        return try asked(
            post(
                "/account/passkeys/challenge",
                [FormToken.field: token, "name": name, "current_password": password]), token)
    }

    /// Has a device make a passkey and sends it.
    public func add(
        _ device: SoftwareAuthenticator, _ question: PasskeyQuestion,
        as ceremony: String = "webauthn.create", named name: String = "Portable"
    ) throws {
        device.userHandle =
            question.json["user"]?["id"]?.string.flatMap(Base64URL.bytes) ?? []
        let data = device.authenticatorData(withCredential: true)
        try post(
            "/account/passkeys",
            [
                FormToken.field: question.token, "name": name,
                "client_data": Base64URL.text(device.clientData(ceremony, question.challenge)),
                "authenticator_data": Base64URL.text(data),
            ])
    }

    public func askToSignInWithPasskey() throws -> PasskeyQuestion {
        try get("/sign-in")
        let token = forms.compactMap { $0[FormToken.field] }.first ?? ""
        return try asked(post("/sign-in/passkey/challenge", [FormToken.field: token]), token)
    }

    /// Has a device sign and sends it.
    public func signIn(with device: SoftwareAuthenticator, _ question: PasskeyQuestion) throws {
        let form = device.signInForm(question)
        try post(
            "/sign-in/passkey",
            [
                FormToken.field: question.token, "credential": form["credential"] ?? "",
                "client_data": form["client_data"] ?? "", "signature": form["signature"] ?? "",
                "authenticator_data": form["authenticator_data"] ?? "",
                "user_handle": form["user_handle"] ?? "",
            ])
    }

    public func signIn(with device: SoftwareAuthenticator) throws {
        try signIn(with: device, askToSignInWithPasskey())
    }

    private func asked(_ answer: Answer, _ token: String) throws -> PasskeyQuestion {
        guard answer.status == 200, let json = answer.json else {
            throw PasskeyNotAsked(
                status: answer.status, message: answer.json?["message"]?.string ?? "")
        }
        return PasskeyQuestion(token: token, json: json)
    }
}

extension SoftwareAuthenticator {
    /// What the script sends of a signature.
    public func signInForm(_ question: PasskeyQuestion) -> [String: String] {
        let data = authenticatorData(withCredential: false)
        let clientData = clientData("webauthn.get", question.challenge)
        let signature = signature(over: data, clientData)
        return [
            "credential": Base64URL.text(credential), "client_data": Base64URL.text(clientData),
            "authenticator_data": Base64URL.text(data), "signature": Base64URL.text(signature),
            "user_handle": Base64URL.text(userHandle),
        ]
    }
}
