import Basics
import Core
import HTTP
import Sales
import Testing
import TestSupport

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

    @Test func everyFormThatChangesSomethingNeedsItsToken() throws {
        let test = try TestApplication(all: capabilities)
        for route in test.application.routes where route.method != .get {
            guard route.permission != nil else { continue }
            let target = target(route, UniqueID.make(at: test.clock.now))
            let answer = try test.respond(
                route.method, target, form: [("_token", "00000000000000000000000000000000")])
            #expect(answer.status == 400, "\(route.pattern) answers \(answer.status)")
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
