import Basics
import FoundationEssentials

/// What signs the requests of a webhook: HMAC-SHA256, as Standard Webhooks has it.
struct WebhookSecret: Sendable {
    static let prefix = "whsec_"
    static let byteCount = 32
    /// How long the secret before the last still signs, so that the receiver can be changed at leisure.
    static let overlapSeconds = 86_400

    let bytes: [UInt8]

    static func random() -> WebhookSecret { WebhookSecret(bytes: Random.bytes(byteCount)) }

    /// As it is shown, once.
    var text: String { WebhookSecret.prefix + Data(bytes).base64EncodedString() }

    /// `v1,` and base64, over the three parts that the receiver sees.
    func signature(id: String, timestamp: Int, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Data(Digest.hmac(key: bytes, signed)).base64EncodedString()
    }

    /// What a sealed secret is bound to: in another webhook's row it opens nothing.
    static func place(_ organisation: Organisation.ID, _ id: Webhook.ID) -> [UInt8] {
        Array("webhook:\(organisation):\(id)".utf8)
    }
}

extension SecretBox {
    func seal(
        _ secret: WebhookSecret, of id: Webhook.ID, _ organisation: Organisation.ID
    ) -> [UInt8] {
        seal(secret.bytes, for: WebhookSecret.place(organisation, id))
    }
}

extension Webhook {
    /// The secrets that sign now, the newest first. Throws when they were sealed with another key, as
    /// after a restore without the old one.
    func secrets(
        _ box: SecretBox, _ organisation: Organisation.ID, at now: Instant
    ) throws(SecretBoxError) -> [WebhookSecret] {
        let place = WebhookSecret.place(organisation, id)
        var secrets = [WebhookSecret(bytes: try box.open(sealedSecret, for: place))]
        if let sealedPreviousSecret, let previousUntil, now < previousUntil {
            secrets.append(WebhookSecret(bytes: try box.open(sealedPreviousSecret, for: place)))
        }
        return secrets
    }
}
