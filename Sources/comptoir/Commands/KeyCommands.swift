import Basics
import Core
import Database

/// What the commands on keys share.
enum Keys {
    static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name. Default: each one")

    /// The program as the commands need it: its capabilities know where secrets are.
    static func application(_ installation: Installation, _ pool: Pool) throws -> Application {
        Application(
            pool: pool, capabilities: capabilities, assets: try installation.program.assets(),
            secretKey: installation.secretKey, masterKeys: try installation.masterKeys())
    }

    static func organisations(_ arguments: Arguments, _ pool: Pool) throws -> [Organisation] {
        let slug = arguments[organisation]
        let all = try pool.withConnection { try $0.organisations() }
            .filter { slug == nil || $0.slug == slug }
        if let slug, all.isEmpty { throw Failure("there is no organisation \(slug)") }
        return all
    }
}

/// `comptoir key list`
enum KeyList {
    static let command = Command(
        words: ["key", "list"],
        summary: "List the keys that seal secrets, never the keys themselves",
        details: """
            Each organisation has a key for its secrets, accounts and the program have one; all are sealed
            with the master key, which stands in no database: in the data folder or outside. Exits with 1 when
            the master key of one of them is not here.
            """,
        options: InstallationOptions.all + [Keys.organisation, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let rows = try arguments.withInstallation { installation, pool in
            let application = try Keys.application(installation, pool)
            let organisations: [Organisation?] =
                (arguments[Keys.organisation] == nil ? [nil] : [])
                + (try Keys.organisations(arguments, pool))
            return try organisations.flatMap { organisation in
                try application.keySummaries(of: organisation).map {
                    (organisation?.slug ?? "", $0)
                }
            }
        }
        if arguments[InstallationOptions.json] {
            let entries: [JSON] = rows.map { owner, key in
                [
                    "organisation": .string(owner), "id": .string(key.id),
                    "created_at": .string(key.createdAt.rfc3339), "retired": .bool(key.isRetired),
                    "master_key": .string(key.sealedBy), "readable": .bool(key.isReadable),
                ]
            }
            Output.line(JSON.array(entries).text)
        } else {
            for (owner, key) in rows {
                let state = key.isReadable ? (key.isRetired ? "retired" : "current") : "UNREADABLE"
                Output.line(
                    "\(state)  \(owner.isEmpty ? "(installation)" : owner)  \(key.id)  "
                        + "\(key.createdAt.rfc3339)  master key \(key.sealedBy)")
            }
        }
        return rows.allSatisfy(\.1.isReadable) ? 0 : 1
    }
}

/// `comptoir key rotate`
enum KeyRotate {
    private static let master = Flag(
        "--master", "The master key instead, above the keys of organisations")
    private static let people = Flag(
        "--people", "The keys of clients too, each of which seals the notes on one of them")

    private static let newKey = Option<String>(
        "--new-key", "FILE", "Where the new master key goes, outside of the data folder")

    static let command = Command(
        words: ["key", "rotate"], summary: "Replace keys, and seal every secret with the new one",
        details: """
            Without --master: a new key for each organisation, or for the one that is named, and for
            accounts and the program; their secrets are sealed with it, and the old key goes. With
            --master: a new master key in the data folder, with which all keys are sealed; kept outside
            (COMPTOIR_MASTER_KEY, or a credential of systemd), in the file of --new-key. With --people:
            the keys of clients that are older than their organisation's; where none is, that one first.
            The program may run meanwhile. Broken off, the same command finishes what was begun.
            """,
        options: InstallationOptions.all + [Keys.organisation, master, people, newKey], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.withInstallation { installation, pool in
            let application = try Keys.application(installation, pool)
            if arguments[master], arguments[people] {
                throw UsageError("--master and --people exclude each other")
            }
            if let file = arguments[newKey] {
                guard arguments[master] else { throw UsageError("--new-key goes with --master") }
                return try rotateMaster(to: file, installation, application)
            }
            if arguments[master] { return try rotateMaster(installation, application) }
            if arguments[people] { return try rotatePeople(application, arguments, pool) }
            var code: Int32 = 0
            if arguments[Keys.organisation] == nil {
                code = max(code, show("(installation)", try application.rotateOwnKeys()))
            }
            for organisation in try Keys.organisations(arguments, pool) {
                code = max(
                    code, show(organisation.slug, try application.rotateKeys(of: organisation)))
            }
            return code
        }
    }

    private static func rotatePeople(
        _ application: Application, _ arguments: Arguments, _ pool: Pool
    ) throws -> Int32 {
        var code: Int32 = 0
        for organisation in try Keys.organisations(arguments, pool) {
            let rotation = try application.rotatePeople(of: organisation)
            Output.line("\(organisation.slug): \(rotation.people) keys of clients replaced")
            if rotation.unreadable > 0 {
                Output.complain(
                    "\(organisation.slug): what is noted on \(rotation.unreadable) clients opens with "
                        + "no key here; it stays as it is")
                code = 1
            }
        }
        return code
    }

    private static func rotateMaster(_ installation: Installation, _ application: Application)
        throws -> Int32
    {
        guard !installation.keepsMasterKeyElsewhere else {
            throw UsageError(
                "the master key is kept outside of the data folder: say with --new-key FILE where "
                    + "the new one goes")
        }
        let next = try installation.data.nextMasterKey()
        let count = try replace(by: next, application)
        try installation.data.promoteNextMasterKey()
        Output.line("\(count) keys are sealed with the new master key \(next.fingerprint)")
        Output.line(
            "It stands in \(installation.data.masterKeyFile): the next backup must hold it.")
        return 0
    }

    private static func replace(by next: MasterKey, _ application: Application) throws -> Int {
        var count = try application.replaceMaster(by: next)
        // Organisations may be founded, and keys made, meanwhile.
        while case let more = try application.replaceMaster(by: next), more > 0 { count += more }
        return count
    }

    private static func rotateMaster(
        to file: String, _ installation: Installation, _ application: Application
    ) throws -> Int32 {
        let next = try installation.nextMasterKey(in: file)
        let count = try replace(by: next, application)
        Output.line("\(count) keys are sealed with the new master key \(next.fingerprint)")
        guard !installation.isHanded(next) else {
            Output.line("It is handed over already: \(file) may go.")
            return 0
        }
        Output.line(
            """
            It stands in \(file). What is left to do:
            1. Keep it as the credential \(HandedKeys.masterCredential), or in \(HandedKeys.masterVariable): base64 \(file)
            2. Start the program again; until then it knows the key by the one before.
            3. Remove \(file), and make a backup.
            """)
        return 0
    }

    private static func show(_ owner: String, _ rotation: KeyRotation) -> Int32 {
        Output.line(
            "\(owner): \(rotation.secrets) secrets sealed anew, \(rotation.removed) keys removed")
        for column in rotation.unreadable {
            Output.complain(
                "\(owner): a secret in \(column) opens with no key here; it stays as it is")
        }
        return rotation.unreadable.isEmpty ? 0 : 1
    }
}
