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
    /// Numbers that open pages keep up to date.
    static var liveCounters: [LiveCounter] { get }
    /// What it does about new entries of the journal.
    static var listeners: [JournalListener] { get }
    /// What it does every hour for all organisations.
    static func tidy(_ application: Application) throws
    /// What `comptoir doctor` proves about its records.
    static var checks: [Check] { get }
    /// Where it keeps secrets.
    static var sealedColumns: [SealedColumn] { get }
    /// Which of its texts are sealed.
    static var sealedTexts: [SealedTextColumn] { get }
    /// What it leaves behind that `comptoir cleanup` removes.
    static var leftovers: [Leftover] { get }
}

extension Capability {
    public static var actions: [Action] { [] }
    public static var searchSources: [SearchSource] { [] }
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {}
    public static var jobs: [JobKind] { [] }
    public static var liveCounters: [LiveCounter] { [] }
    public static var listeners: [JournalListener] { [] }
    public static func tidy(_ application: Application) throws {}
    public static var checks: [Check] { [] }
    public static var sealedColumns: [SealedColumn] { [] }
    public static var sealedTexts: [SealedTextColumn] { [] }
    public static var leftovers: [Leftover] { [] }
}

/// The table of routes: method, path, who may, which handler, and what programs may do with it.
public struct Routes {
    public typealias Handler = @Sendable (Request) throws -> Reply

    /// What a form or the JSON of a program may hold, in bytes: far more than the longest document.
    public static let standardBodyBytes = 4 * 1_048_576

    public struct Route: Sendable {
        public let method: HTTPMethod
        /// Without its leading slash: `invoices/:id/issue`.
        public let pattern: String
        /// Without one the route is open to people who are not signed in.
        public let permission: Permission?
        /// What programs may do with it at `/api/v1`; nil: it is for people only.
        public let operation: Operation?
        /// What the journal notes of its answers.
        public let read: SensitiveRead?
        /// The largest body it takes; a larger one is refused before it has come.
        public let mostBytes: Int
        /// Its place in the table.
        let number: Int
        /// Whether it is answered without looking at who asks.
        let isBare: Bool
        let handler: Handler
    }

    public private(set) var all: [Route] = []

    public init() {}

    /// `reads` of routes that hand out files or documents.
    public mutating func get(
        _ pattern: String, _ permission: Permission?, api operation: Operation? = nil,
        reads: SensitiveRead? = nil, _ handler: @escaping Handler
    ) {
        all.append(
            Route(
                method: .get, pattern: pattern, permission: permission, operation: operation,
                read: reads, mostBytes: Self.standardBodyBytes, number: all.count, isBare: false,
                handler: handler))
    }

    /// `mostBytes` is for routes that take files: those of a form stay on the disk
    /// (`Request.upload`), so a large one costs no memory.
    public mutating func post(
        _ pattern: String, _ permission: Permission?, api operation: Operation? = nil,
        mostBytes: Int = Routes.standardBodyBytes, _ handler: @escaping Handler
    ) {
        all.append(
            Route(
                method: .post, pattern: pattern, permission: permission, operation: operation,
                read: nil, mostBytes: mostBytes, number: all.count, isBare: false,
                handler: handler))
    }

    /// For programs that watch this one: open to everybody who reaches it, and never limited.
    mutating func bare(_ pattern: String, _ handler: @escaping Handler) {
        all.append(
            Route(
                method: .get, pattern: pattern, permission: nil, operation: nil, read: nil,
                mostBytes: Self.standardBodyBytes, number: all.count, isBare: true,
                handler: handler))
    }
}

extension Application {
    /// How large a body the route takes that a target leads to; nil for one that leads nowhere.
    /// Asked by the event loops for every request with a body, so it only looks things up.
    public func bodyLimit(_ method: HTTPMethod, _ target: String) -> Int? {
        let segments = target.prefix { $0 != "?" }.split(separator: "/").map(String.init)
        if segments.starts(with: ["api", "v1"]) {
            guard case .found(let found, _) = apiRouter.match(method, Array(segments.dropFirst(2)))
            else { return nil }
            return found.route.mostBytes
        }
        guard case .found(let route, _) = router.match(method, segments) else { return nil }
        return route.mostBytes
    }
}
