import Basics
import Database
import HTTP
import WebClient

/// The running program: its database, its routes, its files.
public final class Application: Sendable {
    public let pool: Pool
    public let clock: Clock
    /// In the order in which they stand on the home page and in search.
    let capabilities: [any Capability.Type]
    public let routes: [Routes.Route]
    /// Every action of the journal, by name.
    public let actions: [String: Action]
    /// Every kind of job, by name.
    public let jobKinds: [String: JobKind]
    public let checks: [Check]
    public let assets: Assets
    /// The folder of the program's own data, such as mappings of imports.
    public let resources: String
    /// The folder of files that are made for people to fetch and can be made again.
    public let archives: String
    /// The file of who was erased; none in tests.
    public let erasures: String?
    public let passwords: PasswordHasher
    /// Shown on the sign-in page of a demonstration, empty otherwise.
    public let demonstrationLogins: [DemonstrationLogin]
    /// Looks after the backups; nil where the program does not make them.
    let backups: BackupWatch?
    /// Guards the page where the first account is made; without one that page is closed.
    let firstStart: FirstStartCode?
    /// 32 bytes that sign forms and seal cookies.
    let secretKey: [UInt8]
    /// Opens the keys of the secrets in the database.
    public let vault: Vault
    let router: Router<Routes.Route>
    let apiRouter: Router<APIRoute>
    /// What programs may do, in the order of the routes.
    let apiRoutes: [APIRoute]
    let rateLimit: RateLimit
    /// How often people without a session, and programs without a token, may ask.
    let visitorLimit: RateLimit
    let liveCounters: [LiveCounter]
    let liveCounts = LiveCounts()
    let listeners = LiveListeners()
    let signingKeys = SigningKeys()
    let usage = APIUsage()
    let providers = ProviderGate()
    public let watch = Watch()
    let meter: RequestMeter
    /// Reaches the addresses that organisations give.
    public let webClient: WebClient
    /// This program itself, which reads files of strangers in a process of their own.
    public let program: String

    public init(
        pool: Pool, capabilities: [any Capability.Type], assets: Assets, secretKey: [UInt8],
        masterKeys: (@Sendable () -> [MasterKey])? = nil, clock: Clock = .system,
        passwords: PasswordHasher = PasswordHasher(),
        demonstrationLogins: [DemonstrationLogin] = [], firstStart: FirstStartCode? = nil,
        requestsPerMinute: Int = Application.standardRequestsPerMinute,
        visitorRequestsPerMinute: Int = Application.standardVisitorRequestsPerMinute,
        webClient: WebClient = WebClient(), resources: String = "",
        archives: String = "/tmp/comptoir-archives", backups: BackupWatch? = nil,
        erasures: String? = nil,
        program: String = HelperProcess.ownProgram
    ) {
        precondition(secretKey.count == 32, "the secret key has 32 bytes")
        var routes = Routes()
        for capability in capabilities { capability.routes(&routes) }
        var router = Router<Routes.Route>()
        for route in routes.all { router.add(route.method, route.pattern, route) }
        var apiRouter = Router<APIRoute>()
        let apiRoutes = routes.all.filter { $0.operation != nil }.enumerated().compactMap {
            number, route in
            route.operation.map { APIRoute(route: route, operation: $0, number: number) }
        }
        for route in apiRoutes { apiRouter.add(route.operation.method, route.pattern, route) }
        self.pool = pool
        self.capabilities = capabilities
        self.routes = routes.all
        actions = Dictionary(
            uniqueKeysWithValues: capabilities.flatMap { $0.actions }.map { ($0.name, $0) })
        jobKinds = Dictionary(
            uniqueKeysWithValues: capabilities.flatMap { $0.jobs }.map { ($0.name, $0) })
        checks = capabilities.flatMap { $0.checks }
        self.router = router
        self.apiRouter = apiRouter
        self.apiRoutes = apiRoutes
        meter = RequestMeter(routes.all, apiRoutes)
        rateLimit = RateLimit(requestsPerMinute: requestsPerMinute)
        visitorLimit = RateLimit(requestsPerMinute: visitorRequestsPerMinute)
        liveCounters = capabilities.flatMap { $0.liveCounters }
        self.webClient = webClient
        self.program = program
        self.assets = assets
        self.resources = resources
        (self.archives, self.erasures) = (archives, erasures)
        self.backups = backups
        self.secretKey = secretKey
        vault = Vault(
            pool, readMasters: masterKeys ?? { [MasterKey(secretKey)] }, secretKey: secretKey,
            clock: clock)
        self.clock = clock
        self.passwords = passwords
        self.demonstrationLogins = demonstrationLogins
        self.firstStart = firstStart
    }

