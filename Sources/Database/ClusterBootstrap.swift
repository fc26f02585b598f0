/// Makes the roles, the extensions and the database of a cluster. Whatever is there already
/// stays, so it may run again after a program was killed halfway.
struct ClusterBootstrap {
    let name: String
    let socketFolder: String

    enum Role: CaseIterable {
        case superuser, owner, runtime, backup

        func name(_ cluster: String) -> String {
            switch self {
            case .superuser: cluster + "_superuser"
            case .owner: cluster + "_owner"
            case .runtime: cluster
            case .backup: cluster + "_backup"
            }
        }
    }

    /// Extensions that every database of the cluster has, because creating one needs a power
    /// that no role of the program has.
    private static let extensions = [
        "btree_gin", "btree_gist", "unaccent", "pg_trgm", "pgcrypto", "pg_stat_statements",
    ]

    /// Raised when this file makes something new; written on the database when it is done.
    private static let layout = "layout 2"

    func string(role: Role, database: String) -> String {
        var host = ""
        for character in socketFolder.unicodeScalars {
            if character == "'" || character == "\\" { host += "\\" }
            host.unicodeScalars.append(character)
        }
        return "host='\(host)' port=5432 user=\(role.name(name)) dbname=\(database)"
    }

    func run() throws {
        let main = try Connection(string(role: .superuser, database: "postgres"))
        let layout: String? = try main.value(
            """
            SELECT shobj_description(oid, 'pg_database') FROM pg_database
            WHERE datname = \(name)
            """)
        if layout == ClusterBootstrap.layout { return }
        try makeRoles(main)
        try makeExtensions("template1")
        let exists: Bool? = try main.value(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = \(name))")
        if exists != true {
            try main.runScript("CREATE DATABASE \(name) OWNER \(Role.owner.name(name))")
        }
        try makeExtensions(name)
        try main.runScript(
            """
            REVOKE ALL ON DATABASE postgres, template1, \(name) FROM PUBLIC;
            GRANT CONNECT, TEMPORARY ON DATABASE \(name) TO \(Role.runtime.name(name));
            GRANT CONNECT ON DATABASE \(name) TO \(Role.backup.name(name));
            COMMENT ON DATABASE \(name) IS '\(ClusterBootstrap.layout)';
            """)
    }

    private func makeRoles(_ connection: Connection) throws {
        for role in [Role.owner, .runtime, .backup] {
            let exists: Bool? = try connection.value(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = \(role.name(name)))")
            let verb = exists == true ? "ALTER" : "CREATE"
            let bypass = role == .backup ? "BYPASSRLS" : "NOBYPASSRLS"
            try connection.runScript(
                """
                \(verb) ROLE \(role.name(name)) LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
                    NOREPLICATION \(bypass)
                """)
        }
        let backup = Role.backup.name(name)
        try connection.runScript(
            """
            GRANT pg_read_all_data TO \(backup);
            ALTER ROLE \(backup) SET default_transaction_read_only = on
            """)
    }

    private func makeExtensions(_ database: String) throws {
        let connection = try Connection(string(role: .superuser, database: database))
        for name in ClusterBootstrap.extensions {
            try connection.runScript("CREATE EXTENSION IF NOT EXISTS \(name)")
        }
    }
}
