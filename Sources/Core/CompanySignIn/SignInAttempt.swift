import Basics

/// What is remembered while somebody is at the provider.
struct Attempt {
    var organisation: Organisation.ID
    var state: String
    var nonce: String
    var verifier: String
    /// Where to go on to afterwards.
    var next: String

    init(
        organisation: Organisation.ID, state: String, nonce: String, verifier: String, next: String
    ) {
        self.organisation = organisation
        self.state = state
        self.nonce = nonce
        self.verifier = verifier
        self.next = next
    }

    /// As `json` wrote it.
    init?(_ json: JSON) {
        guard let organisation = json["organisation"]?.string.flatMap({ Organisation.ID($0) }),
            let state = json["state"]?.string, let nonce = json["nonce"]?.string,
            let verifier = json["verifier"]?.string
        else { return nil }
        self.init(
            organisation: organisation, state: state, nonce: nonce, verifier: verifier,
            next: SignIn.destination(json["next"]?.string))
    }

    var json: JSON {
        [
            "organisation": JSON(organisation), "state": .string(state), "nonce": .string(nonce),
            "verifier": .string(verifier), "next": .string(next),
        ]
    }
}
