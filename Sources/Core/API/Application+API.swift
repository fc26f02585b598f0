import Basics
import Database
import HTTP

/// A route with the operation that the API makes of it.
struct APIRoute: Sendable {
    let route: Routes.Route
    let operation: Operation
    /// Its place among those that the API has.
    let number: Int
    /// The address below `/api/v1/`.
    var pattern: String { operation.pattern(of: route.pattern) }
}

extension Application {
    static let apiPath = "/api/v1"

    static func isAPI(_ http: HTTPRequest) -> Bool {
        http.segments.count >= 2 && http.segments[0] == "api" && http.segments[1] == "v1"
    }

    /// Answers a program. Never throws: what goes wrong becomes RFC 9457 JSON.
    func respondToProgram(_ http: HTTPRequest, _ series: inout RequestMeter.Series) -> HTTPResponse
    {
        series = meter.unknownAPI
        var request = Request(
            http: http, parameters: [:], application: self, now: clock.now(), signedIn: nil)
        request.isAPI = true
        var limit: RateLimit.Answer?
        var response: HTTPResponse
        do {
            do {
                try identify(&request)
            } catch let problem as APIProblem {
                try countVisitor(request)
                throw problem
            }
            if request.grant == nil { try countVisitor(request) }
            let answer = try request.grant.map { rateLimit.take($0.id, at: request.now) }
            limit = answer
            if let answer, answer.isExceeded {
                throw Problem.tooManyAttempts(retryAfterSeconds: answer.secondsToReset)
            }
            let route = try apiRoute(&request)
            series = meter.api[route.number]
            response = try APICall(route, request).answer()
        } catch {
            response = problem(error, request)
        }
        limit?.add(to: &response)
        response.headers.set("Cache-Control", "no-store")
        return response
    }

    /// Answers a request whose address cannot even be read.
    public func refuse(_ error: HTTPError, _ target: String) -> HTTPResponse {
        guard target.hasPrefix(Application.apiPath + "/") else { return HTTPResponse(error) }
        let problem = APIProblem(
            .badRequest(
                Text(
                    "L’adresse n’est pas de l’UTF-8 valable, ou contient un caractère de contrôle.",
                    "The address is not valid UTF-8, or holds a control character.")))
        return problem.response(.french, path: String(target.prefix { $0 != "?" }))
    }

    private func apiRoute(_ request: inout Request) throws -> APIRoute {
        switch apiRouter.match(request.http.method, Array(request.http.segments.dropFirst(2))) {
        case .notFound: throw Problem.notFound
        case .methodNotAllowed(let methods): throw APIProblem.wrongMethod(allow: methods)
        case .found(let found, let parameters):
            guard request.grant != nil else { throw APIProblem.unauthenticated }
            request.parameters = parameters
            return found
        }
    }

    /// Finds whose token came with the request.
    private func identify(_ request: inout Request) throws {
        guard let header = request.http.headers["Authorization"] else { return }
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count < 4000
        else { throw APIProblem.invalidToken }
        let (secret, now) = (String(parts[1]), request.now)
        let short =
            secret.contains(".") ? try ShortLivedToken.read(secret, self, at: now) : nil
        let found = try pool.withConnection { connection -> TokenSession? in
            var found =
                try short.map { try connection.session(of: $0.token, at: now) }
                ?? connection.session(accessToken: secret, at: now)
            if let short { found?.grant.scopes.formIntersection(short.scopes) }
            if let found,
                found.session.lastSeenAt.adding(seconds: Session.touchSeconds) < now
            {
                try connection.touchAccessToken(found.grant.id, at: now)
            }
            return found
        }
        guard let found else { throw APIProblem.invalidToken }
        usage.count(found.grant, of: found.session.organisation, at: now)
        request.signedIn = found.session
        request.grant = found.grant
    }

    private func problem(_ error: any Error, _ request: Request) -> HTTPResponse {
        switch error {
        case let problem as APIProblem: return problem.response(request)
        default: return failure(error, request)
        }
    }
}
