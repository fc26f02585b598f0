import Basics
import Core
import Database

extension Transaction {
    /// Settles invoices of the same client with what is left of a payment or credit note.
    public func allocateCredit(_ id: CreditSource.ID, to settlements: [PlannedAllocation]) throws {
        guard !settlements.isEmpty else {
            throw Problem.invalid(
                "amount",
                Text("Indiquez ce qui est à régler.", "Say which invoices are to be settled."))
        }
        let client = try creditSource(id).clientID
        try checkSettlements(settlements, of: client)
        let source = try lockedCreditSource(id)
        let total = settlements.map(\.amount).sum()
        try checkRest(
            of: source, total,
            in: PlannedAllocation.field(settlements[settlements.count - 1].invoice))
        try run(all: settlements.map { insertion(of: id, to: .invoice($0.invoice), $0.amount) })
        let (kind, record): (SubjectKind, UniqueID) =
            switch id {
            case .payment(let id): (.payment, id.value)
            case .creditNote(let id): (.invoice, id.value)
            }
        try self.record(
            .creditAllocated, kind, record, label: source.title(in: scope),
            details: ["client": .string(source.clientName), "amount": JSON(total)])
        try noteSettled(settlements, by: source.number)
        switch id {
        case .payment: try noteReceipts(settlements.map { ($0.invoice, $0.amount) })
        case .creditNote(let note):
            try noteCreditUsed(of: note, correcting: source.correctedInvoiceID, on: settlements)
        }
    }

    func checkRest(of source: CreditSource, _ amount: Amount, in field: String) throws {
        guard amount <= source.openAmount else {
            let (french, english) = (Language.french, Language.english)
            throw Problem.invalid(
                field,
                Text(
                    "Il ne reste que \(french.money(source.openAmount, currency)) à utiliser.",
                    "Only \(english.money(source.openAmount, currency)) is left to use."))
        }
    }
}

extension CreditSource {
    func title(in scope: Scope) -> String { scope.organisation.language(title) }
}
