import Basics
import Core

extension Action {
    static let orderCreated = Action(
        "order.created", Text("a créé la commande", "created the order"), icon: "shopping-cart")
    static let orderUpdated = Action(
        "order.updated", Text("a modifié la commande", "changed the order"))
    static let orderDeleted = Action(
        "order.deleted", Text("a supprimé le brouillon de commande", "deleted the draft order"),
        icon: "trash-2")
    static let orderConfirmed = Action(
        "order.confirmed", Text("a confirmé la commande", "confirmed the order"), icon: "check")
    static let orderStarted = Action(
        "order.started", Text("a démarré la commande", "started the order"), icon: "play")
    static let orderSuspended = Action(
        "order.suspended", Text("a suspendu la commande", "suspended the order"), icon: "pause")
    static let orderCompleted = Action(
        "order.completed", Text("a terminé la commande", "completed the order"),
        icon: "circle-check")
    static let orderReopened = Action(
        "order.reopened", Text("a rouvert la commande", "reopened the order"), icon: "rotate-ccw")
    static let orderCancelled = Action(
        "order.cancelled", Text("a annulé la commande", "cancelled the order"), icon: "circle-x")

    static func orderMoved(to status: OrderStatus, from before: OrderStatus) -> Action {
        switch status {
        case .draft, .confirmed: .orderConfirmed
        case .inProgress: before == .completed ? .orderReopened : .orderStarted
        case .suspended: .orderSuspended
        case .completed: .orderCompleted
        case .cancelled: .orderCancelled
        }
    }
}

extension Orders {
    public static var actions: [Action] {
        [
            .orderCreated, .orderUpdated, .orderAssigned,
            .orderDeleted, .orderConfirmed, .orderStarted,
            .orderSuspended, .orderCompleted, .orderReopened, .orderCancelled,
        ]
    }
}
