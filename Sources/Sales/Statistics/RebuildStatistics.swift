import Basics
import Core
import Database

extension Transaction {
    /// Makes the summaries anew from the documents: after a repair by hand, or when the doctor finds
    /// that they do not agree. Whoever writes meanwhile waits.
    public func rebuildStatistics() throws {
        try recalculateStatistics()
        try record(
            .statisticsRebuilt, .organisation, organisation.value,
            label: scope.organisation.name)
    }

    /// The same without a word of it in the journal.
    func recalculateStatistics() throws {
        try run("SELECT lock_summaries()")
        try run("SELECT rebuild_statistics(\(organisation))")
    }
}

extension Action {
    static let statisticsRebuilt = Action(
        "statistics.rebuilt", Text("a recalculé les chiffres", "rebuilt the statistics"),
        icon: "chart-column")
}
