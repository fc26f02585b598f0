import Basics
import Core
import Database
import FoundationEssentials
import Sales

/// `comptoir restore`: a backup becomes an installation again.
enum RestoreCommand {
    static let replace = Flag("--replace", "Replace the records that the data folder holds.")
    static let dryRun = Flag(
        "--dry-run", "Examine the backup and say what would happen; change nothing.")
    static let key = Option<String>(
        "--key", "FILE", "The private key of an encrypted backup, in PEM.")
    static let erasures = Option<String>(
        "--erasures", "FILE",
        "A newer list of who was erased than those beside SOURCE and in the data folder.")
    static let until = Option<String>(
        "--until", "MOMENT",
        "As it was then, \"2026-11-29 14:00\", from the folder of comptoir backup archive; "
            + "\"end\" for all that was laid down.")
    static let timeZone = Option<String>(
        "--time-zone", "NAME",
        "Whose clock --until means. Default: \(BackupSettings.usualTimeZone)",
        expected: "a time zone such as Europe/Paris",
        parse: { TimeZoneRules.named($0) == nil ? nil : $0 })

    static let command = Command(
        words: ["restore"], summary: "Make an installation from a backup",
        details: """
            Restores into the private database of the data folder, after checking every checksum,
            compares counts and sums, and examines the result as doctor does. Stop the program first.
            What --replace replaces is put back when anything fails. Whoever was erased since the
            backup is erased again.
            """,
        operands: [Operand(name: "SOURCE", help: "What backup has written")],
        options: [
            InstallationOptions.data, key, dryRun, replace, erasures, until, timeZone,
            InstallationOptions.json,
        ], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        var settings = try arguments.settings()
        settings.databaseURL = nil
        settings.migrationDatabaseURL = nil
        try refuseIgnored(arguments)
        let source = arguments.operand(0) ?? ""
        let restore = Restore(settings, replaces: arguments[replace])
        var erased = try tombstones(source, arguments)
        func isHealthy(_ installation: Installation, _ pool: Pool) throws -> Bool {
            try eraseAgain(erased, installation, pool)
            return try Self.isHealthy(installation, pool)
        }
        if let until = arguments[until] {
            let zone = arguments[timeZone] ?? BackupSettings.usualTimeZone
            let moment = try moment(until, zone)
            let archive = WriteAheadArchive(try ClusterArchive(folder: DataFolder(source).path))
            erased.add(try Tombstones(file: archive.erasures))
            if arguments[dryRun] {
                RestoreReport.show(
                    try restore.plan(from: archive, until: moment), arguments, settings)
            } else {
                try restore.run(from: archive, until: moment, isHealthy: isHealthy)
                RestoreReport.done(moment, arguments)
            }
            return 0
        }
        func secret() throws -> RecipientSecret? { try PEMFile.secret(arguments[key]) }
        if arguments[dryRun] {
            RestoreReport.show(try restore.plan(from: source, key: secret), arguments, settings)
            return 0
        }
        let manifest = try restore.run(from: source, key: secret, isHealthy: isHealthy)
        if arguments[InstallationOptions.json] {
            Output.line(manifest.json.text)
        } else {
            Output.complain("Restored what was backed up at \(manifest.createdAt).")
        }
        return 0
    }

    /// What would be read and then not heeded is said, and not left out in silence.
    private static func refuseIgnored(_ arguments: Arguments) throws {
        if arguments[until] == nil, arguments[timeZone] != nil {
            throw UsageError("--time-zone: it says whose clock --until means, which is missing")
        }
        if arguments[until] != nil, arguments[key] != nil {
            throw UsageError("--key: the log that --until reads is not encrypted")
        }
    }

    /// Who was erased, as far as the lists beside the backup, and the one that is named, know.
    static func tombstones(_ source: String, _ arguments: Arguments) throws -> Tombstones {
        var erased = try Tombstones(file: Tombstones.path(beside: source))
        if let file = arguments[erasures] {
            guard FileManager.default.fileExists(atPath: file) else {
                throw BackupError.file(path: file, reason: "is not there")
            }
            erased.add(try Tombstones(file: file))
        }
        return erased
    }

    private static func eraseAgain(
        _ known: Tombstones, _ installation: Installation, _ pool: Pool
    ) throws {
        var erased = known
        // What was replaced has noted there whom it had erased.
        erased.add(try Tombstones(file: installation.data.erasures))
        let count = try EraseAgain.run(erased, pool, at: .now)
        try erased.keep(in: installation.data.erasures)
        if count > 0 { Output.complain(RestoreReport.erasedAgain(count)) }
    }

    private static func isHealthy(_ installation: Installation, _ pool: Pool) throws -> Bool {
        let reports = try DoctorCommand.examine(installation, pool)
        let wrong = reports.filter { !$0.findings.isEmpty }
        wrong.forEach(DoctorCommand.complain)
        return wrong.isEmpty
    }

    /// Reads `2026-11-29 14:00`, with seconds or without, by the clock of the zone; RFC 3339; nil for `end`.
    private static func moment(_ text: String, _ zone: String) throws -> Instant? {
        if text == "end" { return nil }
        if let instant = Instant(rfc3339: text) { return instant }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        let clock = parts.count == 2 ? parts[1].split(separator: ":") : []
        let seconds =
            clock.count == 3 ? Int(clock[2]).flatMap { (0..<60).contains($0) ? $0 : nil } : 0
        guard let day = parts.first.flatMap({ Day($0) }), (2...3).contains(clock.count),
            let seconds,
            let minute = BackupSettings.minute(clock.prefix(2).joined(separator: ":")),
            let rules = TimeZoneRules.named(zone)
        else {
            throw UsageError("--until: expected a moment such as \"2026-11-29 14:00\", or end")
        }
        return rules.instant(day, secondOfDay: minute * 60 + seconds)
    }
}