    /// Before the program ends: writes what it counted.
    public func finish() throws { try usage.flush(pool, at: clock.now()) }

    /// Answers one request. Never throws: what goes wrong becomes a page that says so.
    public func respond(_ http: HTTPRequest) -> HTTPResponse {
        meter.begin()
        var series = meter.files
        var response =
            assets.response(to: http)
            ?? (Application.isAPI(http)
                ? respondToProgram(http, &series) : routed(http, &series))
        SecurityHeaders.add(to: &response, http)
        meter.end(
            series, status: response.status,
            microseconds: Int(http.startedAt.duration(to: .now) / .microseconds(1)))
        return response
    }

    private func routed(_ http: HTTPRequest, _ series: inout RequestMeter.Series) -> HTTPResponse {
        series = meter.unknownPages
        let now = clock.now()
        var request = Request(
            http: http, parameters: [:], application: self, now: now, signedIn: nil)
        do {
            switch router.match(http) {
            case .notFound:
                request = try signedIn(request, parameters: [:])
                throw Problem.notFound
            case .methodNotAllowed(let allowed):
                var response = ProblemPage.response(
                    .badRequest(Text("Méthode refusée.", "Method not allowed.")), request)
                response.status = 405
                response.headers.set("Allow", allowed.map(\.rawValue).joined(separator: ", "))
                return response
            case .found(let route, let parameters):
                series = meter.pages[route.number]
                if route.isBare { return try route.handler(request).response(to: request) }
                request = try signedIn(request, parameters: parameters)
                try admit(request, to: route)
                let response = try route.handler(request).response(to: request)
                try note(route, request, response)
                return response
            }
        } catch {
            return failure(error, request)
        }
    }

    private func signedIn(_ request: Request, parameters: [String: String]) throws -> Request {
        var session: Session?
        if let token = request.http.cookies[Session.cookieName], token.utf8.count == 64 {
            session = try pool.withConnection { connection in
                let found = try connection.session(token: token, at: request.now)
                if let found,
                    found.lastSeenAt.adding(seconds: Session.touchSeconds) < request.now
                {
                    try connection.touchSession(token: token, at: request.now)
                    // A session from before links in mails began anywhere.
                    if found.role == .owner, found.organisation.origin.isEmpty, !found.isBound {
                        try connection.transaction { connection in
                            try connection.act(
                                in: found.organisation, as: found.user, at: request.now
                            ) { try $0.noteOrigin(request.origin) }
                        }
                    }
                }
                return found
            }
        }
        if session == nil { try countVisitor(request) }
        return Request(
            http: request.http, parameters: parameters, application: self, now: request.now,
            signedIn: session)
    }

    /// Whoever is signed in is not counted: a whole company may have one address.
    func countVisitor(_ request: Request) throws {
        let answer = visitorLimit.take(request.http.network, at: request.now)
        if answer.isExceeded {
            throw Problem.tooManyAttempts(retryAfterSeconds: answer.secondsToReset)
        }
    }

    private func admit(_ request: Request, to route: Routes.Route) throws {
        guard let permission = route.permission else { return }
        guard let session = request.signedIn else { throw Problem.signInRequired }
        guard session.role.allows(permission) else { throw Problem.forbidden }
        if route.method != .get { try FormToken.check(request) }
        if session.organisation.requiresSecondFactor, !session.hasProvenTwice,
            !SecondFactorPages.isOpenBefore(route)
        {
            throw Redirection(path: SecondFactorPages.path)
        }
        if !session.organisation.isSetUp, session.role == .owner, !Setup.isOpenBefore(route) {
            throw Redirection(path: "/setup")
        }
    }

    func failure(_ error: any Error, _ request: Request) -> HTTPResponse {
        switch error {
        case let redirection as Redirection:
            return .redirect(to: redirection.path)
        case let problem as Problem:
            return ProblemPage.response(problem, request)
        case let error as DatabaseError:
            if let problem = Problem(error) {
                if problem == .unavailable { Log.warning("database unavailable") }
                if problem == .storageFull { Log.warning("disk full") }
                return ProblemPage.response(problem, request)
            }
            Log.error(
                "database error",
                [
                    "request": .string(request.http.id), "state": .string(error.sqlState),
                    "error": .string(error.message),
                    "path": .string(LoggedPath.of(request.http.path)),
                ])
        default:
            Log.error(
                "handler failed",
                [
                    "request": .string(request.http.id),
                    "path": .string(LoggedPath.of(request.http.path)),
                    "error": .string(String(describing: type(of: error))),
                ])
        }
        return ProblemPage.fault(request)
    }
}

/// Leads elsewhere from the depth of a handler.
struct Redirection: Error {
    let path: String
}
