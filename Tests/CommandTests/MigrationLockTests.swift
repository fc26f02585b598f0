import Basics
import Database
import DatabaseTesting
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Core

/// `serve` runs migrations while others may still read: nobody waits longer than a second, where tables hold
/// tens of thousands of rows.
@Suite struct MigrationLockTests {
    @Test func readersOfFullTablesWaitLessThanASecondForEachMigrationSinceRelease2() throws {
        let strings = try TestCluster.shared.makeDatabase()
        let installation = try Installation(
            Installation.Settings(
                dataFolder: TestCluster.makeFolder(), databaseURL: strings.runtime,
                migrationDatabaseURL: strings.owner, home: TestDatabase.repository))
        try DatabaseLoad(addresses: installation.addresses).run(Fixture.dump(of: "0.2"), nil)
        let owner = try Connection(strings.owner)
        let administrator = try Connection(
            TestCluster.shared.cluster.administrator(database: owner.database))
        try administrator.runScript(Self.fill)
        let rows: Int? = try administrator.value("SELECT count(*) FROM journal_entries")
        #expect(rows ?? 0 > 50_000)
        let pending = try Migrations(installation.program.migrations()).pending(on: owner)
        #expect(!pending.isEmpty)
        let reader = try Reader(strings.backup)
        reader.start()
        try installation.migrate(log: { _ in })
        let (rounds, refusals) = reader.stop()
        #expect(rounds > 0)
        #expect(refusals.isEmpty)
    }

    /// The same entries, invoices and lines many times over, as a superuser whom no trigger stops.
    private static let fill = """
        SET session_replication_role = replica;
        INSERT INTO journal_entries (organisation_id, id, transaction_id, recorded_at, actor_name,
            action, subject_kind, subject_id, subject_label, address, commitment)
        OVERRIDING SYSTEM VALUE
        SELECT organisation_id, id + n::bigint * 1000000, transaction_id, recorded_at, actor_name, action,
            subject_kind, subject_id, subject_label, address, commitment
        FROM journal_entries, generate_series(1, 2000) n;
        CREATE TEMPORARY TABLE copies AS
        SELECT i.organisation_id, i.id AS old, gen_random_uuid() AS new, n
        FROM invoices i, generate_series(1, 4000) n WHERE i.status = 'issued' AND i.kind = 'invoice';
        CREATE TEMPORARY TABLE more_invoices AS
        SELECT i.*, c.new, c.n FROM invoices i JOIN copies c ON c.old = i.id;
        UPDATE more_invoices SET id = new, number = number || '-' || n,
            number_counter = number_counter + n::bigint * 1000000;
        ALTER TABLE more_invoices DROP COLUMN new, DROP COLUMN n;
        INSERT INTO invoices SELECT * FROM more_invoices;
        CREATE TEMPORARY TABLE more_lines AS
        SELECT l.*, c.new FROM invoice_lines l JOIN copies c ON c.old = l.invoice_id;
        UPDATE more_lines SET id = gen_random_uuid(), invoice_id = new;
        ALTER TABLE more_lines DROP COLUMN new;
        INSERT INTO invoice_lines SELECT * FROM more_lines;
        ANALYZE
        """
}

/// Reads one row of each full table, again and again.
private final class Reader: Sendable {
    private struct State {
        var isWanted = true
        var isRunning = true
        var rounds = 0
        var refusals: [String] = []
    }

    private static let tables = [
        "invoices", "invoice_lines", "journal_entries", "clients", "users",
    ]
    private let state = Mutex(State())
    private let address: String

    init(_ address: String) throws { self.address = address }

    func start() {
        Thread.detachNewThread { [self] in
            do {
                let connection = try Connection(address)
                try connection.runScript("SET lock_timeout = '1s'")
                while state.withLock({ $0.isWanted }) {
                    for table in Self.tables {
                        try connection.runScript("SELECT 1 FROM \(table) LIMIT 1")
                    }
                    state.withLock { $0.rounds += 1 }
                }
            } catch {
                state.withLock { $0.refusals.append("\(error)") }
            }
            state.withLock { $0.isRunning = false }
        }
    }

    func stop() -> (rounds: Int, refusals: [String]) {
        state.withLock { $0.isWanted = false }
        eventually("the reader ends") { !state.withLock { $0.isRunning } }
        return state.withLock { ($0.rounds, $0.refusals) }
    }
}
