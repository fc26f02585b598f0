/// Finds the endpoint of a request by its method and path.
///
/// Patterns are segments joined by slashes: `invoices/:id/issue`. A segment that begins with a
/// colon matches any one segment and names it; a last segment that begins with `*` matches all that
/// are left (one at least). A literal segment wins over a parameter, a parameter over the rest, and
/// the path is chosen before the method: `POST clients/new` does not fall through to `clients/:id`.
public struct Router<Endpoint: Sendable>: Sendable {
    /// What a request leads to.
    public enum Match: Sendable {
        /// An endpoint, with the decoded segments that its parameters stand for.
        case found(Endpoint, parameters: [String: String])
        /// The path is known, but not with this method: answer 405 with these in `Allow`.
        case methodNotAllowed(allow: [HTTPMethod])
        /// No pattern matches the path: answer 404.
        case notFound
    }

    private struct Entry: Sendable {
        let endpoint: Endpoint
        let names: [String]
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var rest: Int?
        var entries: [HTTPMethod: Entry] = [:]
    }

    private var nodes = [Node()]

    /// A router without endpoints.
    public init() {}

    /// Adds an endpoint.
    ///
    /// A pattern that is malformed or that the method already has, parameter names apart, is a
    /// programming error and traps: otherwise one of two routes would be silently unreachable.
    public mutating func add(_ method: HTTPMethod, _ pattern: String, _ endpoint: Endpoint) {
        var names: [String] = []
        var node = 0
        let segments = pattern.split(separator: "/")
        for (position, segment) in segments.enumerated() {
            switch segment.first {
            case ":":
                names.append(String(segment.dropFirst()))
                node = child(of: node, at: \.parameter)
            case "*":
                precondition(position == segments.count - 1, "only the last segment can be *")
                names.append(String(segment.dropFirst()))
                node = child(of: node, at: \.rest)
            default:
                node = child(of: node, at: \.literals[String(segment)])
            }
        }
        precondition(
            Set(names).count == names.count && !names.contains(""),
            "the parameters of \(pattern) need distinct names")
        precondition(nodes[node].entries[method] == nil, "\(method.rawValue) \(pattern) is taken")
        nodes[node].entries[method] = Entry(endpoint: endpoint, names: names)
    }

    /// Finds the endpoint; HEAD falls back to GET.
    public func match(_ request: HTTPRequest) -> Match {
        match(request.method, request.segments)
    }

    /// Finds the endpoint for a method and decoded segments; HEAD falls back to GET.
    public func match(_ method: HTTPMethod, _ segments: [String]) -> Match {
        guard let (node, values) = find(segments[...], from: 0) else { return .notFound }
        let entries = nodes[node].entries
        guard let entry = entries[method] ?? (method == .head ? entries[.get] : nil) else {
            return .methodNotAllowed(allow: Self.allowed(entries))
        }
        return .found(
            entry.endpoint,
            parameters: Dictionary(uniqueKeysWithValues: zip(entry.names, values)))
    }

    private mutating func child(
        of node: Int, at place: WritableKeyPath<Node, Int?>
    ) -> Int {
        if let existing = nodes[node][keyPath: place] { return existing }
        nodes.append(Node())
        nodes[node][keyPath: place] = nodes.count - 1
        return nodes.count - 1
    }

    private func find(
        _ segments: ArraySlice<String>, from index: Int
    ) -> (node: Int, values: [String])? {
        let node = nodes[index]
        guard let segment = segments.first else {
            return node.entries.isEmpty ? nil : (index, [])
        }
        if let next = node.literals[segment], let found = find(segments.dropFirst(), from: next) {
            return found
        }
        if let next = node.parameter, let found = find(segments.dropFirst(), from: next) {
            return (found.node, [segment] + found.values)
        }
        return node.rest.map { ($0, [segments.joined(separator: "/")]) }
    }

    private static func allowed(_ entries: [HTTPMethod: Entry]) -> [HTTPMethod] {
        HTTPMethod.allCases.filter {
            entries[$0] != nil || ($0 == .head && entries[.get] != nil)
        }
    }
}
