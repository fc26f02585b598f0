import Basics
import Core
import Database

/// `comptoir cleanup`: removes what has served its time.
enum CleanupCommand {
    private static let dryRun = Flag("--dry-run", "Only say what would go.")

    static let command = Command(
        words: ["cleanup"], summary: "Remove what has served its time, and say how much that was",
        details: """
            Sessions, links and invitations that are over, jobs and deliveries of more than a month ago,
            imports that nobody finished within a month, archives that were there to be fetched long
            enough. The program does most of it by itself while it runs. Records of the business and the
            journal are never touched; each organisation's journal notes what left it.

            \(Surroundings.languageExplanation)
            """,
        options: InstallationOptions.all + [dryRun, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let isTrial = arguments[dryRun]
        let results = try arguments.withInstallation { installation, pool in
            try Cleanup(
                pool: pool, data: installation.data,
                leftovers: capabilities.flatMap { $0.leftovers }
            ).run(at: .now, isTrial: isTrial)
        }
        if arguments[InstallationOptions.json] {
            Output.line(
                JSON.array(
                    results.map { result in
                        [
                            "name": .string(result.name),
                            "organisation": JSON(result.organisation),
                            "count": .int(result.count), "removed": .bool(!isTrial),
                        ]
                    }
                ).text)
            return 0
        }
        let say = Surroundings.language
        let found = results.filter { $0.count > 0 }
        let verb = isTrial ? say("à supprimer", "would go") : say("supprimés", "removed")
        for result in found {
            let place = result.organisation.map { " (\($0))" } ?? ""
            Output.line(
                "\(say.integer(result.count))\t\(verb)\t\(result.name)\(place): \(say(result.label))"
            )
        }
        if found.isEmpty { Output.line(say("Rien à supprimer.", "Nothing to remove.")) }
        return 0
    }
}
