import Basics
import HTTP
import TestSupport
import Testing

@testable import Core

/// What holds for every operation of the API, whichever capability it comes from.
struct APIRouteTests {
    private static let filled = Result { try FilledOrganisation().test }

    private static func name(_ route: APIRoute) -> String {
        "\(route.operation.method.rawValue) \(route.pattern)"
    }

    @Test func everyAnswerIsAsItsDescriptionSays() throws {
        let test = try APIRouteTests.filled.get()
        let program = try test.program()
        let targets = RouteTargets(test)
        var read = 0
        for route in test.application.apiRoutes where route.operation.method == .get {
            for address in try targets.all(of: route.route) {
                let answer = try program.get(address)
                // An opening balance has no PDF.
                if answer.status == 409 { continue }
                #expect(answer.status == 200, "\(Self.name(route)) answers \(answer.status)")
                read += 1
                var problems: [PlacedProblem] = []
                switch route.operation.kind {
                case .file(let type):
                    #expect(answer.response.headers["Content-Type"] == type)
                case .list(_, let members):
                    for row in answer.json?["data"]?.array ?? [] {
                        Shape.object(members).check(row, at: "", &problems)
                    }
                default:
                    let properties = route.operation.answer?.properties ?? []
                    Shape.object(properties).check(answer.json ?? .null, at: "", &problems)
                }
                #expect(
                    problems == [], "\(Self.name(route)): \(problems.map(\.place))")
            }
        }
        #expect(read > 30)
    }

    @Test func noOperationAnswersWithoutATokenOrBeyondItsScopes() throws {
        let test = try APIRouteTests.filled.get()
        let targets = RouteTargets(test)
        for route in test.application.apiRoutes {
            let permission = try #require(route.route.permission)
            let scope = try #require(AccessToken.scope(for: permission), "\(Self.name(route))")
            let others = AccessToken.Scope.allCases.filter { $0 != scope }.map(\.rawValue)
            let stranger = TestProgram(
                test: test, secret: "ct_" + String(repeating: "0", count: 64))
            let limited = try test.program(scopes: others)
            for address in try targets.all(of: route.route).prefix(1) {
                let path = route.path(of: address)
                let method = route.operation.method
                #expect(try stranger.call(method, path).status == 401, "\(Self.name(route))")
                #expect(try limited.call(method, path).status == 403, "\(Self.name(route))")
            }
            try test.write { try $0.revokeAccessToken(limited.id($0)) }
        }
    }

    @Test func noOperationFindsWhatAnotherOrganisationHas() throws {
        let reader = try FingerprintReader()
        var figures = IsolationFigures("API")
        for direction in try IsolatedPair().directions {
            let (known, program) = (direction.known.test, try direction.curious.test.program())
            let before = try reader.fingerprint(of: known.organisationID)
            let targets = RouteTargets(known)
            for route in known.application.apiRoutes where route.pattern.contains(":") {
                for address in try targets.all(of: route.route) {
                    figures.asked(Self.name(route))
                    let answer = try program.call(
                        route.operation.method, route.path(of: address), route.sample,
                        headers: route.operation.method == .patch ? ["If-Match": "\"1\""] : [:])
                    figures.expect(
                        answer.status == 404, "\(Self.name(route)): \(answer.status)")
                    figures.expect(!answer.holds(direction.secret), Self.name(route))
                }
            }
            let changed = try reader.fingerprint(of: known.organisationID)
                .differences(from: before)
            figures.expect(changed == [], "changed \(changed)")
        }
        #expect(figures.requests > 200)
        figures.show()
    }

    @Test func everyOperationRefusesWhatItDoesNotKnow() throws {
        let test = try FilledOrganisation().test
        let reader = try FingerprintReader()
        let program = try test.program()
        // The first call notes that the token is used.
        #expect(try program.get("/clients").status == 200)
        let before = try reader.fingerprint(of: test.organisationID)
        let targets = RouteTargets(test)
        for route in test.application.apiRoutes {
            for address in try targets.all(of: route.route).prefix(1) {
                let path = route.path(of: address)
                let method = route.operation.method
                if method == .get {
                    #expect(
                        try program.get(path + "?colour=blue").status == 422, "\(Self.name(route))")
                    continue
                }
                let unknown = try program.call(
                    method, path, ["colour": "blue"], headers: ["If-Match": "*"])
                #expect(unknown.status == 422, "\(Self.name(route)): \(unknown.status)")
                let list = try program.call(method, path, [], headers: ["If-Match": "*"])
                #expect(list.status == 422, "\(Self.name(route)): \(list.status)")
                let text = try program.call(
                    method, path, ["a": 1], headers: ["Content-Type": "text/plain"])
                #expect(text.status == 415, "\(Self.name(route)): \(text.status)")
            }
        }
        #expect(
            try reader.fingerprint(of: test.organisationID).differences(from: before) == [])
    }
}

extension APIRoute {
    /// The address in the API of what a page's address leads to.
    func path(of address: String) -> String {
        let count = pattern.split(separator: "/").count
        return "/" + address.split(separator: "/").prefix(count).joined(separator: "/")
    }

    /// A body of the right shape.
    fileprivate var sample: JSON? {
        guard let fields = operation.body?.fields else { return nil }
        return .object(
            fields.filter { $0.property.isRequired }.map {
                ($0.property.name, $0.property.shape.sample)
            })
    }
}

extension Shape {
    fileprivate var sample: JSON {
        switch self {
        case .id: "01a1fd70-f1c0-72eb-bf49-2a610ab6f6af"
        case .day: "2026-11-21"
        case .choice(let words): .string(words[0])
        case .amount(let range), .integer(let range): .int(max(1, range.lowerBound))
        case .decimal: "1"
        case .flag: true
        case .list: []
        default: "a"
        }
    }
}

extension TestProgram {
    fileprivate func id(_ transaction: Transaction) throws -> AccessToken.ID {
        let found = try transaction.accessTokens().first { secret.hasPrefix($0.start) }
        guard let found else { throw Problem.notFound }
        return found.id
    }
}
