import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// What leaves as a file is noted in the journal.
struct SensitiveReadTests {
    /// The company's own picture, and where a client reads what was sent to them: `shared_document.opened`
    /// notes that.
    private static let open: Set = [
        "logo", "invoices/:id/logo", "deposit-requests/:id/logo", "shared/:shared/logo",
        "shared/:shared/pdf", "settings/layout/preview",
    ]

    @Test func everyRouteThatHandsOutAFileSaysWhatTheJournalNotesOfIt() throws {
        let test = try FilledOrganisation().test
        let routes = Dictionary(
            test.application.routes.filter { $0.method == .get }.map { ($0.pattern, $0) },
            uniquingKeysWith: { first, _ in first })
        var files: Set<String> = []
        for visit in try Visitor(test).visits()
        where visit.answer.response.headers["Content-Disposition"] != nil {
            files.insert(visit.pattern)
            guard !SensitiveReadTests.open.contains(visit.pattern) else { continue }
            #expect(routes[visit.pattern]?.read != nil, "\(visit.pattern)")
        }
        #expect(files.count > 15, "few files were handed out: \(files.sorted())")
    }

    /// By the ends of their names the journal tells reading from changing.
    @Test func everyReadingIsNamedAsOne() throws {
        let test = try FilledOrganisation().test
        let names = Set(test.application.routes.compactMap { $0.read?.action.name })
            .union(["personal_data.read", "bank_data.read", "shared_document.opened"])
        #expect(names.count > 4)
        for name in names {
            #expect(test.application.actions[name] != nil, "\(name)")
            #expect(name.contains(/\.(read|opened|exported)$/), "\(name)")
        }
    }

    @Test func everyAnswerThatShowsASuppliersAccountIsNoted() throws {
        let test = try FilledOrganisation().test
        let program = try test.program()
        let account = FilledOrganisation.supplierAccount
        /// Whether reading it once more, later, leaves an entry more.
        func isNoted(_ read: () throws -> Answer) throws -> Bool {
            test.clock.advance(seconds: 3700)
            let before = try readings(test)
            _ = try read()
            return try readings(test) == before + 1
        }
        var shown: Set<String> = []
        for visit in try Visitor(test).visits() where visit.answer.holds(account) {
            shown.insert(visit.pattern)
            #expect(try isNoted { try test.get(visit.address) }, "\(visit.address)")
        }
        let targets = RouteTargets(test)
        for route in test.application.routes
        where route.method == .get && route.operation != nil {
            for address in try targets.all(of: route) {
                guard try program.get(address).holds(account) else { continue }
                shown.insert("API " + route.pattern)
                #expect(try isNoted { try program.get(address) }, "API \(address)")
            }
        }
        #expect(
            shown.sorted() == [
                "API received-invoices/:id/file", "API suppliers", "API suppliers/:id",
                "received-invoices/:id", "received-invoices/:id/file", "received-invoices/:id/xml",
                "suppliers/:id/edit",
            ])
    }

    private func readings(_ test: TestApplication) throws -> Int {
        try test.read { transaction in
            try transaction.value(
                """
                SELECT count(*) FROM journal_entries
                WHERE organisation_id = \(transaction.organisation)
                    AND action = ANY (\(["bank_data.read", "document.opened"]))
                """) ?? 0
        }
    }
}
