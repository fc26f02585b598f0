import Basics
@testable import Core
import Database
import DatabaseTesting
import HTTP
import WebClient

/// The program with a new organisation of its own and one person of each role, on the database that
/// all tests share.
///
///     let test = try TestApplication(Clients.self)
///     let answer = try test.post("/clients", ["name": "Aubrac"], as: .agent)
///     #expect(answer.status == 303)
public final class TestApplication: Sendable {
    public struct Person: Sendable {
        public let id: User.ID
        public let email: String
        /// The value of the session's cookie.
        public let token: String
    }

    /// What every person of every test signs in with.
    public static let password = "correct horse battery staple"
    /// Cheap, because a test is no place to slow down guessing.
    public static let passwords = PasswordHasher(memoryKibibytes: 64, passes: 1, parallel: 4)
    public static let secretKey = [UInt8](repeating: 7, count: 32)

    public let application: Application
    public let clock: TestClock
    public let organisationID: Organisation.ID
    public let people: [Role: Person]
    public let pool: Pool

    /// - Parameters:
    ///   - capabilities: those whose pages and actions the test needs, beside those of Core.
    ///   - isSetUp: whether the company's identity is filled in; without it owners see `/setup` only.
    public convenience init(
        _ capabilities: any Capability.Type..., clock: TestClock = TestClock(),
        currency: Currency = .euro, language: Language = .french, isSetUp: Bool = true
    ) throws {
        try self.init(
            all: capabilities, clock: clock, currency: currency, language: language,
            isSetUp: isSetUp)
    }

    /// `pool` is that of all tests, or of a database of the test's own.
    public init(
        all capabilities: [any Capability.Type], clock: TestClock = TestClock(),
        currency: Currency = .euro, language: Language = .french, isSetUp: Bool = true,
        pool: Pool = TestDatabase.pool, passwords: PasswordHasher = TestApplication.passwords,
        webClient: WebClient = WebClient(), backups: BackupWatch? = nil
    ) throws {
        self.clock = clock
        self.pool = pool
        let others = capabilities.filter { given in
            !TestApplication.core.contains { $0 == given }
        }
        application = Application(
            pool: pool, capabilities: TestApplication.core + others,
            assets: try TestApplication.assets.get(), secretKey: TestApplication.secretKey,
            clock: clock.clock, passwords: passwords, webClient: webClient,
            resources: TestDatabase.repository + "/Resources", backups: backups,
            program: TestDatabase.repository + "/.build/debug/comptoir")
        let id: Organisation.ID = ID(UniqueID.make(at: clock.now))
        organisationID = id
        people = try pool.withConnection { connection in
            try connection.transaction { connection in
                try connection.createOrganisation(
                    id: id, slug: "test-" + id.description, name: "Alta Vista Drones",
                    currency: currency, language: language)
                if isSetUp { try connection.fillIn(id) }
                var people: [Role: Person] = [:]
                for role in Role.builtIn {
                    people[role] = try connection.addPerson(role, to: id, language, at: clock.now)
                }
                return people
            }
        }
    }

    /// What every application of a test has.
    public static let core = Application.coreCapabilities

    public var organisation: Organisation {
        get throws {
            guard
                let organisation = try pool.withConnection({
                    try $0.organisation(organisationID)
                })
            else { throw Problem.notFound }
            return organisation
        }
    }

    /// Somebody of that role, as verbs see them.
    public func scope(_ role: Role = .owner) throws -> Scope {
        guard let person = people[role] else { throw Problem.notFound }
        let session = try pool.withConnection {
            try $0.session(token: person.token, at: clock.now)
        }
        guard let session else { throw Problem.signInRequired }
        return Scope(
            organisation: session.organisation, user: session.user, role: role,
            address: "127.0.0.1", vault: application.vault)
    }

    /// Runs verbs in a transaction that commits.
    @discardableResult public func write<Answer>(
        as role: Role = .owner, _ body: (Transaction) throws -> Answer
    ) throws -> Answer {
        try pool.transaction(scope(role), at: clock.now, body)
    }

    public func read<Answer>(
        as role: Role = .owner, _ body: (Transaction) throws -> Answer
    ) throws -> Answer {
        try pool.transaction(scope(role), at: clock.now, readOnly: true, body)
    }

    /// A person in front of a browser that remembers cookies and follows redirections; nobody is signed
    /// in when `role` is nil.
    public func browser(as role: Role? = .owner) -> Browser {
        Browser(application, token: role.flatMap { people[$0] }?.token)
    }

    /// Assets under their plain names.
    public static let assets = Result { try makeAssets() }
}

/// Opens and seals as every `TestApplication` does.
public func testVault(_ pool: Pool) -> Vault {
    Vault(
        pool, readMasters: { [MasterKey(TestApplication.secretKey)] },
        secretKey: TestApplication.secretKey, clock: .system)
}

extension Connection {
    /// What the law asks of an issuer, so that invoices can be issued.
    fileprivate func fillIn(_ id: Organisation.ID) throws {
        try run(
            """
            UPDATE organisations SET legal_form = 'SAS', share_capital = '10 000 €',
                siren = '732829320', siret = '73282932000074', vat_number = 'FR44732829320',
                trade_register = 'RCS Lyon', street = '12 quai Perrache', postal_code = '69002',
                city = 'Lyon', email = 'contact@altavista.example', phone = '+33465710000',
                iban = 'FR7630006000011234567890189', bic = 'AGRIFRPP', is_set_up = true
            WHERE id = \(id)
            """)
    }

    fileprivate func addPerson(
        _ role: Role, to organisation: Organisation.ID, _ language: Language, at now: Instant
    ) throws -> TestApplication.Person {
        let id: User.ID = ID(UniqueID.make(at: now))
        let email = "\(role.code)-\(id)@altavista.example"
        let names: [Role: String] = [
            .owner: "Claire Monnier", .agent: "Paul Ancel", .accountant: "Inès Roche",
        ]
        try createUser(
            id: id, email: email, name: names[role] ?? role.code,
            passwordHash: TestApplication.passwordHash, language: language)
        try addMembership(id, to: organisation, as: role)
        let token = try startSession(
            user: id, organisation: organisation, from: SessionOrigin(address: "127.0.0.1"), at: now
        )
        return TestApplication.Person(id: id, email: email, token: token)
    }
}

extension TestApplication {
    fileprivate static let passwordHash = passwords.hash(password)
}
