import Basics
import Core

/// A column of the database and what stands in it, as the person whom it is about can read them: money with its
/// currency, days and hours of the organisation, the words of the pages.
struct PersonalValue {
    private let request: Request

    init(_ request: Request) { self.request = request }

    private var say: Language { request.say }

    func name(_ column: String) -> String {
        (Self.names[column] ?? DocumentHead.labels[column]).map { say($0) }
            ?? FieldNames.label(column, say)
    }

    func text(_ column: String, _ value: JSON) -> String {
        if let list = value.array {
            return list.map { text(column, $0) }.filter { !$0.isEmpty }.joined(separator: ", ")
        }
        if let members = value.members {
            return members.map { (name($0.0), text($0.0, $0.1)) }.filter { !$0.1.isEmpty }
                .map { "\($0.0)\(say(" : ", ": "))\($0.1)" }.joined(separator: " ; ")
        }
        if let flag = value.bool { return flag ? say("oui", "yes") : say("non", "no") }
        if let number = value.int { return self.number(column, number) }
        guard let text = value.string else { return value == .null ? "" : value.text }
        return word(column, text) ?? moment(text) ?? text
    }

    /// Amounts are kept in minor units, quantities, prices and rates in small parts of one.
    private func number(_ column: String, _ number: Int) -> String {
        switch column {
        case "quantity", "invoiced_quantity":
            return say.quantity(Quantity(tenThousandths: number))
        case "unit_price": return say.price(UnitPrice(millionths: number), request.currency)
        case "vat_rate", "percentage", "deposit_percentage":
            return say.percentage(Percentage(hundredths: number))
        case "amount", "net", "gross", "total", "settled":
            return say.money(Amount(number), request.currency)
        default:
            return column.hasSuffix("_amount") || column.hasPrefix("total_")
                ? say.money(Amount(number), request.currency) : String(number)
        }
    }

    private func moment(_ text: String) -> String? {
        if let day = Day(text) { return say.longDay(day) }
        return Instant(rfc3339: text).map { Timeline(request).moment($0) }
    }

    /// What pages call a status, a kind, an action.
    private func word(_ column: String, _ text: String) -> String? {
        let label: Text? =
            switch column {
            case "action": request.application.actions[text]?.sentence
            case "subject_kind": SubjectKind(rawValue: text)?.label
            case "kind":
                Client.Kind(rawValue: text)?.label ?? Invoice.Kind(rawValue: text)?.label
            case "stage": Client.Stage(rawValue: text)?.label
            case "method": Payment.Method(rawValue: text)?.label
            case "priority": Order.Priority(rawValue: text)?.label
            case "frequency": Frequency(rawValue: text)?.label
            case "purpose": Consent.Purpose(rawValue: text)?.label
            case "channel": Consent.Channel(rawValue: text)?.label
            case "severity": Severity(rawValue: text)?.label
            case "language":
                Language(rawValue: text).map {
                    $0 == .french ? Text("français", "French") : Text("anglais", "English")
                }
            case "unit":
                Unit(rawValue: text).map { unit in
                    Text(unit.counted(.one, in: .french), unit.counted(.one, in: .english))
                }
            case "status", "status_before", "status_after":
                OrderStatus(rawValue: text)?.label ?? Quote.Status(rawValue: text)?.label
                    ?? Self.statuses[text]
            default: nil
            }
        return label.map { say($0) }
    }

    private static let statuses = [
        "issued": Text("émise", "issued"), "requested": Text("demandé", "requested"),
        "active": Text("actif", "active"), "paused": Text("en pause", "paused"),
        "ended": Text("terminé", "ended"), "failed": Text("en échec", "failed"),
        "waiting": Text("en attente", "waiting"), "queued": Text("en route", "on its way"),
    ]

