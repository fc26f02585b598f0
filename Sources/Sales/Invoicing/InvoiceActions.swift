import Basics
import Core

extension Action {
    static let invoiceDrafted = Action(
        "invoice.drafted", Text("a préparé une facture pour", "drafted an invoice for"),
        icon: "file-plus")
    static let invoiceDraftUpdated = Action(
        "invoice.draft_updated", Text("a modifié la facture de", "changed the invoice for"))
    static let invoiceDraftDeleted = Action(
        "invoice.draft_deleted",
        Text("a supprimé la facture préparée pour", "deleted the drafted invoice for"),
        icon: "trash-2")
    static let invoiceIssued = Action(
        "invoice.issued", Text("a émis la facture", "issued the invoice"), icon: "file-check",
        severity: .medium)
    static let creditNoteIssued = Action(
        "invoice.credit_note_issued", Text("a émis l’avoir", "issued the credit note"),
        icon: "undo-2", severity: .medium)
    static let invoiceCredited = Action(
        "invoice.credited", Text("a fait un avoir sur", "credited"), icon: "undo-2",
        severity: .medium)
    static let invoiceMarkedSent = Action(
        "invoice.marked_sent", Text("a noté l’envoi de", "marked as sent"), icon: "send")
    static let invoiceSent = Action(
        "invoice.sent", Text("a envoyé", "sent"), icon: "send")
    static let openingBalanceRecorded = Action(
        "invoice.opening_balance_recorded",
        Text("a repris le solde de départ", "recorded the opening balance"), icon: "landmark")
}

extension Invoicing {
    public static var actions: [Action] {
        [
            .invoiceDrafted, .invoiceDraftUpdated, .invoiceDraftDeleted, .invoiceIssued,
            .creditNoteIssued, .invoiceCredited, .invoiceMarkedSent, .invoiceSent,
            .openingBalanceRecorded, .invoiceStatusArrived, .invoiceCompleted, .invoiceReversed,
            .invoiceReplaced,
        ]
    }
}
