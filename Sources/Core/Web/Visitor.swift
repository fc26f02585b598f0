import Basics
import Database
import HTTP

// People without an account, who come with a signed address.
extension Application {
    /// 32 bytes that prove that this installation wrote `content`, for that purpose and no other.
    public func signature(of content: [UInt8], for purpose: String) -> [UInt8] {
        Digest.hmac(key: secretKey, Array("\(purpose):".utf8) + content)
    }
}

extension Request {
    /// The same request, answered in another language than the reader's own.
    public func speaking(_ language: Language) -> Request {
        var copy = self
        copy.language = language
        return copy
    }

    /// Acts in an organisation on behalf of somebody who has no account there. Nil when there is no
    /// such organisation.
    public func visit<T>(
        _ organisation: Organisation.ID, as name: String, readOnly: Bool = false,
        _ body: (Transaction) throws -> T
    ) throws -> T? {
        try application.pool.withConnection { connection in
            guard let organisation = try connection.organisation(organisation) else { return nil }
            let scope = Scope(
                organisation: organisation, user: nil, role: .agent, actorName: name,
                address: http.remoteAddress, userAgent: SessionOrigin(self).userAgent,
                vault: application.vault)
            do {
                return try connection.transaction(scope, at: now, readOnly: readOnly, body)
            } catch let error as DatabaseError {
                guard let problem = Problem(error), problem.isShownInForm else { throw error }
                throw problem
            }
        }
    }

    /// Scheme and host that the reader's browser asked for.
    public var origin: String {
        "\(http.isSecure ? "https" : "http")://\(http.headers["Host"] ?? "localhost")"
    }
}
