import Database

// What the catalogue says of the tables: triggers, references, numbers.

extension OrganisationLoad {
    /// All that people's work sets off sleeps, but what makes records findable. Writers wait from here on.
    func putTriggersToSleep(among tables: [ExportedTable]) throws -> [Sleeper] {
        let triggers: [Sleeper] = try connection.all(
            """
            SELECT t.tgrelid::regclass::text AS table_name, t.tgname::text AS name
            FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::regnamespace
            WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND c.relname = ANY (\(tables.map(\.name)))
                AND t.tgname NOT LIKE \(ExportRules.searchTriggers)
            ORDER BY c.relname, t.tgname
            """)
        for trigger in triggers {
            try connection.run(
                """
                ALTER TABLE \(SQL.name(trigger.table)) DISABLE TRIGGER \(SQL.name(trigger.name))
                """)
        }
        return triggers
    }

    struct Sleeper: Record {
        let table: String
        let name: String
        init(row: Row) throws {
            table = try row["table_name"]
            name = try row["name"]
        }
    }

    /// The columns of each table that name people, by its foreign keys.
    func peopleColumns() throws -> [String: Set<String>] {
        let columns: [NamedColumn] = try connection.all(
            """
            SELECT c.relname::text AS table_name, a.attname::text AS name
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair(own, other)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.own
            JOIN pg_attribute o ON o.attrelid = k.confrelid AND o.attnum = pair.other
            WHERE k.contype = 'f' AND (k.confrelid = 'users'::regclass AND o.attname = 'id'
                OR k.confrelid = 'memberships'::regclass AND o.attname = 'user_id')
            """)
        return Dictionary(grouping: columns, by: \.table).mapValues { Set($0.map(\.name)) }
    }

    struct NamedColumn: Record {
        let table: String
        let name: String
        init(row: Row) throws {
            table = try row["table_name"]
            name = try row["name"]
        }
    }

    /// What others refer to comes first.
    func inOrder(_ tables: [ExportedTable]) throws -> [ExportedTable] {
        let references: [NamedColumn] = try connection.all(
            """
            SELECT DISTINCT c.relname::text AS table_name, o.relname::text AS name
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_class o ON o.oid = k.confrelid
            WHERE k.contype = 'f' AND k.conrelid <> k.confrelid
            """)
        let needs = Dictionary(grouping: references, by: \.table).mapValues { Set($0.map(\.name)) }
        var (waiting, done, ordered) = (tables, Set<String>(), [ExportedTable]())
        let all = Set(tables.map(\.name))
        while !waiting.isEmpty {
            let ready = waiting.filter {
                (needs[$0.name] ?? []).intersection(all).isSubset(of: done)
            }
            guard !ready.isEmpty else {
                throw LeavingError.wrongLines(
                    table: waiting[0].name, reason: "its tables refer to each other in a circle")
            }
            ordered += ready
            done.formUnion(ready.map(\.name))
            waiting.removeAll { done.contains($0.name) }
        }
        return ordered
    }

    /// Numbers that the database gives go on behind those that came.
    func advanceSequences(among tables: [ExportedTable]) throws {
        let columns: [NamedColumn] = try connection.all(
            """
            SELECT c.relname::text AS table_name, a.attname::text AS name
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE a.attidentity <> '' AND NOT a.attisdropped
                AND c.relname = ANY (\(tables.map(\.name)))
            """)
        for column in columns {
            try connection.run(
                """
                SELECT setval(s.name, greatest(nextval(s.name), (
                    SELECT max(\(SQL.name(column.name))) FROM \(SQL.name(column.table))
                    WHERE organisation_id = \(manifest.organisation)::uuid)))
                FROM (SELECT pg_get_serial_sequence(\(column.table), \(column.name))::regclass
                    AS name) s
                """)
        }
    }
}
