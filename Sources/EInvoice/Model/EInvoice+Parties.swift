extension EInvoice {
    /// BG-4, BG-7, BG-10 or BG-11: the seller, the buyer, who is paid, or a tax representative.
    public struct Party: Sendable, Hashable {
        /// BT-27, BT-44, BT-59, BT-62
        public var name: String?
        /// BT-28, BT-45
        public var tradingName: String?
        /// BT-29, BT-46, BT-60, without a scheme or with one of ISO 6523.
        public var identifiers: [Identifier] = []
        /// BT-30, BT-47, BT-61; a SIREN has the scheme 0002.
        public var legalID: Identifier?
        /// BT-31, BT-48, BT-63
        public var vatID: String?
        /// BT-32, a local tax number.
        public var taxID: String?
        /// BT-33, legal form and capital.
        public var legalInformation: String?
        /// BT-34, BT-49; in the French directory the scheme is 0225.
        public var electronicAddress: Identifier?
        /// BG-5, BG-8, BG-12; nil without such a group.
        public var address: Address?
        /// BG-6, BG-9
        public var contact: Contact?
        public init() {}

        public init(_ name: String) { self.name = name }
    }

    /// BG-5, BG-8, BG-12 or BG-15.
    public struct Address: Sendable, Hashable {
        /// BT-35, BT-50
        public var line: String?
        /// BT-36, BT-51
        public var lineMore: String?
        /// BT-162, BT-163
        public var lineThird: String?
        /// BT-37, BT-52
        public var city: String?
        /// BT-38, BT-53
        public var postalCode: String?
        /// BT-39, BT-54
        public var subdivision: String?
        /// BT-40, BT-55, ISO 3166-1.
        public var country: String?
        public init() {}
    }

    /// BG-6, BG-9: BT-41 to BT-43, BT-56 to BT-58.
    public struct Contact: Sendable, Hashable {
        public var name: String?
        public var phone: String?
        public var email: String?
        public init() {}
    }
}
