/// The usual kinds of work, and the services that go with each.
enum BasketKind {
    /// A house or a flat for sale.
    case property
    case tour, film
    /// Months of the same building growing.
    case worksite
    case survey
    /// Photos to hang up or to give.
    case prints

    func subject(_ place: String, _ dice: inout Dice) -> String {
        switch self {
        case .property:
            "\(dice.pick(["Maison", "Villa", "Appartement", "Longère", "Corps de ferme"])) à \(place)"
        case .tour: "Visite virtuelle, \(dice.pick(["résidence", "propriété", "hôtel"])) \(place)"
        case .film: "Film de présentation, \(place)"
        case .worksite: "Suivi du chantier \(place)"
        case .survey: "Relevé aérien, \(dice.pick(["toitures", "parcelle", "site"])) \(place)"
        case .prints: "Photos et tirages, \(place)"
        }
    }

    func wishes(_ dice: inout Dice) -> [(service: String, quantity: Int)] {
        let main = services(&dice)
        return main + journey(&dice)
    }

    private func services(_ dice: inout Dice) -> [(service: String, quantity: Int)] {
        func maybe(_ percent: Int, _ service: String, _ quantity: ClosedRange<Int> = 1...1)
            -> [(service: String, quantity: Int)]
        {
            let isWanted = dice.hits(percent)
            let count = dice.number(quantity)
            return isWanted ? [(service, count)] : []
        }
        switch self {
        case .property:
            return [(dice.pick(["PHOTO", "VIDEO", "MIXTE"]), 1)] + maybe(55, "HABILLAGE")
                + maybe(30, "EXPRESS") + maybe(25, "COURT", 1...3) + maybe(25, "RETOUCHE", 2...12)
                + maybe(35, "AGENT") + maybe(4, "USB", 1...3)
        case .tour:
            return maybe(50, "INTERIEUR") + maybe(35, "RETOUCHE", 4...20) + [("VISITE", 1)]
                + maybe(30, "AGENT")
        case .film:
            return [("VIDEO", dice.number(1...2))] + maybe(40, "INTERIEUR") + [("HABILLAGE", 1)]
                + maybe(60, "COURT", 2...6) + maybe(55, "VOIX") + maybe(20, "USB", 2...25)
        case .worksite:
            return [("CHANTIER", dice.number(3...9))] + maybe(40, "PHOTO") + maybe(30, "VOIX")
        case .survey:
            return maybe(25, "PHOTO") + [(dice.pick(["ORTHO", "ORTHO", "THERMO"]), 1)]
                + maybe(30, "PILOTE", 1...4)
        case .prints:
            return [("PHOTO", 1)] + maybe(30, "RETOUCHE", 1...5)
                + maybe(70, "TIRAGE-30", 1...6) + maybe(30, "TIRAGE-60", 1...2)
                + maybe(35, "USB", 1...2) + maybe(25, "GUIDE", 1...3)
        }
    }

    private func journey(_ dice: inout Dice) -> [(service: String, quantity: Int)] {
        var out: [(service: String, quantity: Int)] = []
        if dice.hits(self == .survey ? 55 : 22) { out.append(("PREFECTURE", 1)) }
        if dice.hits(65) { out.append(("KM", dice.number(8...190))) }
        return out
    }
}
