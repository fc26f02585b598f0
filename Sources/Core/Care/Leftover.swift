import Basics
import Database

/// Something that has served its time and may go. Each capability lists what it leaves behind, and
/// `comptoir cleanup` counts and removes it.
public struct Leftover: Sendable {
    enum Place: Sendable {
        case installation(@Sendable (Connection, Instant, _ removing: Bool) throws -> Int)
        case organisation(@Sendable (Transaction, _ removing: Bool) throws -> Int)
        case files(@Sendable (DataFolder, Instant, _ removing: Bool) throws -> Int)
    }

    /// Table or folder, in one word: `sessions`.
    public let name: String
    public let label: Text
    let place: Place

    /// What no single organisation has. Answers how many there are, and removes them when told.
    public static func installation(
        _ name: String, _ label: Text,
        _ run: @escaping @Sendable (Connection, Instant, _ removing: Bool) throws -> Int
    ) -> Leftover {
        Leftover(name: name, label: label, place: .installation(run))
    }

    /// Of each organisation, in a transaction of its own.
    public static func organisation(
        _ name: String, _ label: Text,
        _ run: @escaping @Sendable (Transaction, _ removing: Bool) throws -> Int
    ) -> Leftover {
        Leftover(name: name, label: label, place: .organisation(run))
    }

    /// In the data folder.
    public static func files(
        _ name: String, _ label: Text,
        _ run: @escaping @Sendable (DataFolder, Instant, _ removing: Bool) throws -> Int
    ) -> Leftover {
        Leftover(name: name, label: label, place: .files(run))
    }

    /// Rows of a table without an organisation.
    static func rows(
        _ table: StaticString, _ label: Text, where condition: @escaping @Sendable (Instant) -> SQL
    ) -> Leftover {
        .installation(table.description, label) { connection, now, removing in
            let selection: SQL = "FROM \(raw: table) WHERE \(condition(now))"
            return removing
                ? try connection.run("DELETE \(selection)")
                : try connection.value("SELECT count(*) \(selection)") ?? 0
        }
    }

    /// Rows of a table that an organisation has.
    static func ownRows(
        _ table: StaticString, _ label: Text, where condition: @escaping @Sendable (Instant) -> SQL
    ) -> Leftover {
        .organisation(table.description, label) { transaction, removing in
            let selection: SQL = """
                FROM \(raw: table) WHERE organisation_id = \(transaction.organisation)
                    AND \(condition(transaction.now))
                """
            return removing
                ? try transaction.run("DELETE \(selection)")
                : try transaction.value("SELECT count(*) \(selection)") ?? 0
        }
    }
}

/// Removes what has served its time.
public struct Cleanup {
    /// How much of one thing there was.
    public struct Result: Sendable {
        public var name: String
        public var label: Text
        /// Its short name; nil for what no single organisation has.
        public var organisation: String?
        public var count: Int
    }

    private let pool: Pool
    private let data: DataFolder
    private let leftovers: [Leftover]

    public init(pool: Pool, data: DataFolder, leftovers: [Leftover]) {
        self.pool = pool
        self.data = data
        self.leftovers = leftovers
    }

    /// Counts, and removes unless `isTrial`. Each organisation's journal notes what left it.
    public func run(at now: Instant, isTrial: Bool) throws -> [Result] {
        var results: [Result] = []
        for leftover in leftovers {
            switch leftover.place {
            case .installation(let run):
                let count = try pool.withConnection { try run($0, now, !isTrial) }
                results.append(
                    Result(name: leftover.name, label: leftover.label, count: count))
            case .files(let run):
                results.append(
                    Result(
                        name: leftover.name, label: leftover.label,
                        count: try run(data, now, !isTrial)))
            case .organisation:
                continue
            }
        }
        for organisation in try pool.withConnection({ try $0.organisations() }) {
            results += try clean(organisation, at: now, isTrial: isTrial)
        }
        return results
    }

    private func clean(
        _ organisation: Organisation, at now: Instant, isTrial: Bool
    ) throws -> [Result] {
        let scope = Scope(organisation: organisation, user: nil, role: .owner)
        return try pool.transaction(scope, at: now, readOnly: isTrial) { transaction in
            var results: [Result] = []
            for leftover in leftovers {
                guard case .organisation(let run) = leftover.place else { continue }
                results.append(
                    Result(
                        name: leftover.name, label: leftover.label,
                        organisation: organisation.slug, count: try run(transaction, !isTrial)))
            }
            let removed = results.filter { $0.count > 0 }
            if !isTrial, !removed.isEmpty {
                try transaction.record(
                    .organisationCleaned, .organisation, organisation.id.value,
                    label: organisation.name,
                    details: .object(removed.map { ($0.name, .int($0.count)) }))
            }
            return results
        }
    }
}

extension Action {
    static let organisationCleaned = Action(
        "organisation.cleaned", Text("a fait le ménage", "tidied up"), icon: "trash-2")
}
