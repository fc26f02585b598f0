import Basics
import Core
import WebClient

/// What an approved platform (« plateforme agréée ») does for a company, whoever it is and however it
/// is reached: it takes flows, says what became of them, and hands out those that came for the company.
protocol PlatformConnector: Sendable {
    /// Whether it is there and knows the company.
    func check() throws(PlatformFailure)
    /// Hands a flow over; answers the platform's name of it.
    func submit(_ flow: OutgoingFlow) throws(PlatformFailure) -> String
    /// The flow that was handed over under this name of ours; nil when it did not arrive.
    func flow(tracking id: UniqueID) throws(PlatformFailure) -> PlatformFlowState?
    /// Flows that changed after a moment, the oldest change first, at most `pageSize`.
    func changes(after moment: Instant) throws(PlatformFailure) -> [PlatformFlowState]
    /// The file of a flow, as its sender gave it.
    func content(of id: String) throws(PlatformFailure) -> [UInt8]
}

/// A file on its way to a platform.
struct OutgoingFlow: Sendable {
    enum Syntax: String, Sendable {
        case facturX = "Factur-X"
        case status = "CDAR"
    }

    var trackingID: UniqueID
    var name: String
    var syntax: Syntax
    var content: [UInt8]

    var mediaType: String { syntax == .facturX ? "application/pdf" : "application/xml" }
}

/// What a platform says of one flow.
struct PlatformFlowState: Sendable {
    enum Acknowledgement: Sendable, Equatable {
        case pending, accepted
        case refused(code: String, reason: String)
    }

    var id: String
    /// Whether it came from the platform.
    var isIncoming: Bool
    /// `SupplierInvoice`, `CustomerInvoiceLC` and so on; empty where it is not said.
    var type: String
    var acknowledgement: Acknowledgement
    var updatedAt: Instant

    var isInvoice: Bool { type == "SupplierInvoice" || type == "CustomerInvoice" }
    /// Of invoices that were issued here: what is said of those of suppliers came from here.
    var isStatus: Bool { type == "CustomerInvoiceLC" }
}

/// Why a platform gave no answer that helps.
enum PlatformFailure: Error, Sendable {
    case web(WebFailure.Kind)
    /// The name or the secret is not right.
    case credentials
    /// It has too much to do, or an accident: worth another attempt.
    case busy(status: Int)
    /// It does not want this flow, and never will.
    case refused(status: Int, message: String)
    /// It answered something that is none of its answers.
    case unreadable
    /// The secret kept here cannot be read any more.
    case secret

    /// Whether only this flow is concerned, and the others may go on.
    var isOfTheFlow: Bool {
        if case .refused(let status, _) = self {
            [400, 409, 413, 415, 422].contains(status)
        } else {
            false
        }
    }

    /// Whether it may be another flow's luck: a fault of the platform, or a way that was cut.
    var isOfTheMoment: Bool {
        switch self {
        case .busy: true
        case .web(let kind): kind == .timeout || kind == .connection
        default: false
        }
    }

    /// Whether a file that it announced cannot be had.
    var isOfTheFile: Bool {
        switch self {
        case .refused, .unreadable: true
        default: false
        }
    }

    var explanation: Text {
        switch self {
        case .web(let kind):
            WebhookFailure(WebFailure(kind: kind, milliseconds: 0)).explanation
        case .credentials:
            Text(
                "La plateforme refuse l’identifiant ou le secret.",
                "The platform refuses the identifier or the secret.")
        case .busy(let status):
            Text(
                "La plateforme n’est pas disponible pour l’instant (\(status)).",
                "The platform is not available for now (\(status)).")
        case .refused(let status, let message):
            Text(
                "La plateforme refuse cet envoi (\(status)). \(message)",
                "The platform refuses this (\(status)). \(message)")
        case .unreadable:
            Text(
                "La réponse n’est pas celle d’une plateforme : vérifiez les adresses.",
                "The answer is not a platform’s: check the addresses.")
        case .secret:
            Text(
                "Le secret conservé ici n’est plus lisible : saisissez-le à nouveau.",
                "The secret kept here can no longer be read: enter it again.")
        }
    }
}
