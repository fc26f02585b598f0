import Basics
import Core

extension Action {
    static let depositRequested = Action(
        "deposit_request.created", Text("a demandé l’acompte", "requested the deposit"),
        icon: "hand-coins")
    static let depositRequestCancelled = Action(
        "deposit_request.cancelled",
        Text("a annulé la demande d’acompte", "cancelled the deposit request"), icon: "circle-x")
    static let depositReceived = Action(
        "deposit_request.received", Text("a encaissé l’acompte", "received the deposit"),
        icon: "banknote")
    static let depositInvoiced = Action(
        "order.deposit_invoiced",
        Text("a facturé un acompte sur la commande", "invoiced a deposit on the order"),
        icon: "receipt-euro")
}

extension Deposits {
    public static let actions: [Action] = [
        .depositRequested, .depositRequestCancelled, .depositReceived, .depositInvoiced,
    ]
}
