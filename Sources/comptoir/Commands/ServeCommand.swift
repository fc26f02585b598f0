import Basics
import Core
import Database
import Glibc
import HTTP
import WebClient

/// `comptoir serve`: the program people open in their browser.
enum ServeCommand {
    static let address = Option(
        "--address", "ADDRESS", "Where to listen. Default: 127.0.0.1, this machine only",
        environment: "COMPTOIR_ADDRESS", expected: "a numeric address", parse: numericAddress)
    static let port = Option(
        "--port", "PORT", "Default: 8420; 0 takes a free one", environment: "COMPTOIR_PORT",
        expected: "a port from 0 to 65535",
        parse: { text in Int(text).flatMap { (0...65_535).contains($0) ? $0 : nil } })
    static let trustedProxy = Option(
        "--trusted-proxy", "ADDRESS",
        "Believe what a proxy at this address says of its clients; may be repeated",
        environment: "COMPTOIR_TRUSTED_PROXY", expected: "a numeric address", parse: numericAddress)
    static let requestsPerMinute = Option(
        "--api-requests-per-minute", "N",
        "How often each access token may ask. "
            + "Default: \(Application.standardRequestsPerMinute)",
        environment: "COMPTOIR_API_REQUESTS_PER_MINUTE", expected: "a number from 1 to 1000000",
        parse: upToAMillion)
    static let visitorRequestsPerMinute = Option(
        "--visitor-requests-per-minute", "N",
        "How often an address may ask without being signed in. "
            + "Default: \(Application.standardVisitorRequestsPerMinute)",
        environment: "COMPTOIR_VISITOR_REQUESTS_PER_MINUTE",
        expected: "a number from 1 to 1000000", parse: upToAMillion)
    static let connections = Option(
        "--connections", "N",
        "Open connections at most. Default: \(HTTPServerConfiguration().maxConnections)",
        environment: "COMPTOIR_CONNECTIONS", expected: "a number from 1 to 1000000",
        parse: upToAMillion)
    static let connectionsPerAddress = Option(
        "--connections-per-address", "N",
        "Open connections from one address at most, trusted proxies excepted. "
            + "Default: \(HTTPServerConfiguration().maxConnectionsPerAddress)",
        environment: "COMPTOIR_CONNECTIONS_PER_ADDRESS", expected: "a number from 1 to 1000000",
        parse: upToAMillion)

    static let certificate = Option(
        "--tls-certificate", "FILE",
        "Speak TLS with this certificate and those above it (PEM). SIGHUP reads it again",
        environment: "COMPTOIR_TLS_CERTIFICATE")
    static let key = Option(
        "--tls-key", "FILE", "The certificate's private key (PEM, without a password)",
        environment: "COMPTOIR_TLS_KEY")

    static let loopbackWebhooks = Flag(
        "--loopback-webhooks",
        "Let webhooks reach this machine itself, http too: for development only")

    static let drainSeconds = Option(
        "--drain-seconds", "N",
        "Answer so long after being told to stop, while /readyz says no. Default: 0",
        environment: "COMPTOIR_DRAIN_SECONDS", expected: "a number from 0 to 600",
        parse: { text in Int(text).flatMap { (0...600).contains($0) ? $0 : nil } })

    static let command = Command(
        words: ["serve"], summary: "Serve the program to browsers until it is told to stop",
        details: """
            Starts the private database if need be, brings it up to date, and prints the address.
            SIGTERM or Ctrl-C lets requests and jobs finish; a second one does not wait.
            /healthz, /readyz and /metrics are for what watches it (docs/deploy.md).
            Behind a proxy that speaks TLS, name the proxy with --trusted-proxy (docs/deploy.md);
            without one, give a certificate.

            \(InstallationOptions.explanation)
            """,
        options: InstallationOptions.all
            + [
                address, port, certificate, key, trustedProxy, connections, connectionsPerAddress,
                visitorRequestsPerMinute, requestsPerMinute, drainSeconds, loopbackWebhooks,
            ],
        run: run)

    /// Connections that the database of a small machine bears well.
    private static let mostConnections = 24
    /// How long requests may take to finish once the program is told to stop, in seconds.
    private static let graceSeconds = 20.0

    static func run(_ arguments: Arguments) throws -> Int32 {
        // From here on they wait until somebody looks, whichever thread they would have hit.
        let signals = StopSignals()
        let installation = try Installation(arguments.settings())
        try installation.migrate()
        let configuration = try Self.configuration(arguments, installation)
        let pool = try installation.makePool(
            size: min(configuration.workers + JobRunner.allThreads, mostConnections))
        let application = try Self.application(arguments, installation, pool)
        let server = HTTPServer(
            configuration: configuration, accessLog: { Log.line($0.jsonLine()) },
            bodyLimit: application.bodyLimit, refusal: application.refuse,
            handler: application.respond)
        application.watch.begin(try setting(installation, server))
        try server.start()
        let runner = JobRunner(application)
        runner.start()
        let live = LiveChannel(application, connectionString: installation.addresses.runtime)
        live.start()
        let keeper = BackupKeeper(installation)
        keeper.start()
        try greet(application, installation, configuration, port: server.port)
        Systemd.tell("READY=1")
        watch(installation, server, reloads: configuration.tls != nil, until: signals)
        application.watch.drain()
        if let seconds = arguments[drainSeconds], seconds > 0 {
            Log.info("draining")
            _ = signals.wait(seconds: seconds)
        }
        signals.endAtTheNext()
        Log.info("stopping")
        Systemd.tell("STOPPING=1")
        server.stop(graceSeconds: graceSeconds)
        keeper.stop()
        runner.stop()
        live.stop()
        try? application.finish()
        pool.close()
        try installation.close()
        return 0
    }

