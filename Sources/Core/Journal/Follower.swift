import Basics
import Database

/// Reads the journal of all organisations in the order of commit and misses nothing, however late a
/// transaction commits: it stops short of those still under way.
public struct Follower: Sendable {
    public struct Entry: Record, Sendable {
        public var transactionID: String
        public var id: Int
        public var organisation: Organisation.ID
        public var action: String
        public var subjectKind: SubjectKind
        public var subjectID: UniqueID?

        public init(row: Row) throws {
            transactionID = try row["transaction_id"]
            id = try row["entry_id"]
            organisation = try row["organisation_id"]
            action = try row["action"]
            subjectKind = try row["subject_kind"]
            subjectID = try row["subject_id"]
        }
    }

    /// Entries taken in one transaction.
    public static let batch = 200

    public let name: String
    public init(_ name: String) { self.name = name }

    /// Whether there is anything that it has not handed out, looked up without a lock.
    func isBehind(_ pool: Pool) throws -> Bool {
        try pool.withConnection { connection in
            try connection.value(
                """
                SELECT EXISTS (SELECT FROM journal_followers f,
                    journal_after(f.transaction_id, f.entry_id, 1) j WHERE f.name = \(name))
                """) ?? false
        }
    }

    /// Hands the entries that are new to `body`, in the transaction that notes the position: both happen
    /// or neither does. Answers how many there were; fewer than a batch means that it caught up.
    @discardableResult
    public func advance(_ pool: Pool, _ body: (Connection, [Entry]) throws -> Void) throws -> Int {
        try pool.withConnection { connection in
            try connection.transaction(settings: []) { connection in
                try connection.run(
                    "INSERT INTO journal_followers (name) VALUES (\(name)) ON CONFLICT DO NOTHING")
                // The lock keeps two programs from handing out the same entries; whoever finds it taken
                // has nothing to do.
                let entries: [Entry] = try connection.all(
                    """
                    SELECT j.* FROM
                        (SELECT transaction_id, entry_id FROM journal_followers
                            WHERE name = \(name) FOR UPDATE SKIP LOCKED) f,
                        journal_after(f.transaction_id, f.entry_id, \(Follower.batch)::int) j
                    """)
                guard let last = entries.last else { return 0 }
                try body(connection, entries)
                try connection.run(
                    """
                    UPDATE journal_followers
                    SET transaction_id = \(last.transactionID)::text::xid8, entry_id = \(last.id)
                    WHERE name = \(name)
                    """)
                return entries.count
            }
        }
    }
}
