import Basics
import Database
import HTTP
import TestSupport

@testable import Core
@testable import Sales
@testable import comptoir

/// All that can be done with the program, once: every page is opened, every form sent, jobs run, checks
/// prove. What was asked for is noted by route.
struct Play {
    let test: TestApplication
    private let client: Client.ID
    private(set) var asked: Set<String> = []

    static func name(_ route: Routes.Route) -> String {
        "\(route.method.rawValue) \(route.pattern)"
    }

    init(_ pool: Pool) throws {
        try Play.foundFirstAccount(pool)
        let filled = try FilledOrganisation(pool: pool)
        test = filled.test
        client = filled.client.id
        let visits = try Visitor(test).visits()
        asked = Set(visits.map { "GET " + $0.pattern })
        try answerQuotes()
        try pressButtons(visits.flatMap(\.answer.changingForms))
        try invoiceDeposits()
        try completeInvoices()
        let fresh = try TestApplication(all: capabilities, isSetUp: false, pool: pool)
        try setUp(fresh)
        try callTheAPI()
        try erasePerson()
        try runTheRest()
        try comeAndGo(fresh)
        try proveIdentity(fresh)
    }

    /// Before anybody else is there.
    private static func foundFirstAccount(_ pool: Pool) throws {
        let code = FirstStartCode()
        let application = Application(
            pool: pool, capabilities: capabilities, assets: try TestApplication.assets.get(),
            secretKey: TestApplication.secretKey, passwords: TestApplication.passwords,
            firstStart: code)
        let browser = Browser(application)
        try browser.get("/welcome")
        try browser.submit(
            "/welcome?language=fr",
            [
                "code": code.text, "organisation": "Drônes", "name": "Claire Monnier",
                "email": "claire@altavista.example", "password": TestApplication.password,
            ])
    }

    private mutating func pressButtons(_ forms: [PageForm]) throws {
        for form in forms.inOrder {
            guard let pattern = test.pattern(of: form) else { continue }
            _ = try test.send(form)
            asked.insert("POST " + pattern)
        }
    }

    /// The second button of a form.
    private mutating func invoiceDeposits() throws {
        for order in try test.read({ try $0.orders(of: client, most: 50) }) {
            _ = try test.post("\(order.path)/deposit-invoices", ["amount": "1"])
        }
        asked.insert("POST orders/:id/deposit-invoices")
    }

    /// Those that a client suspended.
    private mutating func completeInvoices() throws {
        let suspended: [UniqueID] = try test.read { transaction in
            try transaction.values(
                """
                SELECT invoice_id FROM sent_life_cycles
                WHERE organisation_id = \(transaction.organisation) AND status = 208
                """)
        }
        for id in suspended { _ = try test.post("/invoices/\(id)/complete") }
        asked.insert("POST invoices/:id/complete")
    }

    /// As clients do, by their links.
    private mutating func answerQuotes() throws {
        let links = test.application.routes.first { $0.pattern == "shared/:shared" }
        for link in try links.map(RouteTargets(test).all) ?? [] {
            for verb in ["refuse", "accept"] {
                let client = test.browser(as: nil)
                try client.get(link)
                try client.post("\(link)/\(verb)", ["name": "Jeanne Roux"])
                asked.insert("POST shared/:shared/\(verb)")
            }
        }
    }

    private mutating func setUp(_ fresh: TestApplication) throws {
        for step in ["company", "vat", "bank", "look", "numbering"] {
            for var form in try fresh.get("/setup/" + step).changingForms {
                for field in Identity.fields.pairs where form[field.name] != nil {
                    form.set(field.name, field.value)
                }
                guard let pattern = fresh.pattern(of: form), pattern != "setup/finish" else {
                    continue
                }
                _ = try fresh.send(form)
                asked.insert("POST " + pattern)
            }
        }
        _ = try fresh.post("/setup/finish")
        asked.insert("POST setup/finish")
    }

