// Codes come from their lists: BR-CL-01 to BR-CL-25, where the list is short.
extension RuleBook {
    static let codeRules: [Rule] = [
        Rule(
            "BR-CL-01", "BT-3", "Ce type de document n’existe pas (UNTDID 1001).",
            "There is no such type of document (UNTDID 1001)."
        ) { isListed($0.typeCode, CodeLists.documentTypes) },
        Rule(
            "BR-CL-04", "BT-5", "Cette devise n’existe pas (ISO 4217).",
            "There is no such currency (ISO 4217)."
        ) { isListed($0.currency, CodeLists.currencies) },
        Rule(
            "BR-CL-05", "BT-6", "Cette devise de TVA n’existe pas (ISO 4217).",
            "There is no such VAT currency (ISO 4217)."
        ) { isListed($0.vatCurrency, CodeLists.currencies) },
        Rule(
            "BR-CL-06", "BT-8", "Ce code d’exigibilité de la TVA n’existe pas.",
            "There is no such VAT point code."
        ) { isListed($0.vatDueCode, CodeLists.vatDueCodes) },
        Rule(
            "BR-CL-14", "BT-55", "Ce code de pays n’existe pas (ISO 3166-1).",
            "There is no such country code (ISO 3166-1)."
        ) { invoice in
            let addresses =
                [invoice.seller, invoice.buyer, invoice.taxRepresentative].map { $0?.address }
                + [invoice.delivery.address]
            return addresses.allSatisfy { isListed($0?.country, CodeLists.countries) }
        },
        Rule(
            "BR-CL-16", "BT-81", "Ce moyen de paiement n’existe pas (UNTDID 4461).",
            "There is no such means of payment (UNTDID 4461)."
        ) { $0.paymentMeans.allSatisfy { isListed($0.code, CodeLists.paymentMeans) } },
        Rule(
            "BR-CL-17", "BT-118", "Cette catégorie de TVA n’existe pas (UNTDID 5305).",
            "There is no such VAT category (UNTDID 5305)."
        ) { invoice in
            (invoice.vatBreakdown.map(\.vat) + (invoice.allowances + invoice.charges).map(\.vat))
                .allSatisfy { isListed($0.category, CodeLists.vatCategories) }
        },
        Rule.line(
            "BR-CL-18", "BT-151", "Cette catégorie de TVA n’existe pas (UNTDID 5305).",
            "There is no such VAT category (UNTDID 5305)."
        ) { isListed($0.vat.category, CodeLists.vatCategories) },
        Rule(
            "BR-CL-19", "BT-98", "Ce motif de remise n’existe pas (UNTDID 5189).",
            "There is no such reason for an allowance (UNTDID 5189)."
        ) { invoice in
            (invoice.allowances + invoice.lines.flatMap(\.allowances))
                .allSatisfy { isListed($0.reasonCode, CodeLists.allowanceReasons) }
        },
        Rule.vatRow(
            "BR-CL-22", "BT-121", "Ce code d’exonération n’existe pas (VATEX).",
            "There is no such exemption code (VATEX)."
        ) { row, _ in isListed(row.exemptionCode?.uppercased(), CodeLists.exemptions) },
        Rule(
            "BR-CL-24", "BT-125", "Ce type de pièce jointe n’est pas admis.",
            "This type of attachment is not allowed."
        ) { $0.attachments.allSatisfy { isListed($0.mimeType, CodeLists.attachmentTypes) } },
        Rule(
            "BR-CL-25", "BT-49", "Ce type d’adresse électronique n’existe pas (liste EAS).",
            "There is no such scheme of electronic address (list EAS)."
        ) { invoice in
            [invoice.seller, invoice.buyer].allSatisfy {
                isListed($0?.electronicAddress?.scheme, CodeLists.addressSchemes)
            }
        },
    ]

    /// Nothing stated is nothing wrong: other rules ask for what must be there.
    private static func isListed(_ code: String?, _ list: Set<String>) -> Bool {
        code.map(list.contains) ?? true
    }
}
