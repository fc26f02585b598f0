import Basics
import Core
import Database
import Sales

/// `comptoir statistics rebuild`
enum StatisticsRebuild {
    static let command = Command(
        words: ["statistics", "rebuild"], summary: "Add up the summaries of the statistics anew",
        details: """
            For every organisation, from its documents. Needed only when comptoir doctor finds that
            a summary is not the sum of its rows.
            """,
        options: InstallationOptions.all, run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.withInstallation { _, pool in
            for organisation in try pool.withConnection({ try $0.organisations() }) {
                let scope = Scope(organisation: organisation, user: nil, role: .owner)
                try pool.transaction(scope, at: .now) { try $0.rebuildStatistics() }
                Output.line("rebuilt    \(organisation.slug)")
            }
        }
        return 0
    }
}
