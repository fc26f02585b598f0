import Basics
import Database

// What the person who runs the program does to accounts from its command line, acting for nobody.

/// Somebody who is to have an account.
public struct NewPerson: Sendable {
    public var email: String
    public var name: String
    public var passwordHash: String
    public var language: Language

    public init(email: String, name: String, passwordHash: String, language: Language) {
        self.email = email
        self.name = name
        self.passwordHash = passwordHash
        self.language = language
    }
}

/// One person in one organisation.
public struct AccountRow: Record, Sendable {
    public var email: String
    public var name: String
    public var organisation: String
    public var role: Role
    public var isActive: Bool

    public init(row: Row) throws {
        email = try row["email"]
        name = try row["name"]
        organisation = try row["slug"]
        role = try Role(row: row)
        isActive = try row["is_active"]
    }
}

extension Connection {
    /// Everybody who has or had access, by organisation.
    public func everybody() throws -> [AccountRow] {
        try all(
            """
            SELECT u.email, u.name, o.slug, \(Role.columns()),
                m.archived_at IS NULL AS is_active
            FROM memberships m
            \(Role.join())
            JOIN users u ON u.id = m.user_id
            JOIN organisations o ON o.id = m.organisation_id
            ORDER BY o.slug, u.email
            """)
    }

    /// A new organisation whose owner is this person.
    public func found(
        _ name: String, owner person: NewPerson, currency: Currency = .euro, at now: Instant
    ) throws {
        try transaction { connection in
            let id: Organisation.ID = ID(UniqueID.make(at: now))
            try connection.createOrganisation(
                id: id, slug: Organisation.slug(for: name), name: name, currency: currency,
                language: person.language)
            guard let organisation = try connection.organisation(id) else {
                throw Problem.notFound
            }
            try connection.act(in: organisation, at: now) {
                try $0.record(
                    .organisationCreated, .organisation, id.value, label: organisation.name)
            }
            try connection.insert(person, as: .owner, to: organisation, at: now)
        }
    }

    /// A person with a role in an organisation. Somebody who has an account already keeps its password.
    public func add(
        _ person: NewPerson, as role: Role, to organisation: Organisation, at now: Instant
    ) throws {
        try transaction { try $0.insert(person, as: role, to: organisation, at: now) }
    }

    /// Throws `Problem.invalid` when nobody has that address.
    public func replacePassword(of email: String, with hash: String, at now: Instant) throws {
        try transaction { connection in
            guard let account = try connection.account(email: email) else {
                throw Problem.unknownAddress
            }
            try connection.replacePassword(of: account.user, with: hash, at: now)
            guard let id = account.organisation,
                let organisation = try connection.organisation(id)
            else { return }
            try connection.act(in: organisation, at: now) {
                try $0.record(.passwordReplaced, .user, account.user.value, label: email)
            }
        }
    }

    /// Throws `Problem.invalid` when nobody has that address.
    public func removeSecondFactor(of email: String, at now: Instant) throws {
        try transaction { connection in
            guard let account = try connection.account(email: email),
                let id = account.organisation, let organisation = try connection.organisation(id)
            else {
                throw Problem.unknownAddress
            }
            try connection.act(in: organisation, at: now) {
                try $0.removeSecondFactor(of: account.user, named: email)
                try $0.removePasskeys(of: account.user, named: email)
            }
        }
    }

    func insert(
        _ person: NewPerson, as role: Role, to organisation: Organisation, at now: Instant
    ) throws {
        var id: User.ID = ID(UniqueID.make(at: now))
        if let account = try account(email: person.email) {
            id = account.user
        } else {
            try createUser(
                id: id, email: person.email, name: person.name, passwordHash: person.passwordHash,
                language: person.language)
        }
        try addMembership(id, to: organisation.id, as: role)
        try act(in: organisation, at: now) {
            try $0.record(
                .accountAdded, .user, id.value, label: person.name,
                details: ["role": .string(role.code)])
        }
    }

    /// Verbs within the transaction that is open, in the name of the program or of somebody who is not
    /// signed in yet.
    func act(
        in organisation: Organisation, as user: User? = nil, at now: Instant,
        from place: SessionOrigin = SessionOrigin(address: ""), _ body: (Transaction) throws -> Void
    ) throws {
        let scope = Scope(
            organisation: organisation, user: user, role: .owner, address: place.address,
            userAgent: place.userAgent)
        let settings = scope.settings(now: now).map { name, value -> SQL in
            "set_config(\(name), \(value), true)"
        }
        try run("SELECT \(SQL.joined(settings, separator: ", "))")
        try body(Transaction(self, scope, now: now))
    }
}

extension Problem {
    fileprivate static let unknownAddress = Problem.invalid(
        "email", Text("Personne n’a cette adresse.", "Nobody has this address."))
}

extension Action {
    static let accountAdded = Action(
        "user.added", Text("a donné accès à", "gave access to"), icon: "user-plus", severity: .high)
    static let passwordReplaced = Action(
        "user.password_replaced", Text("a remplacé le mot de passe de", "replaced the password of"),
        icon: "key-round", severity: .high)
}
