import Basics
import Database

/// The loading itself, within the transaction of an import. For one import.
struct OrganisationLoad {
    let connection: Connection
    let folder: String
    let manifest: ExportManifest
    let slug: String
    let unusable: String

    init(
        _ connection: Connection, folder: String, manifest: ExportManifest, slug: String,
        unusable: String
    ) {
        self.connection = connection
        self.folder = folder
        self.manifest = manifest
        self.slug = slug
        self.unusable = unusable
    }

    func run(_ tables: [ExportedTable], progress: (Int, Int) -> Void) throws {
        try connection.runScript(OrganisationLoad.places)
        let sleeping = try putTriggersToSleep(among: tables)
        let people = try peopleColumns()
        for (done, table) in try inOrder(tables).enumerated() {
            try stage(table)
            switch table.name {
            case "users": try loadPeople(table)
            default: try load(table, people: people[table.name] ?? [])
            }
            progress(done + 1, tables.count)
        }
        try advanceSequences(among: tables)
        // Followers that have read nothing yet must not take what was long ago for news.
        try connection.run(
            """
            UPDATE journal_followers SET transaction_id = '1', entry_id = 0
            WHERE transaction_id = '0'
            """)
        try connection.run("SELECT lock_summaries()")
        try connection.run("SELECT rebuild_statistics(\(manifest.organisation)::uuid)")
        try connection.runScript("SET CONSTRAINTS ALL IMMEDIATE")
        for trigger in sleeping {
            try connection.run(
                """
                ALTER TABLE \(SQL.name(trigger.table)) ENABLE TRIGGER \(SQL.name(trigger.name))
                """)
        }
    }

    /// What came, as it is here now.
    func organisation() throws -> Organisation {
        guard let id = UniqueID(manifest.organisation),
            let organisation = try connection.organisation(ID(id))
        else { throw LeavingError.differs(table: "organisations") }
        return organisation
    }

    /// Whether the export of what is here now would be what came: the proof that nothing was lost or changed
    /// on the way. Rows that name people who have another account here differ by intention.
    func readBack(_ tables: [ExportedTable]) throws {
        guard let id = UniqueID(manifest.organisation) else { return }
        let arePeopleOthers =
            try connection.value("SELECT EXISTS (SELECT FROM arriving_people WHERE old <> new)")
            ?? false
        let people = try peopleColumns()
        for table in tables {
            if table.name == "users" { continue }
            if table.name == "organisations", slug != manifest.slug { continue }
            if arePeopleOthers, people[table.name] != nil { continue }
            let digest = RunningDigest()
            try connection.each(table.lines(of: ID(id)), rowsAtOnce: table.rowsAtOnce) { row in
                let line: String = try row["line"]
                digest.add(Array(line.utf8) + [UInt8(ascii: "\n")])
            }
            let expected = manifest.tables.first { $0.name == table.name }?.sha256
            guard hexadecimal(digest.finish()) == expected else {
                throw LeavingError.differs(table: table.name)
            }
        }
    }

    /// Temporary tables have no policy, so that lines may be copied into them.
    private static let places = """
        CREATE TEMPORARY TABLE arriving_lines (
            line json NOT NULL, first_file bytea, second_file bytea
        ) ON COMMIT DROP;
        CREATE TEMPORARY TABLE arriving_people (old uuid PRIMARY KEY, new uuid NOT NULL)
            ON COMMIT DROP;
        """
}
