/// An electronic invoice after the semantic model of EN 16931-1: what it says, whatever syntax it is
/// written in. Everything is optional or a list, because a file may leave out anything; the rules
/// (`RuleBook`) say what may not be left out. BT-n and BG-n are the terms of the standard.
public struct EInvoice: Sendable, Hashable {
    /// BT-24, the specification: `urn:cen.eu:en16931:2017`.
    public var specification: String?
    /// BT-23, the business process; in France what is sold and how it is billed: `S1`, `B1`, `M1`.
    public var process: String?
    /// BT-1
    public var number: String?
    /// BT-2
    public var issuedOn: StatedDay?
    /// BT-3, UNTDID 1001: 380 invoice, 381 credit note, 386 deposit.
    public var typeCode: String?
    /// BT-5, ISO 4217.
    public var currency: String?
    /// BT-6, the currency in which VAT is accounted for, where that is another one.
    public var vatCurrency: String?
    /// BT-7, when VAT becomes due.
    public var vatDueOn: StatedDay?
    /// BT-8, by what VAT becomes due: 5 the date of the invoice, 29 delivery, 72 payment.
    public var vatDueCode: String?
    /// BT-9
    public var dueOn: StatedDay?
    /// BG-1
    public var notes: [Note] = []
    /// BT-10 … BT-19
    public var references = References()
    /// BG-3
    public var precedingInvoices: [PrecedingInvoice] = []
    /// BG-4
    public var seller: Party?
    /// BG-7
    public var buyer: Party?
    /// BG-10, who is paid, where that is not the seller.
    public var payee: Party?
    /// BG-11
    public var taxRepresentative: Party?
    /// BG-13
    public var delivery = Delivery()
    /// BG-14
    public var period: Period?
    /// BT-20
    public var paymentTerms: String?
    /// BT-83, what a transfer should say.
    public var remittance: String?
    /// BT-90, the creditor identifier of a direct debit.
    public var creditorIdentifier: String?
    /// BG-16
    public var paymentMeans: [PaymentMeans] = []
    /// BG-20
    public var allowances: [Adjustment] = []
    /// BG-21
    public var charges: [Adjustment] = []
    /// BG-22; nil when the file has no such group.
    public var totals: Totals?
    /// BG-23
    public var vatBreakdown: [VATBreakdown] = []
    /// BG-24
    public var attachments: [Attachment] = []
    /// BG-25
    public var lines: [Line] = []

    public init() {}
}

/// A day as a file states it: digits without hyphens, `20261121`. Kept as text, because a rule must be
/// able to see the thirtieth of February.
public struct StatedDay: Sendable, Hashable, Comparable {
    public var text: String
    /// Takes `20261121` and `2026-11-21`.
    public init(_ text: String) { self.text = text.filter { $0 != "-" } }
    public static func < (left: StatedDay, right: StatedDay) -> Bool { left.text < right.text }
}

/// Something said in both languages of the program.
public struct Bilingual: Sendable, Hashable {
    public var french: String
    public var english: String
    public init(_ french: String, _ english: String) {
        self.french = french
        self.english = english
    }
}
