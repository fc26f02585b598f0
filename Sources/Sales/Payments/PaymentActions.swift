import Basics
import Core

extension Action {
    static let paymentRecorded = Action(
        "payment.recorded", Text("a enregistré le paiement", "recorded the payment"),
        icon: "banknote", severity: .medium)
    static let creditAllocated = Action(
        "payment.allocated", Text("a réglé des factures avec", "settled invoices with"),
        icon: "check-check")
    static let creditRefunded = Action(
        "payment.refunded", Text("a remboursé le client par", "refunded the client by"),
        icon: "hand-coins", severity: .medium)
    static let paymentUndone = Action(
        "payment.undone", Text("a annulé le paiement", "undid the payment"), icon: "undo-2",
        severity: .medium)
    static let invoiceSettled = Action(
        "invoice.settled", Text("a encaissé un règlement de", "settled a part of"),
        icon: "banknote")
    static let invoiceReopened = Action(
        "invoice.reopened", Text("a annulé un règlement de", "took back a settlement of"),
        icon: "undo-2")
}

extension Payments {
    public static var actions: [Action] {
        [
            .paymentRecorded, .creditAllocated, .creditRefunded, .paymentUndone,
            .invoiceSettled, .invoiceReopened,
        ]
    }
}
