import Basics
import Markup

extension Webhooks {
    static let mostOnHome = 4

    /// Those that the program switched off: whoever relies on them does not know it yet.
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.manageOrganisation) else { return }
        let stopped = try transaction.stoppedWebhooks()
        guard !stopped.isEmpty else { return }
        let items = stopped.prefix(mostOnHome).map { webhook in
            ToDoItem(
                webhook.label, address: webhook.path,
                note: "\(request.say(webhook.stopReason.explanation))",
                action: Text("Voir", "Look"))
        }
        home.toDo.append(
            ToDoGroup(
                Text("Webhooks arrêtés", "Webhooks that stopped"), icon: "triangle-alert",
                tone: .warn, count: stopped.count, address: "/settings/webhooks",
                items: Array(items)))
    }
}
