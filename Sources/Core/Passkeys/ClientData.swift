import Basics

/// What a browser says that it had signed, and for which page (WebAuthn level 2, section 5.8.1).
struct ClientData {
    /// What the browser was asked for.
    enum Ceremony: String {
        case create = "webauthn.create"
        case get = "webauthn.get"
    }

    /// More bytes than this are refused: real ones have about 150.
    private static let mostBytes = 2_048

    /// Of its bytes as they came: what a device signs.
    let hash: [UInt8]
    private let json: JSON

    /// Nil for what is no JSON object.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= ClientData.mostBytes, let json = JSON(parsing: bytes),
            json.members != nil
        else { return nil }
        self.json = json
        hash = Digest.sha256(bytes)
    }

    /// Throws what does not answer: another ceremony, challenge or page, or a page within another's.
    func check(_ ceremony: Ceremony, _ challenge: [UInt8], at party: RelyingParty)
        throws(PasskeyRefusal)
    {
        guard json["type"]?.string == ceremony.rawValue else { throw .clientData }
        guard let given = json["challenge"]?.string.flatMap(Base64URL.bytes),
            Digest.equal(given, challenge)
        else { throw .challenge }
        guard json["origin"]?.string == party.origin else { throw .origin }
        // Within a frame of another site somebody may not see whom they answer.
        guard (json["crossOrigin"] ?? false) == false, json["topOrigin"] == nil else {
            throw .origin
        }
        // Bound to a connection: none of ours is.
        guard json["tokenBinding"]?["status"]?.string != "present" else { throw .clientData }
    }
}

/// Why a passkey was not taken: for the log. People read one sentence, whatever it was.
enum PasskeyRefusal: String, Error {
    /// Nothing was asked of this browser, too long ago, or it has answered already.
    case challenge
    case clientData = "client_data"
    /// Another page than the one that asked, or an address that is not known.
    case origin
    /// Nobody's, or of another person than the device says.
    case unknown
    /// Not made for this host, not by a person that the device knew, or not signed by its key.
    case proof
    /// The counter did not go on.
    case counter
    /// Its person works nowhere here any more.
    case closed
}
