import Basics
import Core
import Database

extension Imports {
    /// How long a file waits for somebody to agree, in seconds.
    private static let waitingSeconds = 30 * 86_400

    public static let leftovers: [Leftover] = [
        .organisation(
            "imports", Text("imports jamais terminés", "imports that nobody finished")
        ) { transaction, removing in
            let oldest = transaction.now.adding(seconds: -waitingSeconds)
            let left: [Import.ID] = try transaction.values(
                """
                SELECT id FROM imports WHERE organisation_id = \(transaction.organisation)
                    AND state IN ('mapping', 'checking', 'ready', 'failed')
                    AND started_at < \(oldest)
                ORDER BY started_at, id
                """)
            if removing { for id in left { try transaction.discardImport(id) } }
            return left.count
        }
    ]
}
