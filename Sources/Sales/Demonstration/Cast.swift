import Basics
import Core

/// The clients of Alta Vista Drones: who they are, and how they behave.
struct Cast {
    /// When a client pays, seen from the day on which it should.
    enum Habit { case prompt, usual, late, slow }

    struct Member {
        var draft: ClientDraft
        var contacts: [[String: String]]
        var addresses: [[String: String]]
        /// How often it orders, beside the others.
        var appetite: Int
        var habit: Habit
        /// Pays the invoices of a month together.
        var paysTogether: Bool
    }

    private(set) var members: [Member] = []
    private var dice = Dice("cast")
    private var usedNames: Set<String> = []
    private var phones: [Int]

    /// - Parameter count: so many members, always the same for the same number.
    init(count: Int) {
        phones = dice.shuffled(Array(0..<10_000))
        for place in 0..<count {
            // Neighbours abroad and private persons are spread among the companies.
            if place % 60 == 17 {
                members.append(foreigner(place / 60))
            } else if place % 10 == 3 || place % 10 == 6 || place % 10 == 8 {
                members.append(person())
            } else {
                members.append(company())
            }
        }
    }

    private mutating func company() -> Member {
        let trade = CastTexts.trades[dice.place(among: CastTexts.trades.map(\.share))]
        let name = fresh { dice in
            dice.pick(trade.names).replacing("§", with: dice.pick(CastNames.lastNames))
        }
        var draft = ClientDraft(
            name: name, kind: .company, address: address(), language: .french)
        let domain = Organisation.slug(for: name) + ".example"
        draft.sector = trade.sector
        draft.email = "contact@\(domain)"
        draft.phone = phone(mobile: false)
        draft.website = dice.hits(60) ? "www.\(domain)" : ""
        draft.siren = siren()
        draft.siret = FictionalNumbers.siret(siren: draft.siren, establishment: 1)
        draft.vatNumber = CompanyNumbers.frenchVATNumber(siren: draft.siren) ?? ""
        draft.paymentDays = trade.paymentDays
        draft.paymentEndOfMonth = trade.endOfMonth
        embellish(&draft)
        var member = Member(
            draft: draft, contacts: [], addresses: [], appetite: trade.appetite,
            habit: habit(), paysTogether: trade.endOfMonth && dice.hits(40))
        for position in trade.positions.prefix(dice.number(1...trade.positions.count)) {
            member.contacts.append(contact(position, domain: domain))
        }
        if dice.hits(18) { member.addresses.append(site()) }
        if draft.tags.contains("Compte clé") { member.appetite *= 3 }
        return member
    }

    private mutating func person() -> Member {
        let name = fresh { "\($0.pick(CastNames.firstNames)) \($0.pick(CastNames.lastNames))" }
        var draft = ClientDraft(name: name, kind: .person, address: address(), language: .french)
        let local = Organisation.slug(for: name).replacing("-", with: ".")
        draft.sector = "Particulier"
        draft.email = "\(local)@courrier.example"
        draft.phone = phone(mobile: true)
        draft.paymentDays = dice.hits(70) ? 0 : 15
        embellish(&draft)
        draft.tags.removeAll { $0 == "Compte clé" }
        return Member(
            draft: draft, contacts: [], addresses: dice.hits(8) ? [site()] : [], appetite: 1,
            habit: habit(), paysTogether: false)
    }

    /// Companies abroad, to whom the tax is passed on.
    private mutating func foreigner(_ number: Int) -> Member {
        let abroad = FictionalNumbers.companiesAbroad[
            number % FictionalNumbers.companiesAbroad.count]
        let name = fresh { _ in abroad.name + (number < 5 ? "" : " \(number)") }
        var draft = ClientDraft(
            name: name, kind: .company, address: abroad.address, language: abroad.language)
        let domain = Organisation.slug(for: name) + ".example"
        draft.sector = abroad.sector
        draft.email = "office@\(domain)"
        draft.phone = phone(mobile: true)
        draft.vatNumber = abroad.vatNumber
        draft.tags = ["International"]
        return Member(
            draft: draft, contacts: [contact("Accounts payable", domain: domain)], addresses: [],
            appetite: 5, habit: .usual, paysTogether: false)
    }

    private mutating func embellish(_ draft: inout ClientDraft) {
        if dice.hits(45) { draft.tags.append(dice.pick(CastTexts.tags)) }
        if dice.hits(15) {
            let second = dice.pick(CastTexts.tags)
            if !draft.tags.contains(second) { draft.tags.append(second) }
        }
        if dice.hits(30) { draft.notes = dice.pick(CastTexts.notes) }
    }

    private mutating func habit() -> Habit {
        dice.pick([.prompt: 30, .usual: 45, .late: 18, .slow: 7])
    }

    private mutating func contact(_ position: String, domain: String) -> [String: String] {
        let (first, last) = (dice.pick(CastNames.firstNames), dice.pick(CastNames.lastNames))
        let isForInvoices = position.hasPrefix("Comptable") || position.hasPrefix("Accounts")
        let local = Organisation.slug(for: first) + "." + Organisation.slug(for: last)
        return [
            "name": "\(first) \(last)", "position": position, "email": "\(local)@\(domain)",
            "phone": phone(mobile: true), "receives_invoices": isForInvoices ? "on" : "",
        ]
    }

    private mutating func site() -> [String: String] {
        let place = address()
        return [
            "label": dice.pick(CastTexts.sites), "street": place.street,
            "postal_code": place.postalCode, "city": place.city, "country": "FR",
        ]
    }

    private mutating func address() -> PostalAddress {
        let city = CastNames.cities[dice.place(among: CastNames.cities.map(\.weight))]
        return PostalAddress(
            street: "\(dice.number(1...148)) \(dice.pick(CastNames.streets))",
            postalCode: city.postalCode, city: city.name)
    }

    /// A name that nobody has yet.
    private mutating func fresh(_ name: (inout Dice) -> String) -> String {
        var candidate = name(&dice)
        while !usedNames.insert(candidate).inserted { candidate = name(&dice) }
        return candidate
    }

    private mutating func phone(mobile: Bool) -> String {
        FictionalNumbers.phone(phones.popLast() ?? 0, mobile: mobile)
    }

    private mutating func siren() -> String {
        FictionalNumbers.siren(dice.number(100_000...999_999))
    }
}
