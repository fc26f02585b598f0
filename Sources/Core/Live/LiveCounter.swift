import Basics

/// A number that pages show and that follows what happens while a page is open.
public struct LiveCounter: Sendable {
    /// How many, and whether somebody should look now.
    struct Count: Sendable, Equatable {
        var number: Int
        var isUrgent: Bool
    }

    /// What pages call it: `mails`.
    let name: String
    /// Who may know it.
    let permission: Permission
    /// What is said aloud when something happens, by what the database told: `mail.sent`.
    let says: [String: Text]
    let count: @Sendable (Transaction) throws -> Count

    init(
        _ name: String, _ permission: Permission, says: [String: Text],
        count: @escaping @Sendable (Transaction) throws -> Count
    ) {
        self.name = name
        self.permission = permission
        self.says = says
        self.count = count
    }
}

extension Transaction {
    /// Every counter of the organisation, whoever may see it.
    func count(_ counters: [LiveCounter]) throws -> [String: LiveCounter.Count] {
        var counts: [String: LiveCounter.Count] = [:]
        for counter in counters { counts[counter.name] = try counter.count(self) }
        return counts
    }
}
