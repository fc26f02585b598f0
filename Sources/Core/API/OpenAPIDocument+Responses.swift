import Basics

// What each operation answers: bodies, headers and refusals.
extension OpenAPIDocument {
    func responses(_ operation: Operation) -> [(String, JSON)] {
        var headers: [(String, JSON)] = []
        if operation.isVersioned, operation.method != .delete { headers.append(header("ETag")) }
        let answer: (String, JSON)
        switch operation.kind {
        case .list(let element, _):
            answer = ("200", content(element + "List", [header("Link", isAlwaysThere: false)]))
        case .create:
            answer = ("201", content(operation.answer?.name ?? "", headers + [header("Location")]))
        case .show, .update, .act:
            answer = ("200", content(operation.answer?.name ?? "", headers))
        case .delete: answer = ("204", ["description": .string(say("Supprimé", "Removed"))])
        case .file(let type):
            let bytes: JSON = ["schema": ["type": "string", "format": "binary"]]
            answer = ("200", ["description": "OK", "content": .object([(type, bytes)])])
        }
        var others: [(String, JSON)] = []
        if case .show = operation.kind, operation.isVersioned {
            let meaning = say("Inchangé (If-None-Match)", "Not changed (If-None-Match)")
            others.append(("304", ["description": .string(meaning)]))
        }
        let refusals = OpenAPIDocument.codes(operation).map { code -> (String, JSON) in
            (String(code), ["$ref": .string("#/components/responses/\(code)")])
        }
        return [answer] + others + refusals
    }

    private static func codes(_ operation: Operation) -> [Int] {
        var codes = [400, 401, 403, 404, 409, 422, 429, 500, 503]
        if operation.method != .get { codes += [412, 413, 415] }
        if operation.method == .patch { codes.append(428) }
        return codes.sorted()
    }

    var refusals: [(String, JSON)] {
        [400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 500, 503].map { code in
            var members: [(String, JSON)] = [
                ("description", .string(say(OpenAPIDocument.meaning(code)))),
                ("content", .object(OpenAPIDocument.refusalContent(code, reference("Problem")))),
            ]
            if code == 401 { members.append(("headers", .object([header("WWW-Authenticate")]))) }
            if [429, 503].contains(code) {
                members.append(("headers", .object([header("Retry-After")])))
            }
            return (String(code), .object(members))
        }
    }

    /// The server itself refuses what is too large or comes while it is busy, in a line of text.
    private static func refusalContent(_ code: Int, _ problem: JSON) -> [(String, JSON)] {
        let json: (String, JSON) = ("application/problem+json", ["schema": problem])
        let text: (String, JSON) = ("text/plain", ["schema": ["type": "string"]])
        switch code {
        case 413: return [text]
        case 503: return [json, text]
        default: return [json]
        }
    }

    private static func meaning(_ code: Int) -> Text {
        switch code {
        case 400: Text("Demande illisible", "Unreadable request")
        case 401: APIProblem.unauthenticated.title
        case 403: Problem.forbidden.title
        case 404: Text("Introuvable", "Not found")
        case 409: Problem.conflict(Text("", "")).title
        case 412: APIProblem.versionIsOld.title
        case 413: Problem.tooLarge(Text("", "")).title
        case 415: APIProblem.wrongContentType.title
        case 422: Problem.invalid([]).title
        case 428: APIProblem.versionRequired.title
        case 429: Text("Trop de demandes", "Too many requests")
        case 503: Problem.unavailable.title
        default: Text("Erreur du serveur", "Server error")
        }
    }

    private func content(_ schema: String, _ headers: [(String, JSON)]) -> JSON {
        var members: [(String, JSON)] = [
            ("description", "OK"),
            ("content", ["application/json": ["schema": reference(schema)]]),
        ]
        if !headers.isEmpty { members.append(("headers", .object(headers))) }
        return .object(members)
    }

    private func header(_ name: String, isAlwaysThere: Bool = true) -> (String, JSON) {
        (name, ["required": .bool(isAlwaysThere), "schema": ["type": "string"]])
    }
}
