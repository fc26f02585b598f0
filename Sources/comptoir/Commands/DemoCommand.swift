import Basics
import Core
import Database
import Sales

/// `comptoir demo`: a company to try the program with.
enum DemoCommand {
    static let command = Command(
        words: ["demo"], summary: "Create the demonstration in an empty data folder",
        details: """
            Prints how to sign in; serve prints it again. Run a second time it changes nothing.
            """,
        options: InstallationOptions.all + [InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let logins = try arguments.withInstallation { installation, pool in
            let known = installation.data.demonstrationLogins
            if !known.isEmpty { return known }
            // Stopped between its last write and this note, an earlier run left the data whole.
            if try Demonstration.exists(in: pool) {
                try installation.data.note(demonstrationLogins: Demonstration.logins)
                return Demonstration.logins
            }
            let organisations = try pool.withConnection { try $0.organisations() }
            guard organisations.isEmpty else {
                throw Failure(
                    "\(installation.data.path) holds real records already: "
                        + "choose another folder with --data")
            }
            let progress = Progress()
            let now = LocalTime(.now, offsetSeconds: 0)
            let made = try Demonstration.create(
                in: pool, vault: try installation.vault(pool), passwords: PasswordHasher(),
                today: now.day,
                progress: { progress.show($0, of: $1, "demonstration") })
            try installation.data.note(demonstrationLogins: made)
            return made
        }
        if arguments[InstallationOptions.json] {
            let entries: [JSON] = logins.map {
                [
                    "email": .string($0.email), "password": .string($0.password),
                    "role": .string($0.role.code),
                ]
            }
            Output.line(JSON.array(entries).text)
        } else {
            for login in logins {
                Output.line("\(login.role.code): \(login.email) / \(login.password)")
            }
        }
        return 0
    }
}
