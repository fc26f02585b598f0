extension EInvoice {
    /// A category of VAT with its rate, as lines and adjustments state it.
    public struct VAT: Sendable, Hashable {
        /// BT-95, BT-102, BT-118, BT-151, UNTDID 5305.
        public var category: String?
        /// BT-96, BT-103, BT-119, BT-152, in percent.
        public var rate: Numeral?
        public init(_ category: String?, rate: Numeral?) {
            self.category = category
            self.rate = rate
        }
    }

    /// BG-20, BG-21, BG-27 or BG-28: what is taken off or added, on the document or on a line.
    public struct Adjustment: Sendable, Hashable {
        /// BT-92, BT-99, BT-136, BT-141
        public var amount: Numeral?
        /// BT-93, BT-100, BT-137, BT-142
        public var base: Numeral?
        /// BT-94, BT-101, BT-138, BT-143
        public var percentage: Numeral?
        /// BT-97, BT-104, BT-139, BT-144
        public var reason: String?
        /// BT-98, BT-105, BT-140, BT-145; UNTDID 5189 for allowances, 7161 for charges.
        public var reasonCode: String?
        /// Of a document; lines have the VAT of their line.
        public var vat = VAT(nil, rate: nil)
        public init(amount: Numeral?, reason: String? = nil, reasonCode: String? = nil) {
            self.amount = amount
            self.reason = reason
            self.reasonCode = reasonCode
        }
    }

    /// BG-22
    public struct Totals: Sendable, Hashable {
        /// BT-106, the sum of the lines.
        public var lines: Numeral?
        /// BT-107
        public var allowances: Numeral?
        /// BT-108
        public var charges: Numeral?
        /// BT-109, without VAT.
        public var net: Numeral?
        /// BT-110
        public var vat: Numeral?
        /// BT-111, VAT in the currency of BT-6.
        public var vatAccounted: Numeral?
        /// BT-112, with VAT.
        public var gross: Numeral?
        /// BT-113
        public var prepaid: Numeral?
        /// BT-114
        public var rounding: Numeral?
        /// BT-115, what is to be paid.
        public var due: Numeral?
        public init() {}
    }

    /// BG-23, the VAT of one category and rate.
    public struct VATBreakdown: Sendable, Hashable {
        /// BT-116
        public var base: Numeral?
        /// BT-117
        public var amount: Numeral?
        /// BT-118, BT-119
        public var vat: VAT
        /// BT-120
        public var exemptionReason: String?
        /// BT-121, `VATEX-…`
        public var exemptionCode: String?
        public init(_ vat: VAT, base: Numeral?, amount: Numeral?) {
            self.vat = vat
            self.base = base
            self.amount = amount
        }
    }

    /// BG-25
    public struct Line: Sendable, Hashable {
        /// BT-126
        public var id: String?
        /// BT-127
        public var note: String?
        /// BT-129
        public var quantity: Numeral?
        /// BT-130, UN/ECE Recommendation 20.
        public var unit: String?
        /// BT-131
        public var net: Numeral?
        /// BG-26
        public var period: Period?
        /// BG-27
        public var allowances: [Adjustment] = []
        /// BG-28
        public var charges: [Adjustment] = []
        /// BT-146, without VAT.
        public var price: Numeral?
        /// BT-147, what the price was reduced by.
        public var priceDiscount: Numeral?
        /// BT-148
        public var grossPrice: Numeral?
        /// BT-149, how many the price is for; one when nothing is said.
        public var priceQuantity: Numeral?
        /// BG-30
        public var vat: VAT = VAT(nil, rate: nil)
        /// BT-153
        public var name: String?
        /// BT-154
        public var description: String?
        /// BT-155
        public var sellerItem: String?
        /// BT-157
        public var standardItem: Identifier?
        /// BT-158
        public var classifications: [Identifier] = []
        /// BG-32, BT-160 and BT-161.
        public var attributes: [ItemAttribute] = []
        public init() {}
    }

    /// BG-32
    public struct ItemAttribute: Sendable, Hashable {
        /// BT-160
        public var name: String?
        /// BT-161
        public var value: String?
    }
}
