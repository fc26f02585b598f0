import Basics
import WebClient

/// The form of a webhook.
public struct WebhookDraft: Sendable {
    /// Nothing is told about webhooks themselves, so that none can set off another.
    private static let ownPrefix = "webhook."

    var url: String
    var description: String
    var events: [String]
    /// Nil: as it is.
    var isActive: Bool?

    init(_ input: inout Input, _ request: Request) {
        url = input.line("url", required: true, most: WebAddress.maximumLength)
        description = input.line("description")
        // Boxes of a form, or a list that a program sent.
        let asked = Set(
            input.all("events").flatMap { $0.split(separator: ",") }
                .map { PlainText.line(String($0)) })
        let known = WebhookDraft.events(request.application)
        events = known.filter(asked.contains)
        isActive = input.has("is_active") ? input.flag("is_active") : nil
        if let unknown = asked.subtracting(known).first(where: { !$0.isEmpty }) {
            input.refuse(
                "events", Text("Événement inconnu : \(unknown).", "Unknown event: \(unknown)."))
        } else if events.isEmpty {
            input.refuse(
                "events", Text("Cochez au moins un événement.", "Tick at least one event."))
        }
        checkAddress(&input, request.application.webClient)
    }

    private func checkAddress(_ input: inout Input, _ client: WebClient) {
        guard let address = WebAddress(url) else {
            input.refuse(
                "url",
                Text(
                    "Adresse attendue, comme https://exemple.fr/webhooks.",
                    "An address such as https://example.com/webhooks."))
            return
        }
        guard !client.allows(address) else { return }
        input.refuse(
            "url",
            address.isEncrypted
                ? Text(
                    "Cette adresse n’est pas sur l’internet public.",
                    "This address is not on the public internet.")
                : Text("L’adresse commence par https://.", "The address begins with https://."))
    }

    /// What can be told, by its name in the journal.
    static func events(_ application: Application) -> [String] {
        application.actions.keys.filter { !$0.hasPrefix(ownPrefix) }.sorted()
    }

    /// The host of an address; nothing where it is none.
    static func host(of url: String) -> String { WebAddress(url)?.host ?? "" }
}
