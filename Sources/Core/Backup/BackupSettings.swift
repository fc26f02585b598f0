import Basics
import FoundationEssentials

/// When backups are made by themselves, where they go, and how long they are kept: `backups.json` of the
/// data folder, which `comptoir backup schedule` writes.
public struct BackupSettings: Sendable, Equatable {
    private static let mostBytes = 65_536
    public static let usualTimeZone = "Europe/Paris"
    /// How old the last proof may be, in days.
    public static let usualVerifyDays = 7

    /// Minutes after midnight.
    public var minuteOfDay: Int
    /// `Europe/Paris`
    public var timeZone: String
    public var place: BackupPlace
    public var keep: BackupRetention
    /// A backup is restored elsewhere and compared once in so many days; 0 for never.
    public var verifyDays: Int

    public init(
        minuteOfDay: Int, timeZone: String, place: BackupPlace, keep: BackupRetention,
        verifyDays: Int
    ) {
        self.minuteOfDay = minuteOfDay
        self.timeZone = timeZone
        self.place = place
        self.keep = keep
        self.verifyDays = verifyDays
    }

    /// Nil when nothing is planned. Throws when the file was damaged.
    public init?(_ data: DataFolder) throws {
        let path = data.backupSettingsFile
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let bytes = readWholeFile(path, limit: BackupSettings.mostBytes),
            let json = JSON(parsing: bytes), let settings = BackupSettings(json)
        else {
            throw BackupError.file(
                path: path, reason: "is damaged: set it again with comptoir backup schedule")
        }
        self = settings
    }

    public func save(_ data: DataFolder) throws {
        try data.make()
        try data.replace(data.backupSettingsFile, with: json.bytes)
    }

    public var json: JSON {
        [
            "daily": .string(clock), "time_zone": .string(timeZone), "place": place.json,
            "keep": .string(keep.text), "verify_days": .int(verifyDays),
        ]
    }

    init?(_ json: JSON) {
        guard let minute = json["daily"]?.string.flatMap(BackupSettings.minute),
            let timeZone = json["time_zone"]?.string,
            let place = json["place"].flatMap(BackupPlace.init),
            let keep = json["keep"]?.string.flatMap(BackupRetention.init),
            let verifyDays = json["verify_days"]?.int
        else { return nil }
        self.init(
            minuteOfDay: minute, timeZone: timeZone, place: place, keep: keep,
            verifyDays: verifyDays)
    }

    /// `03:00`
    public var clock: String { padded(minuteOfDay / 60, 2) + ":" + padded(minuteOfDay % 60, 2) }

    /// Reads `03:00`.
    public static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour),
            (0..<60).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }

    var rules: TimeZoneRules? { TimeZoneRules.named(timeZone) }

    /// The last moment up to `now` at which a backup was to be made: one each day, also when the clock of
    /// the zone skips that hour or has it twice.
    func lastDue(at now: Instant) -> Instant {
        guard let rules else { return now }
        let today = rules.local(now).day
        let due = rules.instant(today, secondOfDay: minuteOfDay * 60)
        return due <= now
            ? due : rules.instant(today.adding(days: -1), secondOfDay: minuteOfDay * 60)
    }
}

extension TimeZoneRules {
    /// The moment at which clocks on the wall show this; where they skip it or show it twice, one beside
    /// it or one of the two.
    public func instant(_ day: Day, secondOfDay: Int) -> Instant {
        let wall = day.daysSince1970 * 86_400 + secondOfDay
        let guess = Instant(seconds: wall - offset(at: Instant(seconds: wall)))
        return Instant(seconds: wall - offset(at: guess))
    }
}

/// How many backups are kept: the newest of each of the last days, weeks and months that have one. So
/// nothing goes when none comes, and the newest stays always.
public struct BackupRetention: Sendable, Equatable {
    public static let usual = BackupRetention(days: 7, weeks: 4, months: 12)
    private static let most = 3660

    public var days: Int
    public var weeks: Int
    public var months: Int

    init(days: Int, weeks: Int, months: Int) {
        self.days = days
        self.weeks = weeks
        self.months = months
    }

    /// Reads `7d,4w,12m`; what is not named is 0. Nil when it would keep nothing.
    public init?(_ text: String) {
        var counts: [Character: Int] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let word = part.filter { $0 != " " }
            guard let unit = word.last, "dwm".contains(unit), counts[unit] == nil,
                let count = Int(word.dropLast()), (0...BackupRetention.most).contains(count)
            else { return nil }
            counts[unit] = count
        }
        self.init(days: counts["d"] ?? 0, weeks: counts["w"] ?? 0, months: counts["m"] ?? 0)
        guard days + weeks + months > 0 else { return nil }
    }

    public var text: String { "\(days)d,\(weeks)w,\(months)m" }

    /// Which of these stay; days begin at midnight of the zone, weeks on Monday.
    public func kept(of names: [BackupName], _ rules: TimeZoneRules?) -> Set<BackupName> {
        let newestFirst = names.sorted(by: >)
        var kept = Set(newestFirst.prefix(1))
        func keep(_ count: Int, _ period: (Day) -> Day) {
            var seen: Set<Day> = []
            for name in newestFirst {
                let day =
                    (rules?.local(name.createdAt)
                    ?? LocalTime(name.createdAt, offsetSeconds: 0)).day
                let start = period(day)
                guard !seen.contains(start) else { continue }
                guard seen.count < count else { return }
                seen.insert(start)
                kept.insert(name)
            }
        }
        keep(days) { $0 }
        keep(weeks) { $0.adding(days: 1 - $0.weekday) }
        keep(months) { $0.firstOfMonth }
        return kept
    }
}
