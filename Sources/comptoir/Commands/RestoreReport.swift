import Basics
import Core

/// What `comptoir restore` says of what it would do, and has done.
enum RestoreReport {
    static func show(
        _ plan: Restore.Plan, _ arguments: Arguments, _ settings: Installation.Settings
    ) {
        let manifest = plan.manifest
        if arguments[InstallationOptions.json] {
            let value: JSON = [
                "created_at": .string(manifest.createdAt), "version": .string(manifest.version),
                "database_bytes": .int(manifest.databaseBytes),
                "free_bytes": .int(plan.freeBytes), "rows": JSON(manifest.figures?.rows),
                "tables": JSON(manifest.figures?.tables.count),
                "needs_replace": .bool(plan.holdsDatabase),
            ]
            return Output.line(value.text)
        }
        let counts =
            manifest.figures.map { ", \($0.tables.count) tables, \($0.rows) rows" } ?? ""
        Output.line(
            "Whole: what Comptoir \(manifest.version) wrote at \(manifest.createdAt)\(counts).")
        sayRoom(manifest.databaseBytes, plan.freeBytes, plan.holdsDatabase, settings)
    }

    static func show(
        _ plan: MomentPlan, _ arguments: Arguments, _ settings: Installation.Settings
    ) {
        if arguments[InstallationOptions.json] {
            let value: JSON = [
                "copied_at": JSON(plan.copiedAt), "until": JSON(plan.moment),
                "log_ends_at": JSON(plan.logEndsAt), "pieces": .int(plan.pieces),
                "database_bytes": .int(plan.databaseBytes), "free_bytes": .int(plan.freeBytes),
                "needs_replace": .bool(plan.holdsDatabase),
            ]
            return Output.line(value.text)
        }
        let end = plan.logEndsAt.map(\.rfc3339) ?? "the copy itself"
        Output.line(
            "The copy of \(plan.copiedAt.rfc3339) and \(plan.pieces) pieces of the log, "
                + "which ends at \(end).")
        Output.line("It would be restored as of \(text(plan.moment)).")
        sayRoom(plan.databaseBytes, plan.freeBytes, plan.holdsDatabase, settings)
    }

    /// After a moment was brought back.
    static func done(_ moment: Instant?, _ arguments: Arguments) {
        if arguments[InstallationOptions.json] {
            Output.line(JSON.object([("until", JSON(moment))]).text)
        } else {
            Output.complain("Restored as of \(text(moment)).")
        }
    }

    static func erasedAgain(_ count: Int) -> String {
        "Erased again: \(count) who had been erased since."
    }

    private static func text(_ moment: Instant?) -> String {
        moment?.rfc3339 ?? "the end of the log"
    }

    private static func sayRoom(
        _ needed: Int, _ free: Int, _ holdsDatabase: Bool, _ settings: Installation.Settings
    ) {
        Output.line("Needs \(needed / 1_000_000) MB of \(free / 1_000_000) MB free.")
        Output.line(
            holdsDatabase
                ? "\(settings.dataFolder) holds a database: --replace would put this in its place."
                : "\(settings.dataFolder) is empty: this would be restored there.")
        Output.line("Nothing was changed.")
    }
}
