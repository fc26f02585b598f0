import Basics
import Database
import HTTP

/// A name that a program gives to one attempt (`Idempotency-Key`): sent again, the request changes
/// nothing and is answered as the first time.
struct IdempotencyKey: Sendable {
    static let header = "Idempotency-Key"
    static let maximumLength = 255
    /// Kept for a day, as long as anybody retries.
    static let keptSeconds = 86_400

    let text: String
    let token: AccessToken.ID
    /// What the key stands for: the same key with another request is a mistake.
    let fingerprint: [UInt8]

    /// Nil when the request has none.
    init?(_ request: Request, _ token: AccessToken.ID) throws {
        guard let text = request.http.headers[IdempotencyKey.header] else { return nil }
        guard (1...IdempotencyKey.maximumLength).contains(text.utf8.count) else {
            throw Problem.badRequest(
                Text(
                    "Idempotency-Key : 1 à 255 caractères.",
                    "Idempotency-Key: 1 to 255 characters."))
        }
        self.text = text
        self.token = token
        let line = "\(request.http.method.rawValue) \(request.http.target)\n"
        fingerprint = Digest.sha256(Array(line.utf8) + (try request.http.body))
    }
}

/// What was answered under a key.
private struct KeptAnswer: Record {
    var fingerprint: [UInt8]
    var status: Int
    var location: String
    var etag: String
    var body: [UInt8]

    init(row: Row) throws {
        fingerprint = try row["fingerprint"]
        status = try row["status"]
        location = try row["location"]
        etag = try row["etag"]
        body = try row["body"]
    }

    var response: HTTPResponse {
        var response = HTTPResponse(status: status)
        if !body.isEmpty { response = .json(body, status: status) }
        if !location.isEmpty { response.headers.set("Location", location) }
        if !etag.isEmpty { response.headers.set("ETag", etag) }
        response.headers.set("Idempotent-Replayed", "true")
        return response
    }
}

extension Transaction {
    /// Carries `body` out once for the key, in this transaction, and keeps its answer.
    ///
    /// - Throws: 409 while another request with the key is under way, 422 when the key stood for
    ///   another request, and whatever `body` throws, which leaves the key free.
    func once(_ key: IdempotencyKey, _ body: () throws -> HTTPResponse) throws -> HTTPResponse {
        let name = "\(organisation) \(key.token) \(key.text)"
        let isFree: Bool? = try value(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(\(name), 0))")
        guard isFree == true else {
            throw Problem.conflict(
                Text(
                    "Une demande avec cette Idempotency-Key est en cours.",
                    "A request with this Idempotency-Key is under way."))
        }
        if let kept: KeptAnswer = try first(
            """
            SELECT fingerprint, status, location, etag, body FROM idempotency_keys
            WHERE organisation_id = \(organisation) AND token_id = \(key.token)
                AND key = \(key.text)
            """)
        {
            guard kept.fingerprint == key.fingerprint else {
                throw APIProblem(
                    .invalid([]),
                    detail: Text(
                        "Cette Idempotency-Key a servi pour une autre demande.",
                        "This Idempotency-Key was used for another request."))
            }
            return kept.response
        }
        try runLater(
            """
            DELETE FROM idempotency_keys WHERE organisation_id = \(organisation)
                AND created_at < \(now.adding(seconds: -IdempotencyKey.keptSeconds))
            """)
        let response = try body()
        guard case .bytes(let bytes) = response.body else { return response }
        try keep(response, bytes, under: key)
        return response
    }

    private func keep(_ response: HTTPResponse, _ bytes: [UInt8], under key: IdempotencyKey) throws
    {
        try runLater(
            """
            INSERT INTO idempotency_keys (organisation_id, token_id, key, fingerprint, status,
                location, etag, body, created_at)
            VALUES (\(organisation), \(key.token), \(key.text), \(key.fingerprint),
                \(response.status), \(response.headers["Location"] ?? ""),
                \(response.headers["ETag"] ?? ""), \(bytes), \(now))
            """)
    }
}
