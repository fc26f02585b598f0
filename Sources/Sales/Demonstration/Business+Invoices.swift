import Basics
import Core

/// An issued invoice that waits for its money.
struct Bill {
    /// The how-manieth of all.
    var number: Int
    var invoice: Invoice.ID
    var client: Int
    var dueOn: Day
    var order: Order.ID?
}

extension Business {
    /// In the last days, one invoice in so many is still a draft, and one is issued but not sent.
    private static let daysOfUnfinished = 12
    private static let oneUnfinishedIn = 4

    func noteInvoice(_ work: Work) {
        var dice = Dice("invoice", work.number)
        note(
            dice.hits(60) ? .claire : .hugo, inDays: dice.pick([0: 35, 1: 35, 2: 20, 4: 10]), &dice
        ) { [self] transaction in
            try invoiceRest(of: work.order, work.client, transaction)
        }
    }

    /// What is left of an order; after credit notes a later invoice may have taken it already.
    private func invoiceRest(of order: Order.ID, _ client: Int, _ transaction: Transaction) throws {
        let isLeft = try transaction.lines(of: .order, order.value).contains {
            $0.invoicedQuantity < $0.quantity
        }
        guard isLeft else { return }
        let draft = try transaction.draftInvoice(from: order)
        noteIssue(of: draft, client, order)
    }

    /// Work that lasts for months is invoiced month by month: each invoice takes one month.
    func noteMonthlyInvoices(_ work: Work) {
        var dice = Dice("months", work.number)
        let day = WorkingDays.day(of: now)
        var next = day.adding(days: 30)
        while next < work.dueOn.adding(days: -10) {
            note(.claire, on: WorkingDays.onOrAfter(next), &dice) { [self] transaction in
                try invoiceMonth(of: work, transaction)
            }
            next = next.adding(days: 30)
        }
    }

    private func invoiceMonth(of work: Work, _ transaction: Transaction) throws {
        let left = try transaction.lines(of: .order, work.order.value).filter { line in
            line.itemID == items["CHANTIER"]?.id.value
                && line.quantity - line.invoicedQuantity > .one
        }
        guard !left.isEmpty else { return }
        let draft = try transaction.draftInvoice(from: work.order)
        var lines = try transaction.lines(of: .invoice, draft.id.value)
        lines.removeAll { $0.kind == .item && $0.itemID != items["CHANTIER"]?.id.value }
        for index in lines.indices where lines[index].kind == .item { lines[index].quantity = .one }
        var changed = InvoiceDraft(draft, lines: lines)
        changed.serviceOn = transaction.today
        _ = try transaction.updateInvoice(draft.id, changed, version: draft.version)
        noteIssue(of: draft, work.client, work.order)
    }

    private func noteIssue(of draft: Invoice, _ client: Int, _ order: Order.ID?) {
        let number = billCount
        billCount += 1
        var dice = Dice("issue", number)
        if isRecent { recentBillCount += 1 }
        let turn = isRecent ? recentBillCount % Business.oneUnfinishedIn : 0
        guard turn != 1 else { return }
        note(.claire, inMinutes: dice.number(2...30)) { [self] transaction in
            let invoice = try transaction.issueInvoice(draft.id)
            let bill = Bill(
                number: number, invoice: invoice.id, client: client,
                dueOn: invoice.dueOn ?? transaction.today, order: order)
            if turn != 2 { noteSending(of: bill) }
            noteSettlement(of: bill)
            noteCreditNote(on: bill)
        }
    }

    /// What people do with an invoice that the program made by itself.
    func noteRest(of invoice: Invoice, _ client: Int) {
        guard !invoice.isDraft else { return noteIssue(of: invoice, client, nil) }
        let bill = Bill(
            number: billCount, invoice: invoice.id, client: client,
            dueOn: invoice.dueOn ?? today, order: nil)
        billCount += 1
        noteSending(of: bill)
        noteSettlement(of: bill)
    }

    private var isRecent: Bool {
        today - WorkingDays.day(of: now) <= Business.daysOfUnfinished
    }

    private func noteSending(of bill: Bill) {
        var dice = Dice("posting", bill.number)
        note(.claire, inMinutes: dice.number(1...20)) { [self] transaction in
            if isMailing {
                try mail(invoice: bill.invoice, transaction)
            } else {
                _ = try transaction.markInvoiceSent(bill.invoice)
            }
        }
    }

    private func noteCreditNote(on bill: Bill) {
        var dice = Dice("credit", bill.number)
        guard dice.hits(2) || bill.number % Business.oneCreditIn == 5 else { return }
        let isWhole = dice.hits(35) && bill.order != nil
        note(.claire, inDays: dice.number(2...18), &dice) { [self] transaction in
            try credit(bill, isWhole: isWhole, transaction)
        }
    }

    private func credit(_ bill: Bill, isWhole: Bool, _ transaction: Transaction) throws {
        var dice = Dice("credited", bill.number)
        var quantities: [DocumentLine.ID: Quantity]?
        if !isWhole {
            let all = try transaction.lines(of: .invoice, bill.invoice.value)
            // Of what deposits have paid nothing is given back here.
            guard all.allSatisfy({ $0.deduction == nil }) else { return }
            let lines = all.filter { $0.kind == .item && $0.netAmount(in: .euro) > .zero }
            let line = dice.pick(lines)
            quantities = [line.id: min(line.quantity, .one)]
        }
        let note = try transaction.issueCreditNote(
            of: bill.invoice,
            CreditNoteDraft(
                quantities: quantities,
                reason: dice.pick(isWhole ? Business.mistakes : Business.regrets)))
        _ = try transaction.markInvoiceSent(note.id)
        if isWhole, let order = bill.order {
            self.note(.claire, inDays: 1, &dice) { [self] transaction in
                try invoiceRest(of: order, bill.client, transaction)
            }
        }
        if note.openAmount > .zero { noteUse(of: .creditNote(note.id), bill.client, bill.number) }
    }

    private static let oneCreditIn = 60
    private static let mistakes = [
        "Erreur de destinataire : facture refaite.", "Bon de commande manquant : facture refaite.",
    ]
    private static let regrets = [
        "Geste commercial : plan flou au montage.", "Prestation non réalisée : vent trop fort.",
        "Un tirage endommagé pendant le transport.", "Fichiers livrés en retard.",
    ]
}