    /// Beside those of forms.
    private static let names = [
        "action": Text("Action", "Action"), "actor": Text("Par", "By"),
        "actor_name": Text("Par", "By"), "address": Text("Adresse", "Address"),
        "allocated_amount": Text("Affecté", "Allocated"), "amounts": Text("Montants", "Amounts"),
        "body": Text("Texte", "Text"), "buyer": Text("Acheteur, à l’émission", "Buyer, at issue"),
        "changed_at": Text("Changé le", "Changed"),
        "changed_by_name": Text("Changé par", "Changed by"),
        "completed_at": Text("Terminé le", "Completed"), "created_at": Text("Créé le", "Created"),
        "credit_amount": Text("Avoir disponible", "Credit"),
        "credited_amount": Text("Crédité", "Credited"),
        "decided_at": Text("Décidé le", "Decided"), "decided_on": Text("Dit le", "Said on"),
        "decision_note": Text("Mot du client", "Client’s word"),
        "delivery": Text("À l’échéance", "When it is due"),
        "deposit_percentage": Text("Acompte", "Deposit"),
        "deposit_vat_amount": Text("TVA d’acompte", "VAT of the deposit"),
        "description": Text("Description", "Description"), "details": Text("Détails", "Details"),
        "direction": Text("Sens", "Direction"),
        "discount_kind": Text("Genre de remise", "Kind of discount"),
        "discount_value": Text("Remise", "Discount"),
        "document_count": Text("Nombre de pièces", "Number of documents"),
        "frequency": Text("Rythme", "Frequency"),
        "invoiced_amount": Text("Facturé", "Invoiced"),
        "invoiced_quantity": Text("Quantité facturée", "Invoiced quantity"),
        "is_reversed": Text("Annulé", "Reversed"), "issued_at": Text("Émis le", "Issued"),
        "mentions": Text("Mentions", "Mentions"),
        "month": Text("Mois", "Month"), "net": Text("Net", "Net"),
        "net_amount": Text("Net HT", "Net"), "next_on": Text("Prochaine le", "Next"),
        "number_counter": Text("Rang du numéro", "Place of the number"),
        "number_period": Text("Période du numéro", "Period of the number"),
        "occurred_at": Text("Survenu le", "Happened"),
        "open_amount": Text("Reste dû", "Left to pay"), "origin": Text("Origine", "Origin"),
        "outcome": Text("État", "State"), "paid_amount": Text("Payé", "Paid"),
        "paid_on": Text("Payé le", "Paid on"), "percentage": Text("Pourcentage", "Percentage"),
        "quantity": Text("Quantité", "Quantity"),
        "receives_invoices": Text("Reçoit les factures", "Receives invoices"),
        "recorded_at": Text("Noté le", "Recorded"),
        "requested_on": Text("Demandé le", "Requested"), "sent_at": Text("Envoyé le", "Sent"),
        "series": Text("Série", "Series"),
        "severity": Text("Gravité", "Severity"),
        "status": Text("État", "Status"), "status_after": Text("État ensuite", "Status after"),
        "status_before": Text("État d’avant", "Status before"),
        "subject_kind": Text("À propos de", "About"),
        "subject_label": Text("Enregistrement", "Record"),
        "total_gross": Text("Total TTC", "Total"), "total_net": Text("Total HT", "Net total"),
        "total_vat": Text("TVA", "VAT"), "updated_at": Text("Modifié le", "Changed"),
        "user_agent": Text("Navigateur", "Browser"),
        "vat_category": Text("Régime de TVA", "VAT category"),
        "vat_is_spread": Text("TVA répartie", "VAT spread"),
        "vat_rate": Text("Taux de TVA", "VAT rate"), "position": Text("Fonction", "Position"),
        "purpose": Text("Pour quoi", "For what"), "channel": Text("Comment", "How"),
        "is_given": Text("Accepté", "Agreed"), "copy_to": Text("Copie à", "Copy to"),
        "recipient_name": Text("Nom du destinataire", "Name of the recipient"),
    ]
}
