import Basics
import WebClient

/// Why nothing came back from a webhook.
public enum WebhookFailure: String, Sendable, CaseIterable {
    case forbidden, name, connection, certificate, timeout
    /// The secret kept here can no longer be read.
    case secret
    /// It was switched off before this was sent.
    case stopped

    public init(_ failure: WebFailure) {
        switch failure.kind {
        case .forbidden: self = .forbidden
        case .name: self = .name
        case .connection: self = .connection
        case .certificate: self = .certificate
        case .timeout: self = .timeout
        }
    }

    public var explanation: Text {
        switch self {
        case .forbidden:
            Text(
                "L’adresse mène à un réseau privé : rien n’y est envoyé.",
                "The address leads to a private network: nothing is sent there.")
        case .name: Text("Le nom du serveur est introuvable.", "The server’s name is not found.")
        case .connection: Text("Le serveur est injoignable.", "The server cannot be reached.")
        case .certificate:
            Text(
                "Le certificat du serveur n’est pas valable.",
                "The server’s certificate is not valid.")
        case .timeout:
            Text(
                "Pas de réponse en \(WebClient.timeoutSeconds) secondes.",
                "No answer within \(WebClient.timeoutSeconds) seconds.")
        case .secret:
            Text(
                "Le secret conservé ici n’est plus lisible : changez de secret.",
                "The secret kept here can no longer be read: change the secret.")
        case .stopped:
            Text(
                "Le webhook a été désactivé avant l’envoi.",
                "The webhook was switched off before this was sent.")
        }
    }
}
