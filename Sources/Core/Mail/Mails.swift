import Basics
import HTTP

/// Mail to clients: what waits, what left, what failed.
public enum Mails: Capability {
    public static func routes(_ routes: inout Routes) {}

    public static let actions: [Action] = [
        .mailQueued, .mailSent, .mailFailed, .mailCancelled, .mailCorrected,
    ]

    public static var jobs: [JobKind] { [sending] }

    static let sending = JobKind(
        "mail.send", Text("Envoi d’un courriel", "Sending a mail"), address: { "/mails/\($0)" },
        handler: { _, _ in })
}
