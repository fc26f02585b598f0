import HTTP

/// A group of routes that belong to one subject, with the folder of its name.
public protocol Capability: SendableMetatype {
    static func routes(_ routes: inout Routes)
    /// What its verbs write in the journal.
    static var actions: [Action] { get }
    /// Its records that search finds.
    static var searchSources: [SearchSource] { get }
    /// Puts its key figures, things to do and cards on the home page of the person who asks.
    static func addToHome(_ home: inout Home, _ request: Request, _ transaction: Transaction) throws
    /// What it leaves for later, to run outside the request.
    static var jobs: [JobKind] { get }
    /// What `comptoir doctor` proves about its records.
    static var checks: [Check] { get }
}

extension Capability {
    public static var actions: [Action] { [] }
    public static var searchSources: [SearchSource] { [] }
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {}
    public static var jobs: [JobKind] { [] }
    public static var checks: [Check] { [] }
}

/// The table of routes: method, path, who may, which handler, what goes in and comes out.
public struct Routes {
    public typealias Handler = @Sendable (Request) throws -> Reply

    public struct Route: Sendable {
        public let method: HTTPMethod
        /// Without its leading slash: `invoices/:id/issue`.
        public let pattern: String
        /// Without one the route is open to people who are not signed in.
        public let permission: Permission?
        public let input: (any Any.Type)?
        public let answer: (any Any.Type)?
        let handler: Handler
    }

    public private(set) var all: [Route] = []

    public init() {}

    public mutating func get(
        _ pattern: String, _ permission: Permission?, answer: (any Any.Type)? = nil,
        _ handler: @escaping Handler
    ) {
        all.append(
            Route(
                method: .get, pattern: pattern, permission: permission, input: nil, answer: answer,
                handler: handler))
    }

    public mutating func post(
        _ pattern: String, _ permission: Permission?, input: (any Any.Type)? = nil,
        answer: (any Any.Type)? = nil, _ handler: @escaping Handler
    ) {
        all.append(
            Route(
                method: .post, pattern: pattern, permission: permission, input: input,
                answer: answer, handler: handler))
    }
}
