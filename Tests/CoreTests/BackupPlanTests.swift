import Basics
import Foundation
import TestSupport
import Testing

@testable import Core

@Suite struct BackupPlanTests {
    private func settings(
        _ clock: String, zone: String = "Europe/Paris", verifyDays: Int = 7
    ) throws -> BackupSettings {
        BackupSettings(
            minuteOfDay: try #require(BackupSettings.minute(clock)), timeZone: zone,
            place: .folder("/srv/backups"), keep: .usual, verifyDays: verifyDays)
    }

    private func instant(_ text: String) throws -> Instant {
        try #require(Instant(rfc3339: text))
    }

    @Test func datedNamesComeBackAndOthersAreLeftAlone() throws {
        let name = BackupName(try instant("2026-11-29T03:00:07.5Z"), isEncrypted: true)
        #expect(name.text == "comptoir_20261129_030007.backup")
        #expect(BackupName(name.text) == name)
        #expect(BackupName("comptoir_20261129_030007.tar")?.isEncrypted == false)
        for text in [
            "comptoir_20261129_030007", "comptoir_20261329_030007.tar", "notes.tar",
            "comptoir_20261129_030007.backup.4711.new", "comptoir_2026-1129_03007.tar",
            "comptoir_20261129_250007.tar", "comptoir_+0261129_030007.tar",
        ] {
            #expect(BackupName(text) == nil, "\(text)")
        }
    }

    @Test func settingsComeBackFromTheirFile() throws {
        let bucket = try #require(
            BucketAddress(
                "s3://sauvegardes/alta/vista", endpoint: "https://s3.example.org",
                region: "fr-par", usesPathStyle: true, credentialsFile: "/etc/keys"))
        for place in [BackupPlace.folder("/srv/backups"), .bucket(bucket)] {
            let folder = TemporaryFolder("plan")
            let data = DataFolder(folder.path + "/data")
            var settings = try settings("03:30")
            settings.place = place
            try settings.save(data)
            #expect(try BackupSettings(data) == settings)
            withExtendedLifetime(folder) {}
        }
        #expect(bucket.text == "s3://sauvegardes/alta/vista/")
        for text in ["s3://", "s3:///x", "s3://b/é", "s3://b/a b", "https://b/x", "s3://b/x?y"] {
            #expect(
                BucketAddress(
                    text, endpoint: "", region: "", usesPathStyle: true, credentialsFile: "")
                    == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("2026-11-29T01:59:59Z", "2026-11-28T02:00:00Z"),
        ("2026-11-29T02:00:00Z", "2026-11-29T02:00:00Z"),
        ("2026-11-29T23:30:00Z", "2026-11-29T02:00:00Z"),
        // Summer: two hours before Greenwich.
        ("2026-07-14T01:00:00Z", "2026-07-14T01:00:00Z"),
        ("2026-07-14T00:59:00Z", "2026-07-13T01:00:00Z"),
    ])
    func aBackupIsDueOnceADayByTheClockOfItsZone(now: String, due: String) throws {
        #expect(try settings("03:00").lastDue(at: instant(now)) == instant(due))
    }

    @Test(arguments: ["2026-03-29", "2026-10-25"], ["01:30", "02:00", "02:30", "03:00"])
    func daysOnWhichTheClockIsSetHaveOneBackup(day: String, clock: String) throws {
        let settings = try settings(clock)
        var dues: Set<Instant> = []
        let noon = try instant(day + "T12:00:00Z")
        for minute in stride(from: -24 * 60, through: 24 * 60, by: 5) {
            let now = noon.adding(seconds: minute * 60)
            let due = settings.lastDue(at: now)
            #expect(due <= now)
            if due > noon.adding(seconds: -86_400 + 3600), due <= noon { dues.insert(due) }
        }
        #expect(dues.count == 1)
    }

    @Test func aFailureIsTriedAgainLaterAndLater() throws {
        let settings = try settings("03:00")
        let now = try instant("2026-11-29T02:00:00Z")
        var record = BackupRecord()
        #expect(BackupKeeper.isDue(settings, record, at: now))
        for wait in [900, 3600, 10_800, 10_800] {
            record.failed("full", at: now)
            #expect(!BackupKeeper.isDue(settings, record, at: now.adding(seconds: wait - 1)))
            #expect(BackupKeeper.isDue(settings, record, at: now.adding(seconds: wait)))
        }
        record.succeeded(BackupName(now, isEncrypted: true), at: now, isProved: false)
        #expect(!BackupKeeper.isDue(settings, record, at: now.adding(seconds: 86_399)))
        #expect(BackupKeeper.isDue(settings, record, at: now.adding(seconds: 86_400)))
    }

    @Test(arguments: [
        ("7d,4w,12m", BackupRetention(days: 7, weeks: 4, months: 12)),
        ("30d", BackupRetention(days: 30, weeks: 0, months: 0)),
        ("2w, 1m", BackupRetention(days: 0, weeks: 2, months: 1)),
    ])
    func rulesOfRetentionAreRead(text: String, rule: BackupRetention) {
        #expect(BackupRetention(text) == rule)
    }

    @Test(arguments: ["", "7", "d", "7x", "0d", "-1d", "7d,8d", "9999d", "7d,"])
    func rulesThatMakeNoSenseAreRefused(text: String) { #expect(BackupRetention(text) == nil) }

    /// One each night at 3 of Paris from 1 October 2025 to 29 November 2026.
    private func nights() throws -> [BackupName] {
        let settings = try settings("03:00")
        return try (0...424).map { days in
            let noon = try instant("2026-11-29T12:00:00Z").adding(seconds: -days * 86_400)
            return BackupName(settings.lastDue(at: noon), isEncrypted: true)
        }
    }

    @Test func theNewestOfEachDayWeekAndMonthStays() throws {
        let rules = TimeZoneRules.named("Europe/Paris")
        let kept = BackupRetention(days: 7, weeks: 4, months: 12).kept(of: try nights(), rules)
        let days = kept.sorted(by: >).map { rules?.local($0.createdAt).day.iso ?? "" }
        #expect(
            days == [
                // 29 November 2026 is a Sunday: the week of the 23rd is that of the last seven days.
                "2026-11-29", "2026-11-28", "2026-11-27", "2026-11-26", "2026-11-25",
                "2026-11-24", "2026-11-23", "2026-11-22", "2026-11-15", "2026-11-08",
                "2026-10-31", "2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30",
                "2026-05-31", "2026-04-30", "2026-03-31", "2026-02-28", "2026-01-31",
                "2025-12-31",
            ])
    }

    @Test func dayByDayTheRuleLeavesWhatItWillNeedLater() throws {
        // What pruning each night leaves must be what pruning once at the end leaves.
        let rules = TimeZoneRules.named("Europe/Paris")
        let keep = BackupRetention(days: 3, weeks: 3, months: 3)
        var left: [BackupName] = []
        for name in try nights().reversed() {
            left.append(name)
            left = Array(keep.kept(of: left, rules))
        }
        #expect(Set(left) == keep.kept(of: try nights(), rules))
    }

    @Test func nothingGoesWhenNothingComes() throws {
        let old = try ["2020-01-01", "2020-01-02"].map {
            BackupName(try instant($0 + "T03:00:00Z"), isEncrypted: false)
        }
        let keep = BackupRetention(days: 7, weeks: 0, months: 0)
        #expect(keep.kept(of: old, nil) == Set(old))
        #expect(BackupRetention(days: 0, weeks: 1, months: 0).kept(of: old, nil) == [old[1]])
        #expect(keep.kept(of: [], nil).isEmpty)
    }

    @Test func twoOfOneDayCountOnceAndTheDayIsThatOfTheZone() throws {
        // 23:30 in Paris and half past midnight are two days there and one in Greenwich.
        let names = try ["2026-11-28T22:30:00Z", "2026-11-28T23:30:00Z", "2026-11-29T02:00:00Z"]
            .map { BackupName(try instant($0), isEncrypted: true) }
        let keep = BackupRetention(days: 2, weeks: 0, months: 0)
        #expect(
            keep.kept(of: names, TimeZoneRules.named("Europe/Paris")) == [names[0], names[2]])
        #expect(keep.kept(of: names, TimeZoneRules.named("UTC")) == [names[1], names[2]])
    }
}

