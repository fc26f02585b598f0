import Basics
import HTTP
import Sales
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// What holds for every route there is, generated from the table of routes.
struct RouteTests {
    /// A target of the route whose parameters name nothing.
    private func target(_ route: Routes.Route, _ id: UniqueID) -> String {
        "/"
            + route.pattern.split(separator: "/").map { $0.hasPrefix(":") ? "\(id)" : String($0) }
            .joined(separator: "/")
    }

    private func ask(_ test: TestApplication, _ route: Routes.Route, as role: Role?) throws
        -> Answer
    {
        try test.respond(route.method, target(route, UniqueID.make(at: test.clock.now)), as: role)
    }

    @Test func nobodyPassesARouteThatTheirRoleDoesNotAllow() throws {
        let test = try TestApplication(all: capabilities)
        for route in test.application.routes {
            guard let permission = route.permission else { continue }
            let name = "\(route.method.rawValue) \(route.pattern)"
            let stranger = try ask(test, route, as: nil)
            #expect([303, 401].contains(stranger.status), "\(name) lets strangers in")
            for role in Role.builtIn where !role.allows(permission) {
                #expect(try ask(test, route, as: role).status == 403, "\(name) lets \(role) in")
            }
        }
    }

    @Test func aRouteWithAnUnknownIdAnswers404AndNoneFails() throws {
        let test = try TestApplication(all: capabilities)
        for route in test.application.routes where route.permission != nil {
            if route.pattern.hasPrefix("sign-out") { continue }
            let name = "\(route.method.rawValue) \(route.pattern)"
            let answer = try ask(test, route, as: .owner)
            #expect(answer.status < 500, "\(name) answers \(answer.status)")
            // A preview computes what the form holds and reads no record.
            if route.pattern.contains(":id"), !route.pattern.hasSuffix("/preview") {
                #expect(answer.status == 404, "\(name) answers \(answer.status)")
            }
        }
    }

    /// A session of the owner's that is over.
    private func endedSession(_ test: TestApplication) throws -> String {
        let owner = try #require(test.people[.owner]?.id)
        return try test.pool.withConnection { connection in
            let token = try connection.startSession(
                user: owner, organisation: test.organisationID,
                from: SessionOrigin(address: "127.0.0.1"), at: test.clock.now)
            try connection.endSession(token: token)
            return token
        }
    }

    /// Words that no form of somebody's carries, by what is wrong with them.
    private func wrongWords(_ test: TestApplication) throws -> [(wrong: String, word: String)] {
        [
            ("too short", "00000000000000000000000000000000"),
            ("no word", String(repeating: "zz", count: 32)),
            ("zeros", String(repeating: "00", count: 32)),
            ("of another person", test.formToken(of: try #require(test.people[.agent]?.token))),
            ("of an ended session", test.formToken(of: try endedSession(test))),
            ("of another visitor", test.formToken(of: Random.token())),
            ("of nobody", test.formToken(of: "")),
        ]
    }

    @Test func everyFormThatChangesSomethingNeedsItsToken() throws {
        let test = try TestApplication(all: capabilities)
        let (words, ended) = (try wrongWords(test), try endedSession(test))
        for route in test.application.routes where route.method != .get {
            guard route.permission != nil else { continue }
            let target = target(route, UniqueID.make(at: test.clock.now))
            for (wrong, word) in words {
                let answer = try test.respond(route.method, target, form: [("_token", word)])
                #expect(
                    answer.status == 400,
                    "\(route.pattern) takes the word \(wrong): \(answer.status)")
            }
            let late = try test.respond(
                route.method, target, form: [("_token", test.formToken(of: ended))], as: nil,
                headers: ["Cookie": "\(Session.cookieName)=\(ended)"])
            #expect([303, 401].contains(late.status), "\(route.pattern) answers \(late.status)")
        }
    }

    /// Public routes that take something without the word of a form, and why they may.
    private static let withoutWord = [
        "oauth/token":
            "programs send it, with a secret that no browser has and none adds by itself"
    ]

    /// Those that anybody reaches: the form is that of the visitor whose cookie came with it.
    @Test func everyFormOfVisitorsNeedsItsToken() throws {
        let test = try TestApplication(all: capabilities)
        try sendQuote(test)
        let refusal = "session précédente"
        let open = test.application.routes.filter { $0.method != .get && $0.permission == nil }
        #expect(Set(Self.withoutWord.keys).isSubset(of: open.map(\.pattern)))
        for route in open where Self.withoutWord[route.pattern] == nil {
            let target = try #require(try RouteTargets(test).all(of: route).first)
            let (visitor, ended) = (Random.token(), try endedSession(test))
            func send(_ word: String, _ cookie: String?) throws -> Answer {
                var headers: HTTPHeaders = [:]
                if let cookie { headers.set("Cookie", cookie) }
                return try test.respond(
                    route.method, target, form: [("_token", word)], as: nil, headers: headers)
            }
            let own = "\(FormToken.visitorCookie)=\(visitor)"
            let over = "\(Session.cookieName)=\(ended)"
            var attempts: [(String, String, String?)] = [
                ("without a cookie", test.formToken(of: visitor), nil),
                ("of nobody, without a cookie", test.formToken(of: ""), nil),
                ("of the ended session it comes with", test.formToken(of: ended), over),
            ]
            for (wrong, word) in try wrongWords(test) { attempts.append((wrong, word, own)) }
            for (wrong, word, cookie) in attempts {
                let answer = try send(word, cookie)
                #expect(
                    answer.status == 400 && answer.text.contains(refusal),
                    "\(route.pattern) takes the word \(wrong): \(answer.status)")
            }
            let heard = try send(test.formToken(of: visitor), own)
            #expect(!heard.text.contains(refusal), "\(route.pattern) does not hear its own form")
        }
        #expect(open.count > 10)
    }

    /// So that there is a link which its client may answer.
    private func sendQuote(_ test: TestApplication) throws {
        try test.write { transaction in
            let client = try transaction.createClient(
                ClientDraft(
                    name: "Menuiserie Aubrac", kind: .company,
                    address: PostalAddress(country: "FR"),
                    language: .french))
            var line = DocumentLine(id: transaction.newID(), kind: .item, label: "Vue aérienne")
            line.quantity = Quantity(tenThousandths: 10_000)
            line.unitPrice = UnitPrice(millionths: 450_000_000)
            line.vat = VATRate(.standard, Percentage(hundredths: 2000))
            let quote = try transaction.createQuote(
                QuoteDraft(
                    head: DocumentHead(client: client.id), quotedOn: transaction.today,
                    validUntil: transaction.today.adding(days: 30), lines: [line]))
            _ = try transaction.markQuoteSent(quote.id)
        }
    }

    @Test func theTableOfRolesAndRoutesIsTheOneThatWasReviewed() throws {
        let test = try TestApplication(all: capabilities)
        let lines = test.application.routes.map { route in
            let roles = Role.builtIn.filter { role in
                route.permission.map { role.allows($0) } ?? true
            }
            let who =
                route.permission == nil ? "everyone" : roles.map(\.code).joined(separator: " ")
            return "\(route.method.rawValue) /\(route.pattern): \(who)"
        }.sorted()
        try expectSnapshot(lines.joined(separator: "\n") + "\n", named: "roles-and-routes.txt")
    }
}
