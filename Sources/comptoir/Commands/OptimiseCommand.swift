import Basics
import Core
import Database

/// `comptoir optimise`: tables and indexes back into shape, while people work.
enum OptimiseCommand {
    private static let dryRun = Flag("--dry-run", "Only say what would be done.")

    static let command = Command(
        words: ["optimise"],
        summary: "Clear dead rows, refresh statistics and rebuild indexes where that is due",
        details: """
            As the role that owns the tables. Readers and writers go on meanwhile: tables are vacuumed
            without being rewritten, and indexes are rebuilt beside the old ones (CONCURRENTLY). What is
            locked by somebody else is left for the next time.

            \(Surroundings.languageExplanation)
            """,
        options: InstallationOptions.all + [dryRun, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let isTrial = arguments[dryRun]
        let steps = try arguments.withInstallation { installation, _ in
            let optimisation = Optimisation(
                owner: try Connection(installation.addresses.owner),
                reader: try installation.addresses.backup.map { try Connection($0) })
            let steps = try optimisation.plan()
            let progress = Progress()
            for (done, step) in steps.enumerated() where !isTrial {
                progress.show(done, of: steps.count, step.name)
                try optimisation.carryOut(step)
                progress.show(done + 1, of: steps.count, step.name)
            }
            return steps
        }
        if arguments[InstallationOptions.json] {
            Output.line(
                JSON.array(
                    steps.map { step in
                        [
                            "step": .string(step.kind.rawValue), "name": .string(step.name),
                            "amount": .int(step.amount), "done": .bool(!isTrial),
                        ]
                    }
                ).text)
            return 0
        }
        let say = Surroundings.language
        for step in steps {
            let mark = isTrial ? say("à faire", "due") : say("fait", "done")
            Output.line("\(mark)\t\(step.name)\t\(sentence(step, say))")
        }
        if steps.isEmpty {
            Output.line(say("Tout est en bon ordre.", "Everything is in good shape."))
        }
        return 0
    }

    private static func sentence(_ step: Optimisation.Step, _ say: Language) -> String {
        let (count, size) = (say.integer(step.amount), say.size(step.amount))
        return switch step.kind {
        case .vacuum:
            say(
                "\(count) lignes mortes libérées, statistiques à jour",
                "\(count) dead rows cleared, statistics refreshed")
        case .analyze:
            say(
                "statistiques à jour après \(count) lignes modifiées",
                "statistics refreshed after \(count) changed rows")
        case .rebuildInvalidIndex:
            say("index inutilisable reconstruit", "unusable index rebuilt")
        case .rebuildBloatedIndex:
            say(
                "index reconstruit, environ \(size) de trop",
                "index rebuilt, about \(size) too large")
        case .dropHalfBuiltIndex:
            say("reste d’une reconstruction interrompue", "left over from a rebuilding cut off")
        }
    }
}
