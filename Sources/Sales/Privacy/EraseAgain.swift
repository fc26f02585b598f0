import Basics
import Core
import Database

/// What `comptoir restore` and `comptoir import organisation` do before anybody works with what came back.
public enum EraseAgain {
    /// Erases everybody on the list who is there, and notes all of them. Answers how many came back.
    public static func run(_ tombstones: Tombstones, _ pool: Pool, at now: Instant) throws -> Int {
        let organisations = try pool.withConnection { try $0.organisations() }
        let lists = Dictionary(grouping: tombstones.all, by: \.organisation)
        var count = 0
        for organisation in organisations {
            let scope = Scope(organisation: organisation, user: nil, role: .owner)
            for erasure in ordered(lists[organisation.id] ?? []) {
                let came = try pool.transaction(scope, at: now) { try $0.eraseAgain(erasure) }
                if came { count += 1 }
            }
        }
        return count
    }

    /// The same for the organisation of a transaction: with what it brings, or not at all.
    public static func run(_ tombstones: Tombstones, in transaction: Transaction) throws -> Int {
        let list = tombstones.all.filter { $0.organisation == transaction.organisation }
        return try ordered(Array(list)).count { try transaction.eraseAgain($0) }
    }

    /// Contacts first: afterwards their client holds none.
    private static func ordered(_ list: [Erasure]) -> [Erasure] {
        list.sorted { one, other in
            (one.kind == .client ? 1 : 0, one.subject.description)
                < (other.kind == .client ? 1 : 0, other.subject.description)
        }
    }
}

extension Privacy {
    /// Writes the list of the data folder anew when somebody was erased. Killed in between, it does so
    /// again: the position in the journal is noted in the same transaction, after the file.
    public static let listeners = [
        JournalListener("erasures") { connection, entries, application in
            let erasing = entries.filter { $0.action == Action.personErased.name }
            guard !erasing.isEmpty, let path = application.erasures else { return false }
            var tombstones = Tombstones()
            for organisation in Set(erasing.map(\.organisation)) {
                try connection.run(
                    "SELECT set_config('app.organisation', \(organisation.description), true)")
                tombstones.add(try connection.erasures(of: organisation))
            }
            try tombstones.keep(in: path)
            return false
        }
    ]
}
