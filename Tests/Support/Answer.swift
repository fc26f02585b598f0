import Basics
@testable import Core
import HTTP
import Testing

/// What the program answered to one request.
public struct Answer: Sendable {
    public let response: HTTPResponse

    public init(response: HTTPResponse) { self.response = response }

    public var status: Int { response.status }
    public var location: String? { response.headers["Location"] }
    public var bytes: [UInt8] {
        if case .bytes(let bytes) = response.body { bytes } else { [] }
    }
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    public var json: JSON? { JSON(parsing: bytes) }
    /// The forms of the page, in its order.
    public var forms: [PageForm] { PageForm.all(in: text) }
}

extension TestApplication {
    /// Asks for a page as somebody of that role, without following where it leads.
    public func get(
        _ target: String, as role: Role? = .owner, headers: HTTPHeaders = [:]
    ) throws -> Answer {
        try respond(.get, target, as: role, headers: headers)
    }

    /// Sends a form with its token.
    public func post(
        _ target: String, _ form: KeyValuePairs<String, String> = [:], as role: Role? = .owner,
        headers: HTTPHeaders = [:]
    ) throws -> Answer {
        try respond(
            .post, target, form: form.map { ($0.key, $0.value) }, as: role, headers: headers)
    }

    /// One request as somebody of that role (nobody when nil), with session and token of the form.
    public func respond(
        _ method: HTTPMethod, _ target: String, form: [(String, String)] = [],
        as role: Role? = .owner, headers: HTTPHeaders = [:]
    ) throws -> Answer {
        var headers = headers
        var form = form
        if let token = role.flatMap({ people[$0] })?.token {
            headers.append("Cookie", "\(Session.cookieName)=\(token)")
            if method == .post, !form.contains(where: { $0.0 == FormToken.field }) {
                form.append((FormToken.field, formToken(of: token)))
            }
        }
        let body = method == .post ? formBody(form, &headers) : []
        let request = try HTTPRequest(
            method: method, target: target, headers: headers, body: body)
        return Answer(response: application.respond(request))
    }

    /// For requests that no browser makes.
    public func answer(to request: HTTPRequest) -> Answer {
        Answer(response: application.respond(request))
    }

    /// What the forms of that session carry.
    public func formToken(of token: String) -> String {
        FormToken.word(token, key: TestApplication.secretKey)
    }
}

/// The fields as a browser sends them.
func formBody(_ fields: [(String, String)], _ headers: inout HTTPHeaders) -> [UInt8] {
    headers.set("Content-Type", "application/x-www-form-urlencoded")
    let pairs = fields.map {
        PercentEncoding.encoded($0.0) + "=" + PercentEncoding.encoded($0.1)
    }
    return Array(pairs.joined(separator: "&").utf8)
}

extension Answer: CustomTestStringConvertible {
    /// A failed expectation shows this rather than every byte of the page.
    public var testDescription: String { "\(status), \(bytes.count) bytes" }
}
