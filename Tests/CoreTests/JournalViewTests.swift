import Basics
import TestSupport
import Testing

@testable import Core

/// Audit, access log and system log are views of the one journal: each entry of it shows where it belongs.
struct JournalViewTests {
    @Test func changesReadingAndWhatTheProgramDidAreToldApart() throws {
        let test = try TestApplication()
        try test.write { transaction in
            for (action, label) in [
                (Action.passwordChanged, "changed by Claire"), (.dataExported, "taken along"),
                (.documentOpened, "looked at"), (.bankDataRead, "account seen"),
                (.organisationExported, "everything"),
            ] {
                try transaction.record(action, .user, nil, label: label)
            }
        }
        var scope = try test.scope()
        (scope.user, scope.actorName) = (nil, "Comptoir")
        try test.pool.transaction(scope, at: test.clock.now) {
            try $0.record(.profileUpdated, .user, nil, label: "by itself")
        }
        let reads = ["taken along", "looked at", "account seen", "everything"]
        let shown: [(String, [String])] = [
            ("changes", ["changed by Claire", "by itself"]), ("reads", reads),
            ("system", ["by itself"]), ("", reads + ["changed by Claire", "by itself"]),
        ]
        for (view, labels) in shown {
            for address in ["/journal", "/journal/export"] {
                let text = try test.get("\(address)?view=\(view)&kind=user").text
                for label in reads + ["changed by Claire", "by itself"] {
                    #expect(
                        text.contains(label) == labels.contains(label),
                        "\(address) \(view) \(label)")
                }
            }
        }
    }
}
