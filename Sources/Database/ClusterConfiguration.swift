/// The three files by which PostgreSQL is configured, ours from the first line to the last.
struct ClusterConfiguration {
    let name: String
    let account: ClusterAccount
    let settings: [String: String]

    /// Writes what differs; answers whether anything did.
    func write(to places: ClusterPlaces, socketFolder: String) throws -> Bool {
        let files = [
            ("postgresql.conf", server(socketFolder: socketFolder)),
            ("pg_hba.conf", access),
            ("pg_ident.conf", identities),
        ]
        var changed = false
        for (file, text) in files {
            let path = places.data + "/" + file
            if Files.text(path) == text { continue }
            try Files.write(text, to: path, owner: (account.user, account.group))
            changed = true
        }
        return changed
    }

    /// For a small machine. Errors go to the program, not to the log, because the server's
    /// sentences quote what people typed.
    private func server(socketFolder: String) -> String {
        let own = [
            ("listen_addresses", ""),
            ("unix_socket_directories", "\"\(socketFolder)\""),
            ("unix_socket_permissions", "0700"),
            ("max_connections", "60"),
            ("shared_buffers", "128MB"),
            ("effective_cache_size", "512MB"),
            ("random_page_cost", "1.1"),
            ("jit", "off"),
            // Statements that define things keep their values in its text: they are not counted.
            ("shared_preload_libraries", "pg_stat_statements"),
            ("pg_stat_statements.max", "2000"),
            ("pg_stat_statements.track", "top"),
            ("pg_stat_statements.track_utility", "off"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("lc_messages", "C"),
            ("log_destination", "stderr"),
            ("logging_collector", "off"),
            ("log_error_verbosity", "terse"),
            ("log_min_messages", "log"),
            ("log_line_prefix", "%m [%p] "),
        ]
        let chosen = settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let lines = (own + chosen).map { name, value in
            "\(name) = '\(doubleQuotes(in: value))'"
        }
        return """
            # Written at every start. Settings of your own belong into local.conf beside this.
            \(lines.joined(separator: "\n"))
            include_if_exists = 'local.conf'

            """
    }

    private func doubleQuotes(in value: String) -> String {
        value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    }

    /// The second line is for copies of the whole cluster.
    private var access: String {
        "# Written at every start.\nlocal all all peer map=\(name)\n"
            + "local replication \(ClusterBootstrap.Role.superuser.name(name)) peer map=\(name)\n"
    }

    /// Root and the cluster's own user may take any role of the program; nobody else any.
    private var identities: String {
        let roles = ClusterBootstrap.Role.allCases.map { $0.name(name) }
        let users = account.name == "root" ? ["root"] : ["root", account.name]
        let lines = users.flatMap { user in roles.map { "\(name) \"\(user)\" \($0)" } }
        return "# Written at every start.\n\(lines.joined(separator: "\n"))\n"
    }
}
