import Basics
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// Whatever permissions a role puts together, its pages lead nowhere that it may not go.
struct RolePageTests {
    static let combinations: [Set<Permission>] = [
        [.readOwnDay], [.readOrders], [.readPayments], [.readJournal], [.readMails],
        [.readImports], [.writeQuotes, .readBooks], [.writeInvoices],
    ]

    @Test(arguments: combinations)
    func noPageLeadsWhereItsReaderMayNotGo(permissions: Set<Permission>) throws {
        let filled = try FilledOrganisation()
        let test = filled.test
        let role = try test.write {
            try $0.createRole(CustomRoleDraft(name: "Sur mesure", permissions: permissions))
        }
        let agent = try #require(test.people[.agent])
        _ = try test.post("/settings/colleagues/\(agent.id)", ["role": role.id.description])
        var refused = Set<String>()
        for visit in try Visitor(test, as: .agent).visits(links: false) where visit.answer.isPage {
            guard visit.answer.status == 200 else { continue }
            for link in visit.answer.links {
                let path = String(link.prefix { $0 != "?" && $0 != "#" })
                let segments = path.split(separator: "/").map(String.init)
                guard case .found(let route, _) = test.application.router.match(.get, segments),
                    let permission = route.permission, !role.role.allows(permission)
                else { continue }
                refused.insert("\(visit.pattern) → \(route.pattern)")
            }
        }
        #expect(refused.isEmpty, "\(refused.sorted().joined(separator: "\n"))")
    }
}