    private static func configuration(
        _ arguments: Arguments, _ installation: Installation
    ) throws -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.address = arguments[address] ?? "127.0.0.1"
        configuration.port = arguments[port] ?? 8420
        configuration.trustedProxies = Set(arguments.all(trustedProxy))
        configuration.uploadFolder = installation.data.path
        configuration.tls = try tls(arguments)
        if let most = arguments[connections] { configuration.maxConnections = most }
        if let most = arguments[connectionsPerAddress] {
            configuration.maxConnectionsPerAddress = most
        }
        return configuration
    }

    private static func tls(_ arguments: Arguments) throws -> TLSFiles? {
        switch (arguments[certificate], arguments[key]) {
        case (nil, nil): nil
        case (let certificate?, let key?): TLSFiles(certificate: certificate, key: key)
        default: throw UsageError("--tls-certificate and --tls-key go together")
        }
    }

    private static func application(
        _ arguments: Arguments, _ installation: Installation, _ pool: Pool
    ) throws -> Application {
        Application(
            pool: pool, capabilities: capabilities, assets: try installation.program.assets(),
            secretKey: installation.secretKey,
            masterKeys: try installation.masterKeys(),
            demonstrationLogins: installation.data.demonstrationLogins,
            firstStart: FirstStartCode(),
            requestsPerMinute: arguments[requestsPerMinute]
                ?? Application.standardRequestsPerMinute,
            visitorRequestsPerMinute: arguments[visitorRequestsPerMinute]
                ?? Application.standardVisitorRequestsPerMinute,
            webClient: WebClient(allowsLoopback: arguments[loopbackWebhooks]),
            resources: installation.program.path + "/Resources",
            archives: installation.data.archives, backups: BackupWatch(installation.data),
            erasures: installation.data.erasures)
    }

    private static func setting(
        _ installation: Installation, _ server: HTTPServer
    ) throws -> Watch.Setting {
        Watch.Setting(
            migrations: try installation.program.migrations().count,
            metricsToken: try installation.data.metricsToken(),
            server: {
                Watch.ServerGauges(
                    openConnections: server.openConnections,
                    waitingRequests: server.waitingRequests,
                    refusedRequests: server.refusedRequests, uploadedBytes: server.uploadedBytes)
            })
    }

    /// Waits for a signal to stop, and meanwhile brings back a private database that has died. SIGHUP
    /// is one of them where there is no certificate to read again.
    private static func watch(
        _ installation: Installation, _ server: HTTPServer, reloads: Bool,
        until signals: StopSignals
    ) {
        var isAway = false
        while true {
            if let signal = signals.wait(seconds: 1) {
                guard signal == SIGHUP, reloads else { return }
                reload(server)
            }
            guard let cluster = installation.cluster else { continue }
            do {
                _ = try cluster.start()
                isAway = false
            } catch {
                if !isAway { Log.error("no database", ["error": .string("\(error)")]) }
                isAway = true
            }
        }
    }

    private static func reload(_ server: HTTPServer) {
        Systemd.tellReloading()
        do {
            try server.reloadCertificate()
            Log.info("the certificate was read again")
        } catch {
            Log.error("the certificate stays the one of before", ["error": .string("\(error)")])
        }
        Systemd.tell("READY=1")
    }

    private static func greet(
        _ application: Application, _ installation: Installation,
        _ configuration: HTTPServerConfiguration, port: Int
    ) throws {
        let address = configuration.address
        let host = ["0.0.0.0", "::"].contains(address) ? "127.0.0.1" : address
        let scheme = configuration.tls == nil ? "http" : "https"
        let url = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        var lines = ["Comptoir \(Comptoir.version): \(url)", "Data: \(installation.data.path)"]
        for login in application.demonstrationLogins {
            lines.append("  \(login.role.code): \(login.email) / \(login.password)")
        }
        if let path = try application.firstStartPath() {
            lines.append("Nobody has an account yet. Make the first one at \(url)\(path)")
        }
        // In one piece, for whoever reads it from a pipe.
        Output.line(lines.joined(separator: "\n"))
    }

    private static func upToAMillion(_ text: String) -> Int? {
        Int(text).flatMap { (1...1_000_000).contains($0) ? $0 : nil }
    }

    private static func numericAddress(_ text: String) -> String? {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
            ? text : nil
    }
}
