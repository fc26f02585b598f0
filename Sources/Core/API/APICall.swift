import Basics
import Database
import HTTP

/// One request of a program to one operation, from its checked input to its answer.
struct APICall {
    let route: APIRoute
    let request: Request

    init(_ route: APIRoute, _ request: Request) throws {
        self.route = route
        self.request = request
        if let permission = route.route.permission {
            guard request.may(permission), request.grant?.allows(permission) == true else {
                throw APIProblem.missing(scope: AccessToken.scope(for: permission))
            }
        }
        guard request.organisation.isSetUp else {
            throw Problem.conflict(
                Text(
                    "Terminez d’abord la mise en route de l’entreprise.",
                    "Finish setting the company up first."))
        }
    }

    var operation: Operation { route.operation }

    func answer() throws -> HTTPResponse {
        try checkQuery()
        if operation.method == .get {
            let answer = try response(to: route.route.handler(request), request)
            try request.application.note(route.route, request, answer)
            return answer
        }
        let body = try readBody()
        return try request.application.pool.transaction(request.scope, at: request.now) {
            try change(body, $0)
        }
    }

    /// The handler runs within the one transaction, and so does whatever it reads and writes.
    private func change(_ body: JSON, _ transaction: Transaction) throws -> HTTPResponse {
        var request = request
        request.ambient = transaction
        let run = { try carryOut(body, request) }
        guard operation.method == .post, let grant = request.grant,
            let key = try IdempotencyKey(request, grant.id)
        else { return try run() }
        guard !operation.showsSecret else {
            throw Problem.badRequest(
                Text(
                    "Idempotency-Key n’est pas accepté ici : la réponse contient un secret, qui "
                        + "n’est conservé nulle part en clair.",
                    "Idempotency-Key is not taken here: the answer holds a secret, which is kept "
                        + "nowhere in clear."))
        }
        return try transaction.once(key, run)
    }

    private func carryOut(_ body: JSON, _ request: Request) throws -> HTTPResponse {
        var request = request
        var body = body
        let current = try recordBefore(request)
        try checkVersion(current, request)
        if operation.method == .patch, let current { body = merged(current, with: body) }
        var fields = (operation.body?.fields ?? []).fields(from: body, request.currency)
        if operation.method == .patch, let version = current?["version"]?.int {
            fields.append(Fields.Field(name: "version", value: String(version)))
        }
        request.apiForm = Form(fields: Fields(fields))
        do {
            return try response(to: route.route.handler(request), request)
        } catch Problem.invalid(let problems) {
            throw APIProblem.invalid(
                problems.map {
                    PlacedProblem(
                        place: (operation.body?.fields ?? []).pointer(of: $0.field, in: body),
                        message: $0.message)
                })
        }
    }

    // MARK: What comes in

    private func checkQuery() throws {
        var problems: [PlacedProblem] = []
        let known = Dictionary(uniqueKeysWithValues: operation.query.map { ($0.name, $0) })
        for field in request.http.query.pairs {
            guard let property = known[field.name] else {
                problems.append(
                    PlacedProblem(
                        place: field.name,
                        message: Text("Paramètre inconnu.", "Unknown parameter.")))
                continue
            }
            var found: [PlacedProblem] = []
            property.shape.check(property.shape.parsed(field.value), at: "", &found)
            if field.name == "after", PagePosition(field.value) == nil {
                found.append(
                    PlacedProblem(
                        place: "", message: Text("Position inconnue.", "Unknown position.")))
            }
            problems += found.map { PlacedProblem(place: field.name, message: $0.message) }
        }
        guard problems.isEmpty else { throw APIProblem.invalid(problems) }
    }

    /// The object that came in, checked; an empty one where none is expected and none came.
    private func readBody() throws -> JSON {
        let bytes = try request.http.body
        let fields = operation.body?.fields ?? []
        if bytes.isEmpty, fields.allSatisfy({ !$0.property.isRequired }) { return .object([]) }
        if let coding = request.http.headers["Content-Encoding"], coding != "identity" {
            throw APIProblem.wrongContentEncoding
        }
        guard let type = request.http.contentType,
            ["application/json", "application/merge-patch+json"].contains(type)
        else { throw APIProblem.wrongContentType }
        guard let json = JSON(parsing: bytes) else {
            throw Problem.badRequest(
                Text(
                    "Le corps n’est pas du JSON valable, nomme deux fois une propriété, ou contient "
                        + "un nombre à virgule.",
                    "The body is not valid JSON, names a property twice, or holds a number "
                        + "with a fraction."))
        }
        guard let members = json.members else {
            throw APIProblem.invalid([
                PlacedProblem(
                    place: "", message: Text("Objet attendu.", "An object is expected."))
            ])
        }
        var problems: [PlacedProblem] = []
        Shape.check(
            members, against: fields.map(\.property), at: "",
            requiring: operation.method != .patch, &problems)
        guard problems.isEmpty else { throw APIProblem.invalid(problems) }
        return json
    }

    // MARK: Versions

    /// The record at this address before the change; nil where the address is not a record's.
    private func recordBefore(_ request: Request) throws -> JSON? {
        guard operation.method == .patch || request.http.headers["If-Match"] != nil else {
            return nil
        }
        return try request.application.record(
            at: route.pattern, request.parameters, request)
    }

    private func checkVersion(_ current: JSON?, _ request: Request) throws {
        guard let given = try EntityTags("If-Match", request.http) else {
            if operation.method == .patch, current?["version"] != nil {
                throw APIProblem.versionRequired
            }
            return
        }
        // What has no version matches none: a precondition is never passed over in silence.
        guard given.matches(version: current?["version"]?.int) else {
            throw APIProblem.versionIsOld
        }
    }

    /// What stands there now, with what came in laid over it (RFC 7396).
    private func merged(_ current: JSON, with patch: JSON) -> JSON {
        let names = (operation.body?.fields ?? []).map(\.property.name)
        let kept = names.compactMap { name in current[name].map { (name, $0) } }
        return APICall.merged(.object(kept), patch)
    }

    private static func merged(_ current: JSON, _ patch: JSON) -> JSON {
        guard case .object(let before) = current, case .object(let changes) = patch else {
            return patch
        }
        var out = before
        for (name, value) in changes {
            if let index = out.firstIndex(where: { $0.0 == name }) {
                out[index].1 = merged(out[index].1, value)
            } else {
                out.append((name, value))
            }
        }
        return .object(out)
    }
}

extension Application {
    /// What reading the record at an address answers; nil where nothing is read.
    func record(
        at pattern: String, _ parameters: [String: String], _ request: Request
    ) throws -> JSON? {
        let segments = pattern.split(separator: "/").map { part in
            part.first == ":" ? parameters[String(part.dropFirst())] ?? "" : String(part)
        }
        // An action stands below its record: `invoices/:id/issue` is on `invoices/:id`.
        for count in stride(from: segments.count, through: max(1, segments.count - 1), by: -1) {
            guard
                case .found(let found, let parameters) = apiRouter.match(
                    .get, Array(segments.prefix(count))),
                case .show = found.operation.kind
            else { continue }
            var reading = request
            reading.parameters = parameters
            guard case .json(let json) = try found.route.handler(reading) else { return nil }
            return json
        }
        return nil
    }
}

extension Shape {
    /// The value of a query parameter as JSON, to be checked like a body's.
    fileprivate func parsed(_ text: String) -> JSON {
        switch self {
        case .integer, .amount: Int(text).map(JSON.int) ?? .string(text)
        case .flag: text == "true" ? true : text == "false" ? false : .string(text)
        default: .string(text)
        }
    }
}
