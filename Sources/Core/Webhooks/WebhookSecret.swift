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

extension KeyRing {
    func seal(
        _ secret: WebhookSecret, of id: Webhook.ID, _ organisation: Organisation.ID
    ) throws -> [UInt8] {
        try seal(secret.bytes, for: WebhookSecret.place(organisation, id))
    }
}

extension Webhook {
    /// The secrets that sign now, the newest first. Throws when they were sealed with another key, as
    /// after a restore without the old one.
    func secrets(
        _ keys: KeyRing, _ organisation: Organisation.ID, at now: Instant
    ) throws(SecretBoxError) -> [WebhookSecret] {
        let place = WebhookSecret.place(organisation, id)
        var secrets = [WebhookSecret(bytes: try keys.open(sealedSecret, for: place))]
        if let sealedPreviousSecret, let previousUntil, now < previousUntil {
            secrets.append(WebhookSecret(bytes: try keys.open(sealedPreviousSecret, for: place)))
        }
        return secrets
    }
}

extension Webhooks {
    public static let sealedColumns = [
        SealedColumn(
            "webhooks.secret",
            select: {
                """
                SELECT id::text AS key, secret AS sealed FROM webhooks
                WHERE organisation_id = \($0) ORDER BY id
                """
            }, place: place,
            update: { organisation, id, before, after in
                """
                UPDATE webhooks SET secret = \(after)
                WHERE organisation_id = \(organisation) AND id = \(id)::uuid AND secret = \(before)
                """
            }),
        SealedColumn(
            "webhooks.previous_secret",
            select: {
                """
                SELECT id::text AS key, previous_secret AS sealed FROM webhooks
                WHERE organisation_id = \($0) AND previous_secret IS NOT NULL ORDER BY id
                """
            }, place: place,
            update: { organisation, id, before, after in
                """
                UPDATE webhooks SET previous_secret = \(after)
                WHERE organisation_id = \(organisation) AND id = \(id)::uuid
                    AND previous_secret = \(before)
                """
            }),
    ]

    private static let place: @Sendable (Organisation.ID, String) -> [UInt8] = { organisation, id in
        Webhook.ID(id).map { WebhookSecret.place(organisation, $0) } ?? []
    }
}
