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
}
