import Basics
import HTTP

/// A refusal by the API itself, where it says more than a `Problem` does.
struct APIProblem: Error {
    var status: Int
    var title: Text
    var detail: Text
    var places: [PlacedProblem] = []
    var headers: [(name: String, value: String)] = []

    init(
        status: Int, _ title: Text, detail: Text, places: [PlacedProblem] = [],
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.title = title
        self.detail = detail
        self.places = places
        self.headers = headers
    }

    /// As `problem`, in other words.
    init(_ problem: Problem, detail: Text? = nil, places: [PlacedProblem] = []) {
        self.init(
            status: problem.status, problem.title, detail: detail ?? problem.detail,
            places: places)
    }

    static func invalid(_ places: [PlacedProblem]) -> APIProblem {
        let problem = Problem.invalid([])
        return APIProblem(
            status: problem.status, problem.title,
            detail: places.first?.message ?? problem.detail, places: places)
    }

    static let unauthenticated = APIProblem(
        status: 401, Text("Jeton d’accès nécessaire", "Access token required"),
        detail: Text(
            "Envoyez l’en-tête Authorization: Bearer suivi d’un jeton d’accès valable.",
            "Send the header Authorization: Bearer followed by a valid access token."),
        headers: [("WWW-Authenticate", "Bearer")])

    /// With what OAuth programs look for (RFC 6750, 3.1).
    static let invalidToken: APIProblem = {
        var problem = unauthenticated
        problem.headers = [("WWW-Authenticate", "Bearer error=\"invalid_token\"")]
        return problem
    }()

    static func missing(scope: AccessToken.Scope?) -> APIProblem {
        let name = scope?.rawValue ?? ""
        var problem = APIProblem(
            .forbidden,
            detail: Text(
                "Il faut un jeton qui a le droit « \(name) », et un rôle qui le permet.",
                "This takes a token with the scope “\(name)”, and a role that allows it."))
        problem.headers = [
            ("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"\(name)\"")
        ]
        return problem
    }

    static func wrongMethod(allow methods: [HTTPMethod]) -> APIProblem {
        let list = methods.map(\.rawValue).joined(separator: ", ")
        return APIProblem(
            status: 405, Text("Méthode refusée", "Method not allowed"),
            detail: Text("Méthodes acceptées : \(list).", "Allowed methods: \(list)."),
            headers: [("Allow", list)])
    }

    static let wrongContentType = APIProblem(
        status: 415, Text("Format inconnu", "Unsupported media type"),
        detail: Text("Envoyez du JSON : application/json.", "Send JSON: application/json."))

    /// Bodies come as they are: nothing here unpacks them.
    static let wrongContentEncoding = APIProblem(
        status: 415, Text("Format inconnu", "Unsupported media type"),
        detail: Text(
            "Envoyez le corps sans Content-Encoding.", "Send the body without Content-Encoding."),
        headers: [("Accept-Encoding", "identity")])

    static let versionRequired = APIProblem(
        status: 428, Text("Version nécessaire", "Version required"),
        detail: Text(
            "Envoyez dans If-Match l’ETag de la version que vous modifiez.",
            "Send in If-Match the ETag of the version that you are changing."))

    static let versionIsOld = APIProblem(
        status: 412, Text("Version dépassée", "Outdated version"),
        detail: Text(
            "La fiche a changé depuis : relisez-la, puis recommencez.",
            "The record has changed since: read it again, then retry."))

    func response(_ request: Request) -> HTTPResponse {
        response(request.say, path: request.http.path)
    }

    func response(_ say: Language, path: String) -> HTTPResponse {
        var members: [(String, JSON)] = [
            ("type", "about:blank"), ("title", .string(say(title))), ("status", .int(status)),
            ("detail", .string(say(detail))), ("instance", .string(path)),
        ]
        if !places.isEmpty {
            let errors = places.map { place -> JSON in
                if place.place.isEmpty { return ["detail": .string(say(place.message))] }
                let name = place.place.hasPrefix("/") ? "pointer" : "parameter"
                return [name: .string(place.place), "detail": .string(say(place.message))]
            }
            members.append(("errors", .array(errors)))
        }
        var response = HTTPResponse.json(JSON.object(members).bytes, status: status)
        response.headers.set("Content-Type", "application/problem+json")
        for header in headers { response.headers.set(header.name, header.value) }
        return response
    }
}
