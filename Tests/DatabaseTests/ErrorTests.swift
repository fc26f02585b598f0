import Database
import DatabaseTesting
import Testing

@Suite struct ErrorTests {
    @Test func constraintErrorsNameTheConstraintAndNeverTheValue() throws {
        let connection = try ownDatabase(
            """
            CREATE TABLE parents (id bigint PRIMARY KEY);
            CREATE TABLE t (
                id bigint CONSTRAINT id_is_unique UNIQUE,
                email text CONSTRAINT email_is_long CHECK (length(email) > 8),
                parent bigint CONSTRAINT parent_is_known REFERENCES parents,
                name text NOT NULL DEFAULT '',
                during int8range,
                CONSTRAINT never_twice EXCLUDE USING gist (during WITH &&)
            );
            INSERT INTO t (id, during) VALUES (4711, '[10,20)')
            """)
        func error(_ sql: SQL) throws -> DatabaseError {
            let error = try databaseError { try connection.run(sql) }
            #expect(!"\(error) \(error.detail ?? "")".contains("4711"))
            #expect(error.tableName == "t")
            return error
        }
        let unique = try error("INSERT INTO t (id) VALUES (\(4711))")
        #expect(unique.kind == .constraint(.unique) && unique.constraintName == "id_is_unique")
        #expect(unique.detail == "Key (id)" && unique.sqlState == "23505")
        let check = try error("INSERT INTO t (email) VALUES (\("x4711"))")
        #expect(check.kind == .constraint(.check) && check.constraintName == "email_is_long")
        #expect(check.detail == nil)
        let foreign = try error("INSERT INTO t (parent) VALUES (\(4711))")
        #expect(foreign.kind == .constraint(.foreignKey))
        #expect(foreign.constraintName == "parent_is_known")
        let missing: String? = nil
        let notNull = try error("INSERT INTO t (id, name) VALUES (\(24711), \(missing))")
        #expect(notNull.kind == .constraint(.notNull) && notNull.columnName == "name")
        let exclusion = try error("INSERT INTO t (during) VALUES (\("[15,4711)")::int8range)")
        #expect(exclusion.kind == .constraint(.exclusion))
        #expect(exclusion.constraintName == "never_twice")
    }

    @Test(
        arguments: [
            "SELECT \("secret")::uuid", "SELECT \("secret")::bigint", "SELECT \("secret")::date",
            "SELECT \("{secret")::jsonb", "SELECT \("{secret")::text[]",
            "SELECT to_tsquery('simple', \("secret secret &"))", "SELECT 'x' ~ \("[secret")",
            "SELECT set_config('timezone', \("secret"), true)",
            "SELECT set_config(\("secret\"x"), 'x', true)", "SELECT \("99999999999secret")::inet",
        ] as [SQL])
    func typedTextIsNotRepeatedInErrors(sql: SQL) throws {
        let connection = try Connection(TestCluster.shared.strings.runtime)
        let error = try databaseError { try connection.run(sql) }
        #expect(error.kind == .other)
        #expect(!error.message.isEmpty && !error.sqlState.isEmpty)
        #expect(!"\(error)".contains("secret"), "\(error)")
    }

    @Test func raisedErrorsKeepTheirWords() throws {
        let connection = try ownDatabase()
        func raise(_ script: String) throws -> DatabaseError {
            try databaseError { try connection.runScript("DO $$ BEGIN \(script); END $$") }
        }
        let plain = try raise(
            "RAISE EXCEPTION 'an \"issued\" invoice never changes' "
                + "USING DETAIL = 'why', HINT = 'do'"
        )
        #expect(plain.kind == .raised && plain.message == "an \"issued\" invoice never changes")
        #expect(plain.detail == "why" && plain.hint == "do" && plain.sqlState == "P0001")
        let own = try raise("RAISE EXCEPTION 'closed' USING ERRCODE = 'CO001'")
        #expect(own.kind == .raised && own.sqlState == "CO001")
        let check = try raise(
            "RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation', CONSTRAINT = 'mine'")
        #expect(check.kind == .constraint(.check) && check.constraintName == "mine")
    }

    @Test func timeOutsPrivilegesAndMistakesAreToldApart() throws {
        let strings = try TestCluster.shared.makeDatabase()
        let owner = try Connection(strings.owner)
        try owner.runScript("CREATE TABLE t (id bigint)")
        let runtime = try Connection(strings.runtime)
        #expect(
            try databaseError { try runtime.run("SELECT * FROM t") }.kind == .insufficientPrivilege)
        #expect(try databaseError { try runtime.run("SELECT * FROM nowhere") }.kind == .other)
        let slow = try databaseError {
            try owner.transaction(settings: [("statement_timeout", "10ms")]) {
                try $0.run("SELECT pg_sleep(20)")
            }
        }
        #expect(slow.kind == .timeout)
        try owner.transaction { _ in
            try owner.run("LOCK TABLE t")
            let second = try Connection(strings.owner)
            let locked = try databaseError {
                try second.transaction(settings: [("lock_timeout", "10ms")]) {
                    try $0.run("SELECT * FROM t")
                }
            }
            #expect(locked.kind == .timeout)
        }
    }

    @Test func aMistakeInAStatementHasItsPlace() throws {
        let connection = try ownDatabase()
        let error = try databaseError { try connection.run("SELECT 1 FORM t") }
        #expect(error.statement == "SELECT 1 FORM t")
        #expect(error.position == 15)
        #expect(error.message == #"syntax error at or near "t""#)
    }
}
