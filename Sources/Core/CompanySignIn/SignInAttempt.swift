import Basics

/// What is remembered while somebody is at the provider: in a sealed cookie, so that it is this browser that comes
/// back.
struct Attempt {
    var organisation: Organisation.ID
    var state: String
    var nonce: String
    var verifier: String
    var until: Int
    var next: String

    private static let place = Array("company sign-in".utf8)

    init(
        organisation: Organisation.ID, state: String, nonce: String, verifier: String, until: Int,
        next: String
    ) {
        self.organisation = organisation
        self.state = state
        self.nonce = nonce
        self.verifier = verifier
        self.until = until
        self.next = next
    }

    /// Nil for a cookie that is not ours, or too old.
    init?(_ text: String, _ request: Request) {
        guard let sealed = bytes(hexadecimal: text),
            let bytes = try? request.application.secretBox.open(sealed, for: Self.place),
            let json = JSON(parsing: bytes),
            let organisation = json["organisation"]?.string.flatMap({ Organisation.ID($0) }),
            let state = json["state"]?.string, let nonce = json["nonce"]?.string,
            let verifier = json["verifier"]?.string, let until = json["until"]?.int,
            let next = json["next"]?.string, until > request.now.seconds
        else { return nil }
        self.init(
            organisation: organisation, state: state, nonce: nonce, verifier: verifier,
            until: until, next: SignIn.destination(next))
    }

    func sealed(_ application: Application) -> String {
        let json: JSON = [
            "organisation": JSON(organisation), "state": .string(state), "nonce": .string(nonce),
            "verifier": .string(verifier), "until": .int(until), "next": .string(next),
        ]
        return hexadecimal(application.secretBox.seal(json.bytes, for: Self.place))
    }
}

/// Who may come in once they have said so: in the same cookie, sealed for another purpose.
struct Entry {
    var organisation: Organisation.ID
    var email: String
    var until: Int
    var next: String

    private static let place = Array("company entry".utf8)

    init(organisation: Organisation.ID, email: String, until: Int, next: String) {
        self.organisation = organisation
        self.email = email
        self.until = until
        self.next = next
    }

    /// Nil for a cookie that is not ours, or too old.
    init?(_ text: String, _ request: Request) {
        guard let sealed = bytes(hexadecimal: text),
            let bytes = try? request.application.secretBox.open(sealed, for: Self.place),
            let json = JSON(parsing: bytes),
            let organisation = json["organisation"]?.string.flatMap({ Organisation.ID($0) }),
            let email = json["email"]?.string, let until = json["until"]?.int,
            until > request.now.seconds
        else { return nil }
        self.init(
            organisation: organisation, email: email, until: until,
            next: SignIn.destination(json["next"]?.string))
    }

    func sealed(_ application: Application) -> String {
        let json: JSON = [
            "organisation": JSON(organisation), "email": .string(email), "until": .int(until),
            "next": .string(next),
        ]
        return hexadecimal(application.secretBox.seal(json.bytes, for: Self.place))
    }
}
