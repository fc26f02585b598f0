import Basics
import HTTP

// What goes out: the record or list, its version, its address, the way to the next page.
extension APICall {
    func response(to reply: Reply, _ request: Request) throws -> HTTPResponse {
        switch reply {
        case .json(let json):
            return try shown(json, request)
        case .done(let path, _):
            return try done(at: path, request)
        case .file:
            return reply.response(to: request)
        case .response(let response):
            return response
        case .page, .fragment:
            throw Problem.conflict(Problem.conflict(Text("", "")).title)
        }
    }

    private func shown(_ json: JSON, _ request: Request) throws -> HTTPResponse {
        var response = HTTPResponse.json(json.bytes)
        if case .list = operation.kind {
            if let next = json["next_cursor"]?.string {
                response.headers.set("Link", "<\(address(after: next))>; rel=\"next\"")
            }
            return response
        }
        if let version = json["version"]?.int {
            let tag = "\"\(version)\""
            if operation.method == .get,
                let known = try EntityTags("If-None-Match", request.http),
                known.mayMatch(version: version)
            {
                response = HTTPResponse(status: 304)
            }
            response.headers.set("ETag", tag)
        }
        return response
    }

    private func address(after cursor: String) -> String {
        let others = request.http.query.pairs.filter { $0.name != "after" }
            .map { "\(PercentEncoding.encoded($0.name))=\(PercentEncoding.encoded($0.value))" }
        return request.http.path + "?" + (others + ["after=\(cursor)"]).joined(separator: "&")
    }

    /// The record that the change led to, as reading it would answer.
    private func done(at path: String, _ request: Request) throws -> HTTPResponse {
        if case .delete = operation.kind { return HTTPResponse(status: 204) }
        let place = String(path.prefix { $0 != "?" && $0 != "#" })
        var segments = place.split(separator: "/").map(String.init)
        // People go on to the form of a copy; programs read the copy.
        if segments.last == "edit" { segments.removeLast() }
        guard
            case .found(let found, let parameters) = request.application.apiRouter.match(
                .get, segments),
            let json = try request.application.record(at: found.pattern, parameters, request)
        else { return HTTPResponse(status: 204) }
        var response = try shown(json, request)
        if case .create = operation.kind {
            response.status = 201
            response.headers.set(
                "Location", Application.apiPath + "/" + segments.joined(separator: "/"))
        }
        return response
    }
}
