import Basics
import HTTP

/// What `If-Match` and `If-None-Match` name (RFC 9110, 13.1): any version at all, or some.
enum EntityTags: Equatable {
    case any
    case some([Tag])

    struct Tag: Equatable {
        var isWeak: Bool
        var text: String
    }

    /// Nil when the request has no such header.
    ///
    /// - Throws: 400 when it has one that names no version.
    init?(_ name: String, _ request: HTTPRequest) throws {
        let values = request.headers.all(named: name)
        if values.isEmpty { return nil }
        let text = values.joined(separator: ",")
        if text == "*" {
            self = .any
        } else if let tags = EntityTags.parsed(text), !tags.isEmpty {
            self = .some(tags)
        } else {
            throw Problem.badRequest(
                Text(
                    "\(name) : une ou plusieurs versions, comme \"3\", ou *.",
                    "\(name): one or more versions, such as \"3\", or *."))
        }
    }

    /// The strong comparison: a weak tag never vouches for what a change would replace.
    func matches(version: Int?) -> Bool {
        switch self {
        case .any: true
        case .some(let tags): tags.contains { !$0.isWeak && $0.text == version.map(String.init) }
        }
    }

    /// The weak comparison: good enough to leave out what the program has already.
    func mayMatch(version: Int) -> Bool {
        switch self {
        case .any: true
        case .some(let tags): tags.contains { $0.text == String(version) }
        }
    }

    /// `"1", W/"2"`; nil when malformed.
    private static func parsed(_ text: String) -> [Tag]? {
        var rest = Substring(text).drop { $0 == " " || $0 == "," }
        var tags: [Tag] = []
        while !rest.isEmpty {
            let isWeak = rest.hasPrefix("W/")
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == "\"" else { return nil }
            let content = rest.dropFirst().prefix { $0 != "\"" }
            rest = rest.dropFirst(content.count + 1)
            guard rest.first == "\"", !content.contains(" ") else { return nil }
            tags.append(Tag(isWeak: isWeak, text: String(content)))
            rest = rest.dropFirst().drop { $0 == " " }
            guard rest.isEmpty || rest.first == "," else { return nil }
            rest = rest.drop { $0 == " " || $0 == "," }
        }
        return tags
    }
}
