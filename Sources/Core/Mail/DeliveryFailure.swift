import Basics
import Database
import Mailer

/// Why a mail was not sent the last time, to be told in the reader's language.
public struct DeliveryFailure: Error, Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable, SQLBindable {
        case temporary, permanent, connection, authentication
    }
    public var kind: Kind
    /// The server's own words, or what went wrong on the way to it.
    public var answer: String

    public init(_ kind: Kind, _ answer: String) {
        self.kind = kind
        self.answer = answer
    }

    init(_ error: MailError) {
        switch error.kind {
        case .temporary: kind = .temporary
        case .permanent: kind = .permanent
        case .connection: kind = .connection
        case .authentication: kind = .authentication
        }
        answer = error.message
    }

    /// From columns failure_kind and last_error; nil when nothing went wrong.
    init?(row: Row) throws {
        let kind: String = try row["failure_kind"]
        guard let known = Kind(rawValue: kind) else { return nil }
        self.init(known, try row["last_error"])
    }

    /// Whether the next attempt may work without anybody doing anything.
    var isWorthRetrying: Bool { kind == .temporary || kind == .connection }

    /// In plain words.
    public var explanation: Text {
        DeliveryFailure.known.first { $0.kind == kind && answer.contains($0.sign) }?.text
            ?? general
    }

    private var general: Text {
        switch kind {
        case .temporary:
            Text(
                "Le serveur demande de réessayer plus tard.",
                "The server asks to try again later.")
        case .permanent: Text("Le serveur refuse ce courriel.", "The server refuses this mail.")
        case .connection:
            Text(
                "Le serveur de courrier ne répond pas, ou pas en toute sécurité.",
                "The mail server does not answer, or not safely.")
        case .authentication:
            Text(
                "Le serveur refuse l’identifiant ou le mot de passe.",
                "The server refuses the user name or the password.")
        }
    }

    /// What servers and libcurl say (RFC 3463 for the codes), and what it means.
    private static let known: [(kind: Kind, sign: String, text: Text)] = [
        (
            .authentication, "can no longer be read",
            Text(
                "Le mot de passe enregistré ne se lit plus : saisissez-le de nouveau.",
                "The password kept here can no longer be read: type it again.")
        ),
        (
            .permanent, "5.1.",
            Text(
                "Le serveur du destinataire ne connaît pas cette adresse.",
                "The recipient’s server does not know this address.")
        ),
        (
            .permanent, "5.2.2",
            Text("La boîte du destinataire est pleine.", "The recipient’s mailbox is full.")
        ),
        (
            .permanent, "5.3.4",
            Text("Le courriel est trop volumineux.", "The mail is too large.")
        ),
        (
            .permanent, "5.7.",
            Text(
                "Le serveur refuse ce courriel : expéditeur non autorisé ou filtre antispam.",
                "The server refuses this mail: sender not allowed, or spam filter.")
        ),
        (
            .connection, "resolve host",
            Text("Aucun serveur ne porte ce nom.", "No server has this name.")
        ),
        (
            .connection, "onnect to",
            Text(
                "Aucun serveur de courrier ne répond à cette adresse et sur ce port.",
                "No mail server answers at this address and port.")
        ),
        (
            .connection, "timed out",
            Text("Le serveur n’a pas répondu à temps.", "The server did not answer in time.")
        ),
        (
            .connection, "certificate",
            Text(
                "Le certificat du serveur n’est pas reconnu : la connexion n’est pas sûre.",
                "The server’s certificate is not trusted: the connection is not safe.")
        ),
        (
            .connection, "STARTTLS",
            Text(
                "Le serveur ne propose pas le chiffrement demandé.",
                "The server does not offer the encryption asked for.")
        ),
    ]
}
