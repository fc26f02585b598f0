import Basics
import Database

/// Brings a dump into an empty database of a private cluster.
struct DatabaseLoad {
    let addresses: Installation.Addresses
    var isCancelled: () -> Bool = { false }

    /// Throws `BackupError.differs` when what came back is not what was counted.
    func run(_ dump: String, _ figures: BackupFigures?) throws {
        try restore(dump, "pre-data")
        try restore(dump, "data")
        // Before the triggers and policies of the last section exist, which would forbid it.
        try Connection(addresses.owner).runScript(DatabaseLoad.renumberTransactions)
        try restore(dump, "post-data")
        guard let figures, let backup = addresses.backup else { return }
        let differences = figures.differences(from: try BackupFigures(Connection(backup)))
        guard differences.isEmpty else { throw BackupError.differs(differences) }
    }

    private func restore(_ dump: String, _ section: String) throws {
        try ChildProcess.run(
            [
                try Cluster.program("pg_restore"), "--section=\(section)", "--single-transaction",
                "--exit-on-error", "--no-owner", "--no-comments", "--no-password",
                "--dbname=\(addresses.owner)", dump,
            ], isCancelled: isCancelled)
    }

    /// Entries hold the number of the transaction that wrote them, and followers read in that order. A
    /// new cluster counts transactions from the beginning, so that everything written from now on would
    /// stand before what was restored, and be missed. So all that was restored gets the first number of
    /// all, and a follower goes on with the first entry that it has not seen.
    private static let renumberTransactions = """
        UPDATE journal_followers f SET transaction_id = '3', entry_id = coalesce(
            (SELECT min(e.id) - 1 FROM journal_entries e
                WHERE (e.transaction_id, e.id) > (f.transaction_id, f.entry_id)),
            (SELECT max(e.id) FROM journal_entries e), 0);
        UPDATE journal_entries SET transaction_id = '3';
        """
}
