import Basics
@testable import Core
import HTTP

/// A program that calls the API with an access token.
public struct TestProgram: Sendable {
    let test: TestApplication
    public let secret: String

    public init(test: TestApplication, secret: String) {
        self.test = test
        self.secret = secret
    }

    @discardableResult
    public func get(_ path: String, headers: HTTPHeaders = [:]) throws -> Answer {
        try call(.get, path, headers: headers)
    }
    @discardableResult
    public func post(_ path: String, _ body: JSON? = nil, headers: HTTPHeaders = [:]) throws
        -> Answer
    {
        try call(.post, path, body, headers: headers)
    }
    /// Changes the version that is there now, unless the headers name one.
    @discardableResult
    public func patch(_ path: String, _ body: JSON, headers: HTTPHeaders = [:]) throws -> Answer {
        var headers = headers
        if headers["If-Match"] == nil, let tag = try get(path).response.headers["ETag"] {
            headers.set("If-Match", tag)
        }
        return try call(.patch, path, body, headers: headers)
    }

    @discardableResult
    public func call(
        _ method: HTTPMethod, _ path: String, _ body: JSON? = nil, headers: HTTPHeaders = [:]
    ) throws -> Answer {
        var headers = headers
        if headers["Authorization"] == nil { headers.set("Authorization", "Bearer \(secret)") }
        if body != nil, headers["Content-Type"] == nil {
            headers.set("Content-Type", "application/json")
        }
        return test.answer(
            to: try HTTPRequest(
                method: method, target: Application.apiPath + path, headers: headers,
                body: body?.bytes ?? []))
    }
}

extension TestApplication {
    /// A program of somebody of that role, with every scope unless told.
    public func program(
        as role: Role = .owner, scopes: [String] = AccessToken.Scope.allCases.map(\.rawValue)
    ) throws -> TestProgram {
        var input = Input(
            Fields(
                [Fields.Field(name: "name", value: "Boutique")]
                    + scopes.map { Fields.Field(name: "scope", value: $0) }))
        let draft = AccessTokenDraft(&input)
        let token = try write(as: role) { try $0.createAccessToken(draft) }
        return TestProgram(test: self, secret: token.secret)
    }
}
