import Basics
import Core
import HTTP

/// A client that has arrived, with what later deeds need of it.
struct KnownClient {
    var client: Client
    var member: Cast.Member
    var contacts: [Contact]
    /// Takes no new orders from this day on.
    var leavesOn: Day?
    /// Asks for quotes and never orders.
    var isProspect: Bool
    /// Pays the invoices of several weeks together, next on this day.
    var nextPaymentRun: Day?
}

extension Business {
    /// One in so many clients has never ordered yet.
    private static let oneProspectIn = 12
    /// These members of the cast are archived after some months of silence.
    private static let leaving = [5, 15, 25]
    private static let daysOfSilence = 150

    func noteArrival(_ arrival: Plan.Arrival) {
        var dice = Dice("arrival", arrival.member)
        note(dice.hits(70) ? .hugo : .claire, on: arrival.day, &dice) { [self] transaction in
            try welcome(arrival.member, transaction)
        }
    }

    private func welcome(_ index: Int, _ transaction: Transaction) throws {
        var member = cast.members[index]
        let isProspect = index % Business.oneProspectIn == 7
        if isProspect { member.draft.stage = .prospect }
        let client = try transaction.createClient(member.draft)
        for fields in member.contacts {
            var input = Input(Fields(fields))
            let draft = ContactDraft(&input, country: client.address.country)
            try input.check()
            try transaction.addContact(draft, to: client.id)
        }
        for fields in member.addresses {
            var input = Input(Fields(fields))
            let draft = AddressDraft(&input, country: client.address.country)
            try input.check()
            try transaction.addAddress(draft, to: client)
        }
        let leavesOn =
            Business.leaving.contains(index)
            ? today.adding(days: -Business.daysOfSilence) : nil
        clients.append(
            KnownClient(
                client: client, member: member,
                contacts: try transaction.contacts(of: client.id), leavesOn: leavesOn,
                isProspect: isProspect))
        if !isProspect { newcomers.append(clients.count - 1) }
        if index % Business.oneDebtorIn == 4 { noteOpeningBalance(clients.count - 1) }
        if index % 15 == 9 { noteMove(clients.count - 1) }
    }

    /// Somebody's address or telephone changes.
    private func noteMove(_ index: Int) {
        var dice = Dice("move", index)
        note(.hugo, inDays: dice.number(60...420), &dice) { [self] transaction in
            var member = clients[index].member
            var dice = Dice("moved", index)
            member.draft.address.street =
                "\(dice.number(1...90)) \(dice.pick(CastNames.streets))"
            clients[index].client = try transaction.updateClient(
                clients[index].client.id, member.draft, version: nil)
            clients[index].member = member
        }
    }

    func noteFarewells() {
        let day = WorkingDays.onOrBefore(today.adding(days: -20))
        for (place, _) in Business.leaving.enumerated() {
            note(.claire, on: day, minute: Business.closing - 40 + place) { [self] transaction in
                let gone = clients.filter { $0.leavesOn != nil }
                if place < gone.count { try transaction.archiveClient(gone[place].client.id) }
            }
        }
    }

    /// A client for a new order or quote: newcomers first, then whoever has the most appetite.
    func choose(_ dice: inout Dice) -> Int {
        if !newcomers.isEmpty, dice.hits(70) { return newcomers.removeFirst() }
        let day = WorkingDays.day(of: now)
        let weights = clients.map { known in
            known.isProspect || (known.leavesOn.map { $0 <= day } ?? false)
                ? 0 : known.member.appetite
        }
        let index = dice.place(among: weights)
        newcomers.removeAll { $0 == index }
        return index
    }

    func chooseProspect(_ dice: inout Dice) -> Int? {
        let prospects = clients.indices.filter { clients[$0].isProspect }
        return prospects.isEmpty ? nil : dice.pick(prospects)
    }

    /// The words above the lines of a quote or an order.
    func head(of basket: Basket, for index: Int, _ dice: inout Dice) -> DocumentHead {
        let known = clients[index]
        let contact = known.contacts.isEmpty ? nil : dice.pick(known.contacts)
        return DocumentHead(
            client: known.client.id, contact: contact?.id, subject: basket.subject,
            reference: basket.reference, sector: known.client.sector, message: basket.message,
            notes: basket.notes)
    }
}

extension Fields {
    /// In the order of the names, so that nothing depends on chance.
    init(_ values: [String: String]) {
        self.init(values.sorted { $0.key < $1.key }.map { Field(name: $0.key, value: $0.value) })
    }
}
