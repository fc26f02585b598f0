import Basics
import Core

/// What one quote or order is about: its words and its lines.
struct Basket {
    var subject: String
    var message = ""
    var notes = ""
    var reference = ""
    var lines: [DocumentLine]
    /// Months of work that are invoiced one by one; nil for work that is done at once.
    var months: Int?
    var isInvoicedInParts: Bool { months != nil }

    /// - Parameters:
    ///   - items: the catalogue by reference.
    ///   - newID: identities for the lines.
    init(
        for client: Client, items: [String: Item], dice: inout Dice,
        newID: () -> DocumentLine.ID
    ) {
        let kind = Basket.kind(client, &dice)
        let place = dice.pick(CastNames.lastNames)
        subject = kind.subject(place, &dice)
        let wishes = kind.wishes(&dice)
        months = wishes.first { $0.service == "CHANTIER" }?.quantity
        let hasSections = wishes.count > 3 && dice.hits(60)
        lines = []
        var section = ""
        for wish in wishes {
            guard let item = items[wish.service] else { continue }
            if hasSections, item.category != section {
                section = item.category
                lines.append(DocumentLine(id: newID(), kind: .section, label: section))
            }
            lines.append(Basket.line(item, wish.quantity, client, &dice, newID()))
        }
        if dice.hits(25) {
            lines.append(DocumentLine(id: newID(), kind: .text, label: dice.pick(Basket.remarks)))
        }
        if dice.hits(35) { message = dice.pick(Basket.messages) }
        if dice.hits(20) { notes = dice.pick(CastTexts.notes) }
        if client.kind == .company, dice.hits(30) {
            reference = "\(dice.pick(["BC", "PO", "Mandat"]))-\(dice.number(1000...9899))"
        }
    }

    private static func line(
        _ item: Item, _ quantity: Int, _ client: Client, _ dice: inout Dice,
        _ id: DocumentLine.ID
    ) -> DocumentLine {
        var line = DocumentLine(id: id, kind: .item, label: item.label)
        line.itemID = item.id.value
        line.description = dice.hits(40) ? item.description : ""
        line.quantity = Quantity(quantity)
        line.unit = item.unit
        line.unitPrice = item.unitPrice
        line.vat = client.address.country == "FR" ? item.vat : abroad(item)
        line.discount = discount(on: line.grossAmount(in: .euro), client, &dice)
        return line
    }

    private static func abroad(_ item: Item) -> VATRate {
        VATRate(item.kind == .service ? .reverseCharge : .intraCommunity)
    }

    private static func discount(on gross: Amount, _ client: Client, _ dice: inout Dice)
        -> Discount
    {
        guard gross >= Amount(100_00) else { return .none }
        let isFriend = client.tags.contains("Compte clé") || client.tags.contains("Récurrent")
        if dice.hits(isFriend ? 55 : 10) {
            return .percent(Percentage(hundredths: dice.pick([500, 750, 1000, 1500])))
        }
        return dice.hits(5) ? .amount(Amount(dice.pick([20_00, 30_00, 50_00]))) : .none
    }

    private static func kind(_ client: Client, _ dice: inout Dice) -> BasketKind {
        switch client.sector {
        case "Promoteur", "Construction":
            dice.pick([.worksite: 14, .survey: 26, .property: 40, .film: 20])
        case "Collectivité", "Architecte", "Syndic":
            dice.pick([.survey: 50, .property: 20, .film: 30])
        case "Viticulture", "Hôtellerie", "Événementiel":
            dice.pick([.film: 60, .tour: 25, .prints: 15])
        case "Particulier": dice.pick([.prints: 55, .property: 45])
        default: dice.pick([.property: 65, .tour: 20, .film: 10, .prints: 5])
        }
    }

    private static let remarks = [
        "Vol reporté sans frais en cas de vent supérieur à 35 km/h ou de pluie.",
        "Le client garantit l’accord des riverains pour le décollage depuis la cour.",
        "Fichiers livrés par lien de téléchargement, conservés un an.",
        "Les droits d’utilisation couvrent la vente du bien et le site de l’agence.",
    ]

    private static let messages = [
        "Merci de votre confiance.", "Créneau de vol à convenir selon la météo.",
        "Livraison des fichiers sous cinq jours ouvrés.",
        "Nous restons à votre disposition pour caler le rendez-vous.",
    ]
}
