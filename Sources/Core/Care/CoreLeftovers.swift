import Basics
import Database
import FoundationEssentials
import Glibc

/// How long what is over is kept before it goes, in seconds.
private let monthSeconds = 30 * 86_400

extension SignIn {
    public static let leftovers: [Leftover] = [
        .rows("sessions", Text("sessions terminées", "sessions that are over")) {
            "expires_at < \($0)"
        },
        .rows(
            "sign_in_failures",
            Text("échecs de connexion qui ne comptent plus", "failed sign-ins that count no more")
        ) {
            "failed_at < \($0.adding(seconds: -ThrottleKey.windowSeconds))"
        },
        .ownRows(
            "submissions",
            Text("formulaires envoyés il y a plus d’un mois", "forms sent more than a month ago")
        ) {
            "created_at < \($0.adding(seconds: -monthSeconds))"
        },
    ]
}

extension PasswordReset {
    public static let leftovers: [Leftover] = [
        .rows(
            "password_resets", Text("liens de mot de passe expirés", "password links that are over")
        ) {
            "expires_at < \($0)"
        }
    ]
}

extension Invitations {
    public static let leftovers: [Leftover] = [
        .ownRows(
            "invitations",
            Text("invitations expirées depuis un mois", "invitations that ended a month ago")
        ) {
            "expires_at < \($0.adding(seconds: -monthSeconds))"
        }
    ]
}

extension Jobs {
    public static let leftovers: [Leftover] = [
        .rows("jobs", Text("travaux terminés depuis un mois", "jobs finished a month ago")) {
            "finished_at < \($0.adding(seconds: -JobQueue.keptSeconds))"
        }
    ]
}

extension TokenExchange {
    public static let leftovers: [Leftover] = [
        .rows(
            "signing_keys",
            Text("clés qui ne vérifient plus rien", "keys that verify nothing any more")
        ) {
            "created_at < \($0.adding(seconds: -SigningKeys.keptSeconds))"
        }
    ]
}

extension API {
    public static let leftovers: [Leftover] = [
        .ownRows("idempotency_keys", Text("réponses gardées de l’API", "kept answers of the API")) {
            "created_at < \($0.adding(seconds: -IdempotencyKey.keptSeconds))"
        },
        // Who used it, and when it ended, stands in the journal.
        .ownRows(
            "access_tokens", Text("jetons expirés depuis un mois", "tokens that ended a month ago")
        ) {
            "expires_at < \($0.adding(seconds: -monthSeconds))"
        },
    ]
}

extension Webhooks {
    public static let leftovers: [Leftover] = [
        .ownRows(
            "webhook_deliveries",
            Text(
                "envois de webhooks d’il y a plus d’un mois",
                "webhook deliveries of more than a month ago")
        ) {
            "created_at < \($0.adding(seconds: -WebhookDelivery.keptSeconds))"
        }
    ]
}

extension Integrity {
    /// What programs that were killed halfway left in the data folder.
    public static let leftovers: [Leftover] = [
        .files(
            "drafts",
            Text("brouillons d’un programme interrompu", "drafts of a program that was cut off")
        ) {
            data, now, removing in
            let files = FileManager.default
            let names = (try? files.contentsOfDirectory(atPath: data.path)) ?? []
            let left = names.filter { isLeft($0) }
            if removing {
                for name in left { try files.removeItem(atPath: data.path + "/" + name) }
            }
            return left.count
        }
    ]

    /// `secret.key.4711.new` and `restore-4711`, when no process of that number lives.
    private static func isLeft(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        let number: Substring? =
            parts.count == 4 && name.hasPrefix("secret.key.") && parts[3] == "new"
            ? parts[2]
            : name.hasPrefix("restore-") ? name.dropFirst("restore-".count) : nil
        guard let process = number.flatMap({ pid_t($0) }), process > 0 else { return false }
        return kill(process, 0) != 0 && errno == ESRCH
    }
}
