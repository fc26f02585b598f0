import Basics
import Database
import HTTP

/// One request as a handler sees it: who asks, in which language, with which fields.
public struct Request {
    public let http: HTTPRequest
    /// The parts of the path that the route names, such as `id`.
    public internal(set) var parameters: [String: String]
    public let application: Application
    public let now: Instant
    var signedIn: Session?
    /// In which to answer, where it is not the reader's own.
    var language: Language?
    /// Whether a program asks, at `/api/v1`, and reads JSON.
    public internal(set) var isAPI = false
    /// The token that a program showed.
    var grant: TokenGrant?
    /// What a program sent, as the fields of a form.
    var apiForm: Form?
    /// The transaction that a program's whole request runs in.
    var ambient: Transaction?
    /// The secret of a visitor's form, when its cookie is being set with this very answer.
    var visitorSecret: String?
    /// Bank details that its answer shows.
    let bankData = BankDataShown()

    init(
        http: HTTPRequest, parameters: [String: String], application: Application, now: Instant,
        signedIn: Session?
    ) {
        self.http = http
        self.parameters = parameters
        self.application = application
        self.now = now
        self.signedIn = signedIn
    }

    /// The person and their organisation. Routes with a permission always have one.
    public var session: Session {
        guard let signedIn else { preconditionFailure("a public route has no session") }
        return signedIn
    }
    public var isSignedIn: Bool { signedIn != nil }
    public var organisation: Organisation { session.organisation }
    public var currency: Currency { organisation.currency }
    public var today: Day { organisation.day(at: now) }

    /// The reader's language.
    public var say: Language {
        if let language { return language }
        if let signedIn { return signedIn.user.language }
        if isAPI {
            return http.headers["Accept-Language"]?.hasPrefix("en") == true ? .english : .french
        }
        if let chosen = http.query["language"].flatMap(Language.init) { return chosen }
        return http.cookies["comptoir_language"].flatMap(Language.init) ?? .french
    }

    public var scope: Scope {
        let isProgram = grant?.isOfOrganisation == true
        return Scope(
            organisation: session.organisation, user: isProgram ? nil : session.user,
            role: session.role,
            actorName: grant.map {
                isProgram ? $0.name : "\(session.user.name) (\($0.name))"
            },
            address: http.remoteAddress, userAgent: SessionOrigin(self).userAgent,
            vault: application.vault)
    }

    public func may(_ permission: Permission) -> Bool {
        signedIn?.role.allows(permission) ?? false
    }

    /// An identifier from the path. One that is malformed names nothing: `Problem.notFound`.
    public func id<Record>(_ name: String = "id") throws -> ID<Record> {
        guard let id = parameters[name].flatMap(ID<Record>.init) else { throw Problem.notFound }
        return id
    }

    /// Reads within one snapshot.
    public func read<T>(_ body: (Transaction) throws -> T) throws -> T {
        if let ambient { return try body(ambient) }
        return try application.pool.transaction(scope, at: now, readOnly: true, body)
    }

    /// Changes that commit together. What the database refuses and a form can show again is thrown as a
    /// `Problem`.
    public func write<T>(_ body: (Transaction) throws -> T) throws -> T {
        do {
            if let ambient { return try body(ambient) }
            return try application.pool.transaction(scope, at: now, body)
        } catch let error as DatabaseError {
            guard let problem = Problem(error), problem.isShownInForm else { throw error }
            throw problem
        }
    }

    public func form() throws -> Form {
        if let apiForm { return apiForm }
        do {
            return try http.form()
        } catch {
            let text = Text("Le formulaire reçu est illisible.", "The form cannot be read.")
            switch error.status {
            case 413: throw Problem.tooLarge(text)
            case 415: throw Problem.unsupported(text)
            default: throw Problem.badRequest(text)
            }
        }
    }

    /// The file of a form's field; nil when none was sent. A large one stays on the disk, without a
    /// name, and is gone after the request: read it piece by piece, or keep it for a job.
    ///
    ///     guard let file = try request.upload("file") else { … }
    ///     try file.content.pieces { piece in try reader.read(piece) }     // 64 kB at a time
    ///     try file.content.write(toFileAt: path)                          // to keep it
    ///
    /// Its route says how large it may be: `routes.post(…, mostBytes: 100 * 1_048_576, …)`.
    public func upload(_ field: String) throws -> UploadedFile? { try form().upload(field) }

    /// Whether htmx asks for a part of a page rather than a person for the whole.
    public var wantsFragment: Bool { http.headers["HX-Request"] == "true" }
}
