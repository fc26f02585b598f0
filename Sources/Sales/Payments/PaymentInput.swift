import Basics
import Core

/// The form of a payment as it was sent: what was typed, and the draft where it can be read.
struct PaymentInput {
    var input: Input
    let method: Payment.Method
    let day: Day?
    let amount: Amount?
    let reference: String
    let notes: String
    /// Parts that were typed, in the order of the open invoices, those of other ids behind.
    let settlements: [PlannedAllocation]
    /// Nothing is to be settled: the whole amount stays the client's credit.
    let keepsAll: Bool

    /// `invoices` is what the client has to pay now.
    init(_ given: Input, currency: Currency, open invoices: [OpenInvoice]) {
        var input = given
        method = input.choice("method", or: .transfer)
        day = input.day("day", required: true)
        amount = input.amount("amount", currency, in: Amount(1)...Amount.maximum)
        reference = input.line("reference", most: 100)
        notes = input.text("notes", most: 2000)
        keepsAll = input.flag("keep")
        settlements = input.settlements(currency, invoices)
        self.input = input
    }

    /// What saving would settle.
    func effective(_ invoices: [OpenInvoice]) -> [PlannedAllocation] {
        if keepsAll { return [] }
        guard let amount else { return settlements }
        if settlements.isEmpty { return PlannedAllocation.proposed(amount, over: invoices) }
        if let part = untouchedProposal(invoices), part.amount > amount {
            return [PlannedAllocation(part.invoice, amount)]
        }
        return settlements
    }

    /// The form that an invoice leads to proposes all of it. Whoever then types a smaller amount
    /// received a part of it, and need not say so twice.
    private func untouchedProposal(_ invoices: [OpenInvoice]) -> PlannedAllocation? {
        guard settlements.count == 1, let part = settlements.first else { return nil }
        return invoices.contains { $0.id == part.invoice && $0.openAmount == part.amount }
            ? part : nil
    }

    /// Throws what is wrong, by field.
    func draft(for client: Client.ID, _ invoices: [OpenInvoice]) throws -> PaymentDraft {
        var input = input
        if amount == nil { input.refuse("amount", Input.missing) }
        try input.check()
        guard let day, let amount else { throw Problem.invalid(input.problems) }
        return PaymentDraft(
            client: client, method: method, day: day, amount: amount, reference: reference,
            notes: notes, settlements: effective(invoices))
    }

    func refund() throws -> RefundDraft {
        var input = input
        if amount == nil { input.refuse("amount", Input.missing) }
        try input.check()
        guard let day, let amount else { throw Problem.invalid(input.problems) }
        return RefundDraft(
            method: method, day: day, amount: amount, reference: reference, notes: notes)
    }
}

extension Input {
    /// The parts typed beside invoices; empty fields and zeros say nothing.
    mutating func settlements(_ currency: Currency, _ invoices: [OpenInvoice])
        -> [PlannedAllocation]
    {
        let prefix = PlannedAllocation.fieldPrefix
        let order = invoices.map { PlannedAllocation.field($0.id) }
        let names = typed.keys.filter { $0.hasPrefix(prefix) }
        let known = order.filter(names.contains)
        let others = names.filter { !order.contains($0) }.sorted()
        return (known + others).compactMap { name in
            let amount = amount(name, currency)
            guard let amount, amount > .zero else { return nil }
            guard let id = Invoice.ID(name.dropFirst(prefix.count)) else { return nil }
            return PlannedAllocation(id, amount)
        }
    }
}
