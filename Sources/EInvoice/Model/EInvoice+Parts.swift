extension EInvoice {
    /// BG-1, a note: its text (BT-22) and subject code (BT-21, UNTDID 4451).
    public struct Note: Sendable, Hashable {
        public var text: String?
        public var code: String?
        public init(_ text: String?, code: String? = nil) {
            self.text = text
            self.code = code
        }
    }

    /// An identifier with the scheme it belongs to.
    public struct Identifier: Sendable, Hashable {
        public var value: String
        public var scheme: String?
        public init(_ value: String, scheme: String? = nil) {
            self.value = value
            self.scheme = scheme
        }
    }

    /// References to other documents.
    public struct References: Sendable, Hashable {
        /// BT-10
        public var buyer: String?
        /// BT-11
        public var project: String?
        /// BT-12
        public var contract: String?
        /// BT-13, the buyer's order number.
        public var order: String?
        /// BT-14, the seller's order number.
        public var salesOrder: String?
        /// BT-15
        public var receivingAdvice: String?
        /// BT-16
        public var despatchAdvice: String?
        /// BT-17
        public var tender: String?
        /// BT-18
        public var invoicedObject: Identifier?
        /// BT-19
        public var buyerAccount: String?
        public init() {}
    }

    /// BG-3, an invoice that this one corrects: its number (BT-25) and date (BT-26).
    public struct PrecedingInvoice: Sendable, Hashable {
        public var number: String?
        public var issuedOn: StatedDay?
        public init(_ number: String?, issuedOn: StatedDay?) {
            self.number = number
            self.issuedOn = issuedOn
        }
    }

    /// BG-13, BG-15: when and where goods or services were delivered.
    public struct Delivery: Sendable, Hashable {
        /// BT-70
        public var name: String?
        /// BT-71
        public var location: Identifier?
        /// BT-72
        public var deliveredOn: StatedDay?
        /// BG-15
        public var address: Address?
        public init() {}
    }

    /// BG-14 or BG-26, a period: BT-73 or BT-134 to BT-74 or BT-135.
    public struct Period: Sendable, Hashable {
        public var from: StatedDay?
        public var until: StatedDay?
        public init(from: StatedDay?, until: StatedDay?) {
            self.from = from
            self.until = until
        }
    }

    /// BG-24, a supporting document: BT-122, its description BT-123, the name of an attached file BT-125.
    public struct Attachment: Sendable, Hashable {
        public var reference: String?
        public var description: String?
        public var mimeType: String?
        public init(reference: String?, description: String? = nil, mimeType: String? = nil) {
            self.reference = reference
            self.description = description
            self.mimeType = mimeType
        }
    }

    /// BG-16, how to pay.
    public struct PaymentMeans: Sendable, Hashable {
        /// BT-81, UNTDID 4461: 30 credit transfer, 58 SEPA credit transfer.
        public var code: String?
        /// BT-82
        public var name: String?
        /// BT-84, an IBAN; nil without a group BG-17.
        public var account: String?
        /// BT-85
        public var accountName: String?
        /// BT-86, a BIC.
        public var bank: String?
        /// Whether there is a group BG-17, even an empty one.
        public var hasAccount = false
        /// BT-87, the last digits of a card.
        public var card: String?
        /// BT-89, the mandate of a direct debit.
        public var mandate: String?
        /// BT-91, the account that is debited.
        public var debitedAccount: String?
        public init() {}
    }
}
