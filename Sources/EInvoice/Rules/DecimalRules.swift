// Amounts have two decimals at most: BR-DEC-01 to BR-DEC-28.
extension RuleBook {
    private static let mostDecimals = 2

    static let decimalRules: [Rule] =
        [
            document("BR-DEC-09", "BT-106") { $0.totals?.lines },
            document("BR-DEC-10", "BT-107") { $0.totals?.allowances },
            document("BR-DEC-11", "BT-108") { $0.totals?.charges },
            document("BR-DEC-12", "BT-109") { $0.totals?.net },
            document("BR-DEC-13", "BT-110") { $0.totals?.vat },
            document("BR-DEC-14", "BT-112") { $0.totals?.gross },
            document("BR-DEC-15", "BT-111") { $0.totals?.vatAccounted },
            document("BR-DEC-16", "BT-113") { $0.totals?.prepaid },
            document("BR-DEC-17", "BT-114") { $0.totals?.rounding },
            document("BR-DEC-18", "BT-115") { $0.totals?.due },
            Rule.vatRow("BR-DEC-19", "BT-116", message.french, message.english) { row, _ in
                isShort(row.base)
            },
            Rule.vatRow("BR-DEC-20", "BT-117", message.french, message.english) { row, _ in
                isShort(row.amount)
            },
            Rule.line("BR-DEC-23", "BT-131", message.french, message.english) { isShort($0.net) },
        ]
        + [
            ("BR-DEC-01", "BT-92", "BR-DEC-02", "BT-93", Rule.Adjustments.allowances),
            ("BR-DEC-05", "BT-99", "BR-DEC-06", "BT-100", .charges),
        ].flatMap { code, term, baseCode, baseTerm, kind in
            [
                Rule.each(kind, code, term, message.french, message.english) {
                    isShort($0.amount)
                },
                Rule.each(kind, baseCode, baseTerm, message.french, message.english) {
                    isShort($0.base)
                },
            ]
        }
        + [
            ("BR-DEC-24", "BT-136", "BR-DEC-25", "BT-137", Rule.Adjustments.allowances),
            ("BR-DEC-27", "BT-141", "BR-DEC-28", "BT-142", .charges),
        ].flatMap { code, term, baseCode, baseTerm, kind in
            [
                Rule.ofLines(kind, code, term, message.french, message.english) {
                    isShort($0.amount)
                },
                Rule.ofLines(kind, baseCode, baseTerm, message.french, message.english) {
                    isShort($0.base)
                },
            ]
        }

    private static let message = Bilingual(
        "Ce montant a deux décimales au plus.", "This amount has two decimals at most.")

    private static func document(
        _ code: String, _ term: String, _ amount: @escaping @Sendable (EInvoice) -> Numeral?
    ) -> Rule {
        Rule(code, term, message.french, message.english) { isShort(amount($0)) }
    }

    private static func isShort(_ amount: Numeral?) -> Bool {
        amount.map { $0.decimals <= mostDecimals } ?? true
    }
}
