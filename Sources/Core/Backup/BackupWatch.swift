import Basics
import Database
import Markup

/// Whether the backups of an installation are as they should be.
public struct BackupWatch: Sendable {
    /// After its hour a backup may take so long, in seconds.
    private static let patienceSeconds = 2 * 3600

    public enum Concern: Sendable, Equatable {
        /// Nobody said when and where.
        case notPlanned
        /// The settings cannot be read.
        case damaged
        case failed(at: Instant, lastGood: Instant?)
        case late(lastGood: Instant?)
        /// No backup was restored elsewhere for longer than was asked for.
        case notVerified(last: Instant?)
        /// The log of the database is not laid down, and fills its disk.
        case notLaidDown
    }

    private let data: DataFolder

    public init(_ data: DataFolder) { self.data = data }

    /// What needs a person, the gravest first; nil when all is well.
    public func concern(at now: Instant) -> Concern? {
        let record = BackupRecord(data)
        if !record.archiveFailure.isEmpty { return .notLaidDown }
        let settings: BackupSettings
        do {
            guard let found = try BackupSettings(data) else { return .notPlanned }
            settings = found
        } catch {
            return .damaged
        }
        if let failed = record.failedAt {
            return .failed(at: failed, lastGood: record.succeededAt)
        }
        let due = settings.lastDue(at: now)
        let isLate =
            (record.succeededAt ?? Instant(seconds: 0)) < due
            && due.adding(seconds: BackupWatch.patienceSeconds) <= now
        if isLate { return .late(lastGood: record.succeededAt) }
        guard settings.verifyDays > 0, record.succeededAt != nil else { return nil }
        // The proof comes with a backup, so it may be a day older than asked for.
        let limit = (settings.verifyDays + 1) * 86_400 + BackupWatch.patienceSeconds
        let isProved = record.verifiedAt.map { $0.adding(seconds: limit) > now } ?? false
        return isProved ? nil : .notVerified(last: record.verifiedAt)
    }
}

/// Tells owners on the home page when backups need somebody.
public enum Backups: Capability {
    public static func routes(_ routes: inout Routes) {}

    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        // A demonstration is made anew by one command.
        guard request.may(.manageOrganisation), request.application.demonstrationLogins.isEmpty,
            let concern = request.application.backups?.concern(at: request.now)
        else { return }
        home.asideCards.insert(BackupCard(concern: concern, request: request).html, at: 0)
    }
}

/// What is wrong with the backups, and what to do. Paths and addresses of the machine stay in its log.
struct BackupCard {
    let concern: BackupWatch.Concern
    let request: Request

    var html: HTML {
        let say = request.say
        return """
            <section class="card" aria-labelledby="h-backup"><header><h2 id="h-backup">\
            \(say("Sauvegardes", "Backups"))</h2></header><div class="body">\
            <div class="alert\(isGrave ? "" : " warn")">\(request.icon("triangle-alert"))\
            <b>\(say(title))</b><p>\(say(advice))</p></div></div></section>
            """
    }

    private var isGrave: Bool {
        switch concern {
        case .failed, .late, .damaged, .notLaidDown: true
        case .notPlanned, .notVerified: false
        }
    }

    private var title: Text {
        switch concern {
        case .notPlanned: Text("Aucune sauvegarde n’est prévue", "No backup is planned")
        case .damaged:
            Text("Le réglage des sauvegardes est illisible", "The plan of backups cannot be read")
        case .failed(let moment, _):
            Text(
                "La sauvegarde du \(day(moment).french) a échoué",
                "The backup of \(day(moment).english) failed")
        case .notLaidDown:
            Text(
                "Le journal de la base n’est plus archivé",
                "The log of the database is not laid down any more")
        case .late: Text("La sauvegarde est en retard", "The backup is late")
        case .notVerified:
            Text("Les sauvegardes ne sont pas vérifiées", "The backups are not verified")
        }
    }

    private var advice: Text {
        switch concern {
        case .notPlanned:
            Text(
                "Une panne de disque emporterait tout. Sur le serveur : comptoir backup schedule.",
                "A broken disk would take everything. On the server: comptoir backup schedule.")
        case .damaged:
            Text(
                "Sur le serveur, prévoyez-les de nouveau : comptoir backup schedule.",
                "On the server, plan them again: comptoir backup schedule.")
        case .failed(_, let lastGood), .late(let lastGood):
            Text(
                "\(lastOne(lastGood).french) Sur le serveur, comptoir backup list dit pourquoi.",
                "\(lastOne(lastGood).english) On the server, comptoir backup list says why.")
        case .notLaidDown:
            Text(
                "Le disque de la base va se remplir. Sur le serveur, comptoir backup list dit pourquoi.",
                "The disk of the database will fill up. On the server, comptoir backup list says why."
            )
        case .notVerified(let last):
            Text(
                "\(lastProof(last).french) Sur le serveur : comptoir backup verify.",
                "\(lastProof(last).english) On the server: comptoir backup verify.")
        }
    }

    private func lastOne(_ moment: Instant?) -> Text {
        guard let moment else {
            return Text("Il n’y en a encore aucune bonne.", "There is no good one yet.")
        }
        return Text(
            "La dernière bonne date du \(day(moment).french).",
            "The last good one is of \(day(moment).english).")
    }

    private func lastProof(_ moment: Instant?) -> Text {
        guard let moment else {
            return Text(
                "Aucune n’a encore été restaurée pour essai.", "None was restored as a trial yet.")
        }
        return Text(
            "Le dernier essai de restauration date du \(day(moment).french).",
            "The last trial restore is of \(day(moment).english).")
    }

    private func day(_ moment: Instant) -> Text {
        let day = request.organisation.local(moment).day
        return Text(Language.french.longDay(day), Language.english.longDay(day))
    }
}
