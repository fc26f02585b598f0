import Basics
@testable import Core
import HTTP

/// Somebody in front of the program: remembers cookies, follows redirections, and fills in the forms of
/// the page it is on. For one thread.
public final class Browser {
    private static let mostRedirections = 10

    private let application: Application
    /// From where it asks. Tests that are counted by address take one of their own.
    public var remoteAddress = "127.0.0.1"
    public private(set) var cookies: [String: String] = [:]
    /// The path and query of the page shown now.
    public private(set) var address = "/"
    public private(set) var page = Answer(response: HTTPResponse(status: 204))

    /// In front of any program; `token` is the cookie of a session.
    public init(_ application: Application, token: String? = nil) {
        self.application = application
        if let token { cookies[Session.cookieName] = token }
    }

    /// Sets a cookie as somebody else would have: one who was at the machine before, or a neighbouring site.
    public func plant(_ name: String, _ value: String) { cookies[name] = value }

    public var status: Int { page.status }
    public var text: String { page.text }
    public var forms: [PageForm] { page.forms }

    @discardableResult
    public func get(_ target: String, headers: HTTPHeaders = [:]) throws -> Answer {
        try follow(.get, target, [], headers)
    }

    /// One answer, wherever it leads: for what leads to another site.
    public func ask(_ target: String) throws -> Answer { try ask(.get, target, [], [:]) }

    /// Sends these fields and nothing else, but for the token of the page's forms.
    @discardableResult
    public func post(_ target: String, _ form: KeyValuePairs<String, String> = [:]) throws -> Answer
    {
        var fields = form.map { ($0.key, $0.value) }
        if let token = forms.compactMap({ $0[FormToken.field] }).first {
            fields.append((FormToken.field, token))
        }
        return try follow(.post, target, fields, [:])
    }

    /// Fills in the form of this page that goes to `action` and presses its button. Throws
    /// `Problem.notFound` when the page has no such form.
    @discardableResult
    public func submit(
        _ action: String, _ values: KeyValuePairs<String, String> = [:],
        button: (name: String, value: String)? = nil
    ) throws -> Answer {
        guard var form = forms.first(where: { $0.action == action }) else { throw Problem.notFound }
        for (name, value) in values { form.set(name, value) }
        if let button { form.fields.append(button) }
        let fields = form.fields.map { ($0.name, $0.value) }
        guard form.method == "post" else {
            let query = fields.map {
                PercentEncoding.encoded($0.0) + "=" + PercentEncoding.encoded($0.1)
            }
            return try get(action + "?" + query.joined(separator: "&"))
        }
        return try follow(.post, action, fields, [:])
    }

    private func follow(
        _ method: HTTPMethod, _ target: String, _ form: [(String, String)], _ headers: HTTPHeaders
    ) throws -> Answer {
        page = try ask(method, target, form, headers)
        for _ in 0..<Browser.mostRedirections {
            guard (300..<400).contains(page.status), let location = page.location else { break }
            page = try ask(.get, location, [], [:])
        }
        return page
    }

    private func ask(
        _ method: HTTPMethod, _ target: String, _ form: [(String, String)], _ headers: HTTPHeaders
    ) throws -> Answer {
        address = target
        var headers = headers
        if !cookies.isEmpty {
            let text = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            headers.append("Cookie", text.joined(separator: "; "))
        }
        let body = method == .post ? formBody(form, &headers) : []
        let request = try HTTPRequest(
            method: method, target: target, headers: headers, body: body,
            remoteAddress: remoteAddress)
        let answer = Answer(response: application.respond(request))
        for cookie in answer.response.headers.all(named: "Set-Cookie") { remember(cookie) }
        return answer
    }

    private func remember(_ cookie: String) {
        let parts = cookie.split(separator: ";").map { $0.split(separator: "=", maxSplits: 1) }
        guard let pair = parts.first, let name = pair.first else { return }
        let isOver = parts.contains { part in
            part.count == 2 && part[0].lowercased().hasSuffix("max-age") && part[1] == "0"
        }
        cookies[String(name)] = isOver ? nil : pair.count == 2 ? String(pair[1]) : ""
    }
}

extension Browser {
    /// Signs in as a person would.
    public func signIn(_ email: String, _ password: String = TestApplication.password) throws {
        try get("/sign-in")
        try submit("/sign-in", ["email": email, "password": password])
    }

    public var isSignedIn: Bool { cookies[Session.cookieName]?.isEmpty == false }
}
