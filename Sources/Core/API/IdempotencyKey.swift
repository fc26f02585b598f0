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

extension IdempotencyKey {
    /// What a kept answer is bound to; `name` is its token and its key.
    static func place(_ organisation: Organisation.ID, _ name: String) -> [UInt8] {
        Array("answer:\(organisation):\(name)".utf8)
    }

    static let sealedAnswers = SealedColumn(
        "idempotency_keys.body",
        select: {
            """
            SELECT token_id || ' ' || key AS key, body AS sealed FROM idempotency_keys
            WHERE organisation_id = \($0) AND get_byte(body || '\\x00', 0) = 1
            """
        },
        place: { place($0, $1) },
        update: { organisation, name, before, after in
            """
            UPDATE idempotency_keys SET body = \(after)
            WHERE organisation_id = \(organisation) AND token_id = \(String(name.prefix(36)))::uuid
                AND key = \(String(name.dropFirst(37))) AND body = \(before)
            """
        })
}

/// What was answered under a key.
private struct KeptAnswer: Record {
    var fingerprint: [UInt8]
    var status: Int
    var location: String
    var etag: String
    /// As it is stored: sealed, for it may hold notes and accounts.
    var body: [UInt8]

    init(row: Row) throws {
        fingerprint = try row["fingerprint"]
        status = try row["status"]
        location = try row["location"]
        etag = try row["etag"]
        body = try row["body"]
    }

    func response(_ body: [UInt8]) -> HTTPResponse {
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
            return kept.response(try opened(kept.body, key))
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
                \(response.headers["ETag"] ?? ""), \(try sealed(bytes, key)), \(now))
            """)
    }

    private func sealed(_ body: [UInt8], _ key: IdempotencyKey) throws -> [UInt8] {
        guard !body.isEmpty else { return body }
        return try textRing().seal(
            body, for: IdempotencyKey.place(organisation, "\(key.token) \(key.text)"))
    }

    /// What was kept before answers were sealed begins as JSON does.
    private func opened(_ body: [UInt8], _ key: IdempotencyKey) throws -> [UInt8] {
        guard KeyRing.key(of: body) != nil else { return body }
        let place = IdempotencyKey.place(organisation, "\(key.token) \(key.text)")
        guard let opened = try open(body, for: place) else { throw VaultError.noMasterKey }
        return opened
    }

    /// Forgets the answers in which one of these words stands: requests sent again are carried out anew.
    public func forgetAnswers(holding words: [String]) throws {
        let ring = try openingRing()
        let words = words.map { Array($0.utf8) }
        var found: [String] = []
        let organisation = organisation
        try each(
            """
            SELECT token_id || ' ' || key AS name, body FROM idempotency_keys
            WHERE organisation_id = \(organisation)
            """
        ) { row in
            let (name, body): (String, [UInt8]) = (try row["name"], try row["body"])
            let place = IdempotencyKey.place(organisation, name)
            let opened = KeyRing.key(of: body) == nil ? body : ring?.openKnown(body, for: place)
            // What does not open here may hold them too.
            let holds = opened.map { opened in words.contains { opened.firstRange(of: $0) != nil } }
            if holds ?? true { found.append(name) }
        }
        try run(
            """
            DELETE FROM idempotency_keys WHERE organisation_id = \(organisation)
                AND token_id || ' ' || key = ANY (\(found))
            """)
    }
}