@Suite struct BackupCardTests {
    private let folder = TemporaryFolder("watch")
    private var data: DataFolder { DataFolder(folder.path) }
    private let clock = TestClock()

    private func home(as role: Role = .owner) throws -> String {
        let test = try TestApplication(all: [], clock: clock, backups: BackupWatch(data))
        return try test.get("/", as: role).text
    }

    private func plan() throws -> BackupSettings {
        let settings = BackupSettings(
            minuteOfDay: 180, timeZone: "Europe/Paris", place: .folder("/srv/backups"),
            keep: .usual, verifyDays: 7)
        try settings.save(data)
        return settings
    }

    private func note(_ change: (inout BackupRecord) -> Void) throws {
        var record = BackupRecord(data)
        change(&record)
        try record.save(data)
    }

    @Test func ownersReadThatNoBackupIsPlannedAndOthersDoNot() throws {
        #expect(try home().contains("Aucune sauvegarde n’est prévue"))
        #expect(try !home(as: .agent).contains("Sauvegardes"))
    }

    @Test func aGoodVerifiedBackupIsNoNews() throws {
        _ = try plan()
        try note {
            $0.succeeded(
                BackupName(clock.now, isEncrypted: true), at: clock.now, isProved: true)
        }
        #expect(try !home().contains("h-backup"))
        clock.advance(seconds: 2 * 86_400)
        #expect(try home().contains("La sauvegarde est en retard"))
    }

    @Test func aFailureIsShownWithoutThePathsOfTheMachine() throws {
        _ = try plan()
        try note { $0.failed("/srv/backups: No space left on device", at: clock.now) }
        let text = try home()
        #expect(text.contains("La sauvegarde du 21 novembre 2026 a échoué"))
        #expect(text.contains("Il n’y en a encore aucune bonne."))
        #expect(!text.contains("/srv"))
    }

    @Test func aProofThatIsTooOldIsAskedFor() throws {
        _ = try plan()
        let first = clock.now
        try note {
            $0.succeeded(BackupName(first, isEncrypted: true), at: first, isProved: true)
        }
        clock.advance(seconds: 9 * 86_400)
        try note {
            $0.succeeded(
                BackupName(clock.now, isEncrypted: true), at: clock.now, isProved: false)
        }
        #expect(try home().contains("Les sauvegardes ne sont pas vérifiées"))
    }

    @Test func aLogThatIsNotLaidDownIsTheGravestNews() throws {
        _ = try plan()
        try note { $0.archiveFailure = "the piece 000000010000000000000007 …" }
        #expect(try home().contains("Le journal de la base n’est plus archivé"))
    }

    @Test func settingsThatCannotBeReadAreTold() throws {
        try DataFolder.write(Array("nonsense".utf8), to: data.backupSettingsFile)
        #expect(try home().contains("Le réglage des sauvegardes est illisible"))
        #expect(throws: BackupError.self) { try BackupSettings(data) }
    }
}