    private mutating func callTheAPI() throws {
        let basic = try test.program()
        let answer = try test.respond(
            .post, "/oauth/token",
            form: [
                ("grant_type", "client_credentials"), ("client_secret", basic.secret),
                ("client_id", try test.read { try $0.accessTokens().first?.id.description ?? "" }),
            ], as: nil)
        let short = TestProgram(
            test: test, secret: answer.json?["access_token"]?.string ?? "")
        try short.get("/clients")
        asked.insert("POST oauth/token")
        test.clock.advance(seconds: Session.touchSeconds + 1)
        let program = try test.program()
        let targets = RouteTargets(test)
        for route in test.application.apiRoutes where route.operation.method == .get {
            for address in try targets.all(of: route.route) { try program.get(address) }
        }
        test.clock.advance(seconds: Session.touchSeconds + 1)
        let client: JSON = ["name": "Notaires Faure", "confirmed": true]
        for _ in 1...2 {
            let made = try program.post("/clients", client, headers: ["Idempotency-Key": "1"])
            try program.patch("/clients/" + (made.json?["id"]?.string ?? ""), ["city": "Lyon"])
        }
    }

    private mutating func runTheRest() throws {
        // Transactions of other tests hold the journal back while they last.
        let end = ContinuousClock.now + .seconds(60)
        while try test.application.followJournal() == 0, ContinuousClock.now < end {}
        try JobRunner(test.application, only: test.organisationID).runDue()
        try test.application.tellListeners(of: test.organisationID, happened: ["mail.sent"])
        try test.application.endListenersWithoutSession()
        for check in test.application.checks {
            guard case .organisation(let run) = check.subject else { continue }
            _ = try test.read(run)
        }
        try care()
    }

    /// What commands and measurements do.
    private func care() throws {
        for check in test.application.checks {
            guard case .mending(let mending) = check.remedy,
                case .organisation(let run) = mending.subject
            else { continue }
            try test.write(run)
        }
        let cleanup = Cleanup(
            pool: test.pool, data: DataFolder("/nonexistent"),
            leftovers: capabilities.flatMap { $0.leftovers })
        for isTrial in [true, false] { _ = try cleanup.run(at: test.clock.now, isTrial: isTrial) }
        _ = try test.read { try $0.use(days: 30) }
        try test.pool.withConnection { connection in
            _ = try connection.databaseGauges(at: test.clock.now)
            for order in SlowStatement.Order.allCases {
                _ = try connection.slowStatements(by: order, most: 1)
            }
        }
    }

    /// Everything by which people prove who they are.
    private mutating func proveIdentity(_ test: TestApplication) throws {
        guard let agent = test.people[.agent], let owner = test.people[.owner] else { return }
        let password = "something new, and long"
        let visitor = test.browser(as: nil)
        try visitor.get("/password-reset")
        try visitor.submit("/password-reset", ["email": agent.email])
        let token = try test.write {
            try $0.connection.newPasswordReset(for: agent.id, at: test.clock.now)
        }
        try visitor.get("/password-reset/new?token=\(token)")
        try visitor.submit("/password-reset/new", ["new_password": password])
        try acceptInvitations(test, known: owner.email)
        try visitor.get("/sign-in/company")
        try visitor.get("/sign-in")
        try visitor.post("/sign-in/company/enter")

        try visitor.signIn(agent.email, password)
        try visitor.get("/account/second-factor")
        try visitor.submit("/account/second-factor", ["current_password": password])
        let code = { try test.code(of: agent.id) }
        try visitor.submit("/account/second-factor/confirm", ["code": try code()])
        test.clock.advance(seconds: 60)
        try visitor.get("/account/second-factor")
        try visitor.submit("/account/second-factor/codes", ["current_password": password])
        let another = test.browser(as: nil)
        try another.signIn(agent.email, password)
        try another.submit("/sign-in/code", ["code": "no such code"])
        try another.submit("/sign-in/code", ["code": try code()])
        try visitor.get("/account")
        try visitor.forms.first { $0.action.hasPrefix("/account/sessions/0") }
            .map { _ = try visitor.submit($0.action) }
        try visitor.forms.first {
            $0.action.hasSuffix("/delete") && $0.action.hasPrefix("/account/sessions/")
        }.map { _ = try visitor.submit($0.action) }
        try visitor.post("/account/sessions/delete-others")
        try usePasskeys(visitor, test, password)
        try visitor.get("/account/second-factor")
        try visitor.post("/account/second-factor/delete", ["current_password": password])
        _ = try test.post("/settings/colleagues/\(agent.id)/second-factor/delete")
        asked.formUnion(
            [
                "password-reset", "password-reset/new", "invitation", "sign-in/code",
                "sign-in/company/enter",
                "account/second-factor/confirm", "account/second-factor/codes",
                "account/second-factor/delete", "account/sessions/:id/delete",
                "account/sessions/delete-others",
                "settings/colleagues/:id/second-factor/delete", "account/passkeys",
                "account/passkeys/challenge", "account/passkeys/:id",
                "account/passkeys/:id/delete", "sign-in/passkey", "sign-in/passkey/challenge",
            ].map { "POST " + $0 })
    }

