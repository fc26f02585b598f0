import Basics
import HTTP

/// What machines ask that watch the program: whether it lives, whether it can work, and how it fares.
/// None of it looks at who asks, or says anything about an organisation.
public enum Watching: Capability {
    /// Shortest token that opens the measurements, in characters.
    public static let shortestToken = 32

    public static func routes(_ routes: inout Routes) {
        routes.bare("healthz", alive)
        routes.bare("readyz", ready)
        routes.bare("metrics", metrics)
    }

    /// The process answers. Nothing else is looked at, so that whoever restarts what is dead does not
    /// restart it because its database is away.
    static func alive(_ request: Request) -> Reply { plain("ok", status: 200) }

    /// Whether requests should come here.
    static func ready(_ request: Request) -> Reply {
        let application = request.application
        let readiness = application.watch.readiness(application.pool)
        return plain(readiness.rawValue, status: readiness.isReady ? 200 : 503)
    }

    /// For this machine, or with the token.
    static func metrics(_ request: Request) throws -> Reply {
        let token = request.application.watch.settings.metricsToken
        if !isFromThisMachine(request.http) {
            // Without a token nobody elsewhere needs to know that there is something.
            guard let token else { throw Problem.notFound }
            guard holds(token, request.http) else {
                var response = HTTPResponse.text("token missing or wrong\n", status: 401)
                response.headers.set("WWW-Authenticate", "Bearer realm=\"metrics\"")
                return .response(response)
            }
        }
        var response = HTTPResponse.text(Metrics(request.application, at: request.now).text)
        response.headers.set("Content-Type", MetricsText.type)
        response.headers.set("Cache-Control", "no-store")
        return .response(response)
    }

    /// What a proxy on this machine hands on comes from this machine too, so a request that any proxy
    /// marked does not count, whether the proxy is trusted or not.
    private static func isFromThisMachine(_ http: HTTPRequest) -> Bool {
        let marks = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"]
        guard marks.allSatisfy({ http.headers[$0] == nil }) else { return false }
        return http.remoteAddress.hasPrefix("127.") || http.remoteAddress == "::1"
            || http.remoteAddress.hasPrefix("::ffff:127.")
    }

    private static func holds(_ token: String, _ http: HTTPRequest) -> Bool {
        let parts = (http.headers["Authorization"] ?? "").split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        // Of equal length whatever was sent.
        return Digest.equal(
            Digest.sha256(Array(parts[1].utf8)), Digest.sha256(Array(token.utf8)))
    }

    private static func plain(_ word: String, status: Int) -> Reply {
        var response = HTTPResponse.text(word + "\n", status: status)
        response.headers.set("Cache-Control", "no-store")
        return .response(response)
    }
}
