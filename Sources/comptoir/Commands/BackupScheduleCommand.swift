import Basics
import Core
import Database
import FoundationEssentials

/// `comptoir backup schedule`: when backups are made by the serving program, where, and how long they stay.
enum BackupSchedule {
    private static let daily = Option<Int>(
        "--daily", "HH:MM", "At what time, each day.", expected: "a time such as 03:00",
        parse: BackupSettings.minute)
    private static let place = Option<String>(
        "--to", "PLACE", "A folder on another disk, or s3://bucket/prefix.")
    private static let keep = Option<BackupRetention>(
        "--keep", "RULE", "How many days, weeks and months. Default: 7d,4w,12m",
        expected: "a rule such as 7d,4w,12m", parse: { BackupRetention($0) })
    private static let timeZone = Option<String>(
        "--time-zone", "NAME", "Whose clock. Default: \(BackupSettings.usualTimeZone)",
        expected: "a time zone such as Europe/Paris",
        parse: { TimeZoneRules.named($0) == nil ? nil : $0 })
    private static let verifyDays = Option<Int>(
        "--verify-every", "DAYS",
        "Restore one elsewhere and compare, so often; 0 for never. Default: 7",
        expected: "a number from 0 to 365",
        parse: { text in Int(text).flatMap { (0...365).contains($0) ? $0 : nil } })
    private static let endpoint = Option<String>(
        "--endpoint", "URL", "Of the object store. Default: that of Amazon in the region")
    private static let region = Option<String>(
        "--region", "NAME", "Of the object store, such as fr-par or eu-west-3")
    private static let credentials = Option<String>(
        "--credentials", "FILE",
        "With aws_access_key_id and aws_secret_access_key, for its owner alone (chmod 600). "
            + "Default: the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    private static let pathStyle = Flag(
        "--path-style", "The bucket stands in the path, as MinIO and Garage like it.")
    private static let off = Flag("--off", "Make no more backups by themselves.")

    static let command = Command(
        words: ["backup", "schedule"],
        summary: "Show or set when backups are made, where, and how long they are kept",
        details: """
            The serving program makes them, and what it missed as soon as it runs again. The rule keeps
            the newest backup of each of so many days, weeks and months that have one.
            """,
        options: [
            InstallationOptions.data, daily, place, keep, timeZone, verifyDays, endpoint, region,
            credentials, pathStyle, off, InstallationOptions.json,
        ], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let data = DataFolder(try arguments.settings().dataFolder)
        try refuseIgnored(arguments)
        if arguments[off] {
            try? FileManager.default.removeItem(atPath: data.backupSettingsFile)
        } else if arguments[daily] != nil || arguments[place] != nil || arguments[keep] != nil
            || arguments[timeZone] != nil || arguments[verifyDays] != nil
        {
            try changed(BackupSettings(data), arguments).save(data)
        }
        let settings = try BackupSettings(data)
        if arguments[InstallationOptions.json] {
            Output.line((settings?.json ?? .null).text)
        } else if let settings {
            Output.line(
                "Every day at \(settings.clock) (\(settings.timeZone)) to \(settings.place.text), "
                    + "kept \(settings.keep.text), "
                    + (settings.verifyDays == 0
                        ? "never verified." : "verified every \(settings.verifyDays) days."))
            if try data.recipient() == nil { Output.complain(BackupText.notEncrypted) }
        } else {
            Output.line("No backup is planned.")
        }
        return 0
    }

    /// What would be read and then not heeded is said, and not left out in silence.
    private static func refuseIgnored(_ arguments: Arguments) throws {
        let ofStore = [
            (endpoint.name, arguments[endpoint] != nil), (region.name, arguments[region] != nil),
            (credentials.name, arguments[credentials] != nil),
            (pathStyle.name, arguments[pathStyle]),
        ].filter(\.1).map(\.0)
        let ofPlan = [
            (daily.name, arguments[daily] != nil), (place.name, arguments[place] != nil),
            (keep.name, arguments[keep] != nil), (timeZone.name, arguments[timeZone] != nil),
            (verifyDays.name, arguments[verifyDays] != nil),
        ].filter(\.1).map(\.0)
        if arguments[off], let other = (ofPlan + ofStore).first {
            throw UsageError("\(other) and --off exclude each other")
        }
        if arguments[place]?.contains("://") != true, let option = ofStore.first {
            throw UsageError("\(option): it goes with --to s3://bucket/prefix")
        }
    }

    private static func changed(
        _ old: BackupSettings?, _ arguments: Arguments
    ) throws -> BackupSettings {
        guard let place = try arguments[place].map({ try self.place($0, arguments) }) ?? old?.place
        else { throw UsageError("--to PLACE is missing") }
        guard let minute = arguments[daily] ?? old?.minuteOfDay else {
            throw UsageError("--daily HH:MM is missing")
        }
        // A place that is out of reach is told now, and not in the night.
        _ = try place.stored()
        return BackupSettings(
            minuteOfDay: minute,
            timeZone: arguments[timeZone] ?? old?.timeZone ?? BackupSettings.usualTimeZone,
            place: place, keep: arguments[keep] ?? old?.keep ?? .usual,
            verifyDays: arguments[verifyDays] ?? old?.verifyDays
                ?? BackupSettings.usualVerifyDays)
    }

    private static func place(_ text: String, _ arguments: Arguments) throws -> BackupPlace {
        guard text.contains("://") else { return .folder(DataFolder(text).path) }
        let region = try arguments.required(region)
        let file = arguments[credentials].map { DataFolder($0).path } ?? ""
        guard
            let address = BucketAddress(
                text, endpoint: arguments[endpoint] ?? "https://s3.\(region).amazonaws.com",
                region: region, usesPathStyle: arguments[pathStyle], credentialsFile: file)
        else {
            throw UsageError(
                "--to: expected a folder or s3://bucket/prefix of letters, digits, . - _ and /")
        }
        return .bucket(address)
    }
}

/// What several commands say.
enum BackupText {
    static let notEncrypted =
        "Backups are not encrypted, and hold the secret key: name a recipient "
        + "(comptoir key recipient --create FILE)."
}

extension Arguments {
    /// The plan of the data folder, which commands without a place take theirs from.
    func backupSettings(_ data: DataFolder) throws -> BackupSettings {
        guard let settings = try BackupSettings(data) else {
            throw Failure("no backup is planned: comptoir backup schedule --daily HH:MM --to PLACE")
        }
        return settings
    }
}