    /// Adds one, comes in by it, again with a copy of it, and removes it.
    private func usePasskeys(_ visitor: Browser, _ test: TestApplication, _ password: String) throws
    {
        let device = SoftwareAuthenticator()
        try visitor.add(device, visitor.askToAddPasskey(password: password))
        device.signCount = 2
        try meet(device, test)
        try test.browser(as: nil).signIn(with: device)
        device.signCount = 1
        try test.browser(as: nil).signIn(with: device)
        try visitor.get("/account/passkeys")
        let address =
            visitor.text.firstMatch(of: /\/account\/passkeys\/[0-9a-f-]{36}/)
            .map { String($0.output) } ?? ""
        try visitor.get(address)
        try visitor.submit(address, ["name": "Téléphone"])
        try visitor.get(address)
        try visitor.submit(address + "/delete", ["current_password": password])
    }

    /// At an address of the world: this machine's own is always known.
    private func meet(_ device: SoftwareAuthenticator, _ test: TestApplication) throws {
        try test.pool.withConnection { connection in
            guard let passkey = try connection.passkey(credential: device.credential),
                let party = RelyingParty(origin: "https://comptoir.example")
            else { return }
            _ = try connection.isMet(passkey, at: party)
        }
    }

    /// By somebody new, and by somebody who has an account.
    private func acceptInvitations(_ test: TestApplication, known: String) throws {
        let elsewhere = self.test
        for email in ["new-\(test.organisationID)@altavista.example", known] {
            let link = try elsewhere.write { transaction in
                let draft = InvitationDraft(name: "Nora", email: email, role: .agent)
                return try transaction.renewLink(of: transaction.invite(draft).id)
            }
            let guest = elsewhere.browser(as: nil)
            try guest.get(link)
            try guest.submit("/invitation", ["password": TestApplication.password])
        }
    }

    private mutating func comeAndGo(_ test: TestApplication) throws {
        let browser = test.browser(as: nil)
        try browser.get("/welcome")
        try browser.post("/welcome")
        try browser.get("/sign-in")
        let email = test.people[.agent]?.email ?? ""
        try browser.submit("/sign-in", ["email": email, "password": "wrong"])
        try browser.submit(
            "/sign-in", ["email": email, "password": TestApplication.password])
        test.clock.advance(seconds: Session.touchSeconds + 1)
        try browser.get("/account")
        try browser.submit(
            "/account/password",
            ["current_password": TestApplication.password, "new_password": "another one, long"])
        try browser.post("/account/organisation", ["organisation": test.organisationID.description])
        try browser.submit("/sign-out")
        asked.formUnion(
            ["welcome", "sign-in", "account/organisation", "sign-out"].map { "POST " + $0 })
    }
}

extension TestApplication {
    /// What the telephone of somebody shows now.
    fileprivate func code(of user: User.ID) throws -> String {
        let factor = try read { try $0.connection.secondFactor(of: user) }
        return factor?.password(try application.ownKeys, of: user)?
            .password(step: OneTimePassword.step(at: clock.now)) ?? ""
    }
}
