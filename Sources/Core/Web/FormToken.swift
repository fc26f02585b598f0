import Basics
import HTTP
import Markup

/// Proof that a form comes from a page of ours: a word derived from the session's secret, which another
/// site can neither read nor guess.
///
/// It looks different in every form (docs/decisions/0008): pages are compressed, and a word that stays
/// the same could be guessed from how well it shrinks beside text that somebody planted.
public enum FormToken {
    static let field = "_token"
    static let header = "X-Form-Token"

    public static func value(for request: Request) -> String {
        word(secret(of: request), key: request.application.secretKey)
    }

    /// A session that is over, or that somebody made up, is no secret: its cookie may be anybody's.
    private static func secret(of request: Request) -> String {
        let own = request.isSignedIn ? Session.cookieName : visitorCookie
        return request.visitorSecret ?? request.http.cookies[own] ?? ""
    }

    private static let wordBytes = 16

    private static func plainWord(_ secret: String, key: [UInt8]) -> [UInt8] {
        Array(Digest.hmac(key: key, Array("form:\(secret)".utf8)).prefix(wordBytes))
    }

    /// A random mask, and the word under it.
    static func word(_ secret: String, key: [UInt8]) -> String {
        let mask = Random.bytes(wordBytes)
        return hexadecimal(mask + zip(mask, plainWord(secret, key: key)).map { $0 ^ $1 })
    }

    /// Whether a masked word is that of the secret.
    private static func matches(_ given: String, _ secret: String, key: [UInt8]) -> Bool {
        guard let bytes = bytes(hexadecimal: given), bytes.count == 2 * wordBytes else {
            return false
        }
        let word = zip(bytes.prefix(wordBytes), bytes.suffix(wordBytes)).map { $0 ^ $1 }
        return Digest.equal(word, plainWord(secret, key: key))
    }

    /// The hidden field that every form that changes something carries.
    public static func input(for request: Request) -> HTML {
        "<input type=\"hidden\" name=\"\(field)\" value=\"\(value(for: request))\">"
    }

    public static func check(_ request: Request) throws {
        // Read whether it holds the token or not: what is no form is refused by every route alike.
        let form = try request.form()
        let given = request.http.headers[header] ?? form.fields[field] ?? ""
        let secret = secret(of: request)
        // Without a secret everybody would have the same word.
        guard !secret.isEmpty, matches(given, secret, key: request.application.secretKey),
            sameOrigin(request.http)
        else {
            throw Problem.badRequest(
                Text(
                    "Cette page a été ouverte dans une session précédente. "
                        + "Rechargez-la, puis recommencez.",
                    "This page belongs to an earlier session. Reload it and try again."))
        }
    }

    /// Before sign-in the secret is a cookie of its own, set with the page that holds the form.
    static let visitorCookie = "comptoir_visitor"

    /// Browsers name the page that a form was sent from; others leave the header out.
    private static func sameOrigin(_ http: HTTPRequest) -> Bool {
        if let site = http.headers["Sec-Fetch-Site"], site == "cross-site" { return false }
        guard let origin = http.headers["Origin"], origin != "null",
            let host = http.headers["Host"]
        else { return true }
        return origin == "https://\(host)" || origin == "http://\(host)"
    }
}

/// A form on a page that nobody is signed in to.
public enum VisitorForm {
    /// Answers the page that `page` makes, whose form is guarded by a cookie of its own, set here.
    public static func reply(
        _ request: Request, status: Int = 200, _ page: (Request) -> Page
    ) throws -> Reply {
        var request = request
        var visitor: Cookie?
        if !request.isSignedIn, request.http.cookies[FormToken.visitorCookie] == nil {
            let secret = Random.token()
            visitor = try Cookie(
                name: FormToken.visitorCookie, value: secret, secure: request.http.isSecure)
            request.visitorSecret = secret
        }
        var response = Reply.page(page(request), status: status).response(to: request)
        if let visitor { response.setCookie(visitor) }
        return .response(response)
    }
}

/// A form sent twice creates once: the first time notes where it led, the second is led there too.
public enum Submission {
    static let field = "_submission"

    public static func input(for request: Request) -> HTML {
        """
        <input type="hidden" name="\(field)" value="\(UniqueID.make(at: request.now).description)">
        """
    }
}

extension Request {
    /// Where this form led when it was sent before, for handlers that ask something before they
    /// create: the answer to a double click must not be a question about what the first click made.
    public func earlierPath() throws -> String? {
        guard let token = try form().fields[Submission.field].flatMap({ UniqueID($0) }) else {
            return nil
        }
        return try read { transaction in
            try transaction.value(
                """
                SELECT path FROM submissions
                WHERE organisation_id = \(transaction.organisation) AND token = \(token)
                    AND path <> ''
                """)
        }
    }

    /// Runs `create` in a transaction, once for this form: it answers the path of what it made. Sent
    /// again, the form leads to the same path and changes nothing.
    public func once(_ create: (Transaction) throws -> String) throws -> String {
        guard let token = try form().fields[Submission.field].flatMap({ UniqueID($0) }) else {
            return try write(create)
        }
        return try write { transaction in
            // The row is locked until the first sending commits, so a double click waits for it.
            let isFirst = try transaction.run(
                """
                INSERT INTO submissions (organisation_id, token, path)
                VALUES (\(transaction.organisation), \(token), '')
                ON CONFLICT DO NOTHING
                """)
            guard isFirst == 1 else {
                return try transaction.value(
                    """
                    SELECT path FROM submissions
                    WHERE organisation_id = \(transaction.organisation) AND token = \(token)
                    """) ?? "/"
            }
            let path = try create(transaction)
            try transaction.runLater(
                """
                UPDATE submissions SET path = \(path)
                WHERE organisation_id = \(transaction.organisation) AND token = \(token)
                """)
            return path
        }
    }
}
