import Basics
import TestSupport
import Testing

@testable import Core

@Suite struct RoleTests {
    private func makeRole(
        _ test: TestApplication, _ name: String, _ permissions: Permission...
    ) throws -> CustomRole {
        try test.write {
            try $0.createRole(CustomRoleDraft(name: name, permissions: Set(permissions)))
        }
    }

    /// Gives the agent that role instead.
    private func assign(_ role: CustomRole, _ test: TestApplication) throws {
        let agent = try #require(test.people[.agent])
        let form: KeyValuePairs = ["role": role.id.description]
        #expect(try test.post("/settings/colleagues/\(agent.id)", form).status == 303)
    }

    @Test func aRoleOfOnesOwnAllowsWhatItSaysAndNothingElse() throws {
        let test = try TestApplication()
        let form: KeyValuePairs = [
            "name": "Secrétariat", "permission": "readJournal", "permission": "closePeriods",
        ]
        #expect(try test.post("/settings/roles", form).status == 303)
        #expect(try test.get("/settings/roles").text.contains("Secrétariat"))
        let role = try #require(try test.read { try $0.customRoles().first })
        #expect(
            role.permissions == [.readJournal, .closePeriods, .readBooks, .manageSelf],
            "whoever closes periods sees the books")
        try assign(role, test)
        #expect(try test.get("/journal", as: .agent).status == 200)
        #expect(try test.get("/settings/colleagues", as: .agent).status == 403)
        #expect(try test.get("/settings/company", as: .agent).status == 403)
    }

    @Test func whatARoleAllowsChangesAtOnceForThoseWhoHaveIt() throws {
        let test = try TestApplication()
        let role = try makeRole(test, "Lecture", .readJournal)
        try assign(role, test)
        #expect(try test.get("/journal", as: .agent).status == 200)
        let form: KeyValuePairs = ["name": "Lecture", "version": "1"]
        #expect(try test.post(role.address, form).status == 303)
        #expect(try test.get("/journal", as: .agent).status == 403)
        #expect(try test.get("/account", as: .agent).status == 200)
        let stale: KeyValuePairs = ["name": "Tout", "version": "1"]
        #expect(try test.post(role.address, stale).status == 409, "somebody changed it since")
    }

    @Test(arguments: ["manageOrganisation", "manageColleagues", "browseData", "readOwnDocuments"])
    func whatMakesAnOwnerIsInNoOtherRole(permission: String) throws {
        let test = try TestApplication()
        let form: KeyValuePairs = ["name": "Direction", "permission": permission]
        let answer = try test.post("/settings/roles", form)
        #expect(answer.status == 422 && answer.text.contains("id=\"f-permission-e\""))
        let role = CustomRole(
            id: ID(UniqueID.make(at: .now)), name: "Direction", codes: [permission])
        #expect(role.permissions == [.manageSelf], "nor when it stands in the database")
    }

    @Test func nobodyGivesMoreThanTheyMayThemselves() throws {
        let test = try TestApplication()
        let accountant = try #require(test.people[.accountant])
        let owner = try #require(test.people[.owner])
        try test.write(as: .agent) { transaction in
            #expect(throws: Problem.self) {
                try transaction.changeRole(of: accountant.id, to: .owner)
            }
            #expect(throws: Problem.self) { try transaction.archiveColleague(owner.id) }
            #expect(throws: Problem.self) {
                try transaction.invite(
                    InvitationDraft(name: "N", email: "n@altavista.example", role: .owner))
            }
            #expect(throws: Problem.self) {
                try transaction.createRole(
                    CustomRoleDraft(name: "Tout", permissions: [.closePeriods]))
            }
        }
        #expect(try test.read { try $0.colleague(accountant.id).role } == .accountant)
    }

    @Test func aRoleThatSomebodyHasStays() throws {
        let test = try TestApplication()
        let role = try makeRole(test, "Accueil", .readClients)
        try assign(role, test)
        #expect(try test.post(role.address + "/delete").status == 409)
        let agent = try #require(test.people[.agent])
        _ = try test.post("/settings/colleagues/\(agent.id)", ["role": "agent"])
        #expect(try test.post(role.address + "/delete").status == 303)
        #expect(try test.get(role.address).status == 404)
    }

    @Test(arguments: ["", "Comptable", "owner", String(repeating: "r", count: 101)])
    func aNameThatIsMissingTakenOrTooLongIsNamed(name: String) throws {
        let test = try TestApplication()
        let answer = try test.post("/settings/roles", ["name": name])
        #expect(answer.status == 422 && answer.text.contains("id=\"f-name-e\""))
    }

    @Test func twoRolesOfOneNameAreRefused() throws {
        let test = try TestApplication()
        _ = try makeRole(test, "Accueil", .readClients)
        let answer = try test.post("/settings/roles", ["name": "ACCUEIL"])
        #expect(answer.status == 422 && answer.text.contains("id=\"f-name-e\""))
    }

    @Test func aRoleOfAnotherOrganisationIsNotThere() throws {
        let (test, other) = (try TestApplication(), try TestApplication())
        let role = try makeRole(other, "Accueil", .readClients)
        #expect(try test.get(role.address).status == 404)
        let agent = try #require(test.people[.agent])
        let form: KeyValuePairs = ["role": role.id.description]
        #expect(try test.post("/settings/colleagues/\(agent.id)", form).status == 422)
    }

    @Test func aPermissionThatTheProgramDoesNotKnowGivesNothing() {
        let role = CustomRole(
            id: ID(UniqueID.make(at: .now)), name: "Plus tard",
            codes: ["readTheFuture", "readOwnDocuments"])
        #expect(role.permissions == [.manageSelf])
    }

    @Test func theTableOfRolesShowsEachPermission() throws {
        let text = try TestApplication().get("/settings/roles").text
        for permission in Permission.allCases {
            #expect(text.contains(permission.label.french))
        }
        #expect(
            text.components(separatedBy: "<td class=\"yes\">").count - 1
                == Role.builtIn.reduce(0) { $0 + $1.permissions.count })
    }
}
