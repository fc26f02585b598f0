import Basics
import HTTP

/// A route as the API offers it: its method there, what goes in and what comes out. A route without one
/// is for people only.
public struct Operation: Sendable {
    enum Kind: Sendable {
        /// A page of a list, by position.
        case list(element: String, members: [Property])
        /// One record.
        case show
        /// A new record: 201, with its address.
        case create
        /// The properties sent are changed, the others stay (RFC 7396).
        case update
        case act
        case delete
        /// Bytes of that content type.
        case file(type: String)
    }

    let kind: Kind
    let title: Text
    /// Name and properties of the record that comes out.
    let answer: (name: String, properties: [Property])?
    let body: (name: String, fields: [BodyField])?
    /// What narrows and sorts a list.
    let query: [Property]
    /// Whether the answer holds a secret that is shown once, and is therefore kept nowhere: such a
    /// request takes no `Idempotency-Key`.
    private(set) var showsSecret = false

    public static func list<Element: APIRecord>(
        _ element: Element.Type, query: [Property] = [], _ title: Text
    ) -> Operation {
        let members = element.members.map(\.property)
        return Operation(
            kind: .list(element: element.schemaName, members: members), title: title,
            answer: (element.schemaName, members), body: nil, query: query)
    }

    public static func show<Answer: APIRecord>(
        _ answer: Answer.Type, query: [Property] = [], _ title: Text
    ) -> Operation {
        Operation(
            kind: .show, title: title, answer: described(answer), body: nil, query: query)
    }

    public static func create<Body: APIBody, Answer: APIRecord>(
        _ body: Body.Type, _ answer: Answer.Type, _ title: Text
    ) -> Operation {
        Operation(
            kind: .create, title: title, answer: described(answer),
            body: (body.schemaName, body.body), query: [])
    }

    public static func update<Body: APIBody, Answer: APIRecord>(
        _ body: Body.Type, _ answer: Answer.Type, _ title: Text
    ) -> Operation {
        Operation(
            kind: .update, title: title, answer: described(answer),
            body: (body.schemaName, body.body), query: [])
    }

    /// `creates`: what comes out is another record than the one acted on.
    public static func act<Body: APIBody, Answer: APIRecord>(
        _ body: Body.Type, _ answer: Answer.Type, creates: Bool = false, _ title: Text
    ) -> Operation {
        Operation(
            kind: creates ? .create : .act, title: title, answer: described(answer),
            body: (body.schemaName, body.body), query: [])
    }

    public static func act<Answer: APIRecord>(
        _ answer: Answer.Type, creates: Bool = false, _ title: Text
    ) -> Operation {
        act(NoBody.self, answer, creates: creates, title)
    }

    public static func delete(_ title: Text) -> Operation {
        Operation(kind: .delete, title: title, answer: nil, body: nil, query: [])
    }

    public static func file(_ type: String, _ title: Text) -> Operation {
        Operation(kind: .file(type: type), title: title, answer: nil, body: nil, query: [])
    }

    /// The same with an answer that holds a secret.
    public var showingSecret: Operation {
        var copy = self
        copy.showsSecret = true
        return copy
    }

    private static func described<Answer: APIRecord>(_ answer: Answer.Type) -> (
        name: String, properties: [Property]
    ) {
        (answer.schemaName, answer.members.map(\.property))
    }

    var method: HTTPMethod {
        switch kind {
        case .list, .show, .file: .get
        case .create, .act: .post
        case .update: .patch
        case .delete: .delete
        }
    }

    /// The page's address `quotes/:id/delete` is the API's `DELETE quotes/:id`.
    func pattern(of route: String) -> String {
        guard case .delete = kind, route.hasSuffix("/delete") else { return route }
        return String(route.dropLast("/delete".count))
    }

    /// Whether the answer carries a version, so that a change can name the one it was made on.
    var isVersioned: Bool {
        answer?.properties.contains { $0.name == "version" } ?? false
    }
}
