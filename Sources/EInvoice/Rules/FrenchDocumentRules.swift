// What the French reform asks of the document itself: BR-FR-01 to BR-FR-08, BR-FR-20, BR-FR-31, BR-FR-CO-*.
extension RuleBook {
    private static let longestNumber = 35
    private static let documentTypes: Set = [
        "380", "389", "393", "501", "386", "500", "384", "471", "472", "473", "261", "262", "381",
        "396", "502", "503",
    ]
    private static let creditNoteTypes: Set = ["261", "381", "396", "502", "503"]
    private static let correctiveTypes: Set = ["384", "471", "472", "473"]
    private static let depositTypes: Set = ["386", "500", "503"]
    private static let processes: Set = [
        "B1", "S1", "M1", "B2", "S2", "M2", "S3", "B4", "S4", "M4", "S5", "S6", "B7", "S7", "B8",
        "S8", "M8", "B9", "S9", "M9",
    ]
    private static let paidProcesses: Set = ["B2", "S2", "M2"]
    private static let finalProcesses: Set = ["B4", "S4", "M4"]
    private static let treatments: Set = [
        "B2B", "B2BINT", "B2C", "B2CINT", "OUTOFSCOPE", "ARCHIVEONLY",
    ]

    static let frenchDocumentRules: [Rule] = numberRules + dayRules + noteRules + kindRules

    private static let numberRules: [Rule] = [
        Rule(
            "BR-FR-01_BT-1", "BT-1",
            "Le numéro de facture a 35 caractères au plus : raccourcissez le format des numéros.",
            "An invoice number has 35 characters at most: shorten the pattern of the numbers."
        ) { ($0.number ?? "").count <= longestNumber },
        Rule(
            "BR-FR-02_BT-1", "BT-1",
            "Le numéro de facture n’a que des lettres sans accent, des chiffres et + - _ / : "
                + "changez le format des numéros.",
            "An invoice number has only letters without accents, digits and + - _ /: change the "
                + "pattern of the numbers."
        ) { isNumber($0.number) },
        Rule(
            "BR-FR-01_BT-25", "BT-25", "Le numéro de la facture d’origine a 35 caractères au plus.",
            "The number of the original invoice has 35 characters at most."
        ) { $0.precedingInvoices.allSatisfy { ($0.number ?? "").count <= longestNumber } },
        Rule(
            "BR-FR-02_BT-25", "BT-25",
            "Le numéro de la facture d’origine n’a que des lettres, des chiffres et + - _ /.",
            "The number of the original invoice has only letters, digits and + - _ /."
        ) { $0.precedingInvoices.allSatisfy { isNumber($0.number) } },
    ]

    private static let dayRules: [Rule] = [
        day("BR-FR-03_BT-2", "BT-2") { [$0.issuedOn] },
        day("BR-FR-03_BT-7", "BT-7") { [$0.vatDueOn] },
        day("BR-FR-03_BT-9", "BT-9") { [$0.dueOn] },
        day("BR-FR-03_BT-26", "BT-26") { $0.precedingInvoices.map(\.issuedOn) },
        day("BR-FR-03_BT-72", "BT-72") { [$0.delivery.deliveredOn] },
        day("BR-FR-03_BT-73", "BT-73") { [$0.period?.from] },
        day("BR-FR-03_BT-74", "BT-74") { [$0.period?.until] },
    ]

    private static let noteRules: [Rule] =
        [
            note(
                "PMT", "l’indemnité de 40 € pour frais de recouvrement",
                "the compensation of €40 for recovery costs"),
            note("PMD", "les pénalités de retard", "late payment penalties"),
            note(
                "AAB", "l’escompte, ou son absence",
                "the discount for early payment, or its absence"),
        ].flatMap(\.self) + [
            noteOnce("TXD"),
            Rule(
                "BR-FR-20_BT-21", "BT-22",
                "Une note BAR dit B2B, B2BINT, B2C, B2CINT, OUTOFSCOPE ou ARCHIVEONLY.",
                "A note BAR says B2B, B2BINT, B2C, B2CINT, OUTOFSCOPE or ARCHIVEONLY."
            ) { $0.notes("BAR").allSatisfy { treatments.contains($0.text ?? "") } },
            Rule(
                "BR-FR-31_BT-21", "BT-22", "Une seule note BAR au plus.", "At most one note BAR."
            ) { $0.notes("BAR").count { treatments.contains($0.text ?? "") } <= 1 },
        ]

    private static let kindRules: [Rule] = [
        Rule(
            "BR-FR-04_BT-3", "BT-3", "Ce type de document n’est pas admis en France.",
            "This type of document is not allowed in France."
        ) { $0.typeCode.map(documentTypes.contains) ?? true },
        Rule(
            "BR-FR-08_BT-23", "BT-23",
            "Indiquez la nature de la facture (BT-23) : B1 biens, S1 services, M1 les deux.",
            "State what the invoice is about (BT-23): B1 goods, S1 services, M1 both."
        ) { $0.process.map(processes.contains) ?? false },
        Rule(
            "BR-FR-CO-03_BT-3", "BT-12",
            "Un avoir de remise globale (262) nomme un contrat et une période.",
            "A credit note for a global discount (262) names a contract and a period."
        ) {
            $0.typeCode != "262"
                || ($0.references.contract.isFilled && $0.period?.from != nil
                    && $0.period?.until != nil)
        },
        Rule(
            "BR-FR-CO-04_BT-4", "BT-25",
            "Une facture rectificative nomme une seule facture d’origine, avec sa date.",
            "A corrective invoice names exactly one original invoice, with its date."
        ) { !correctiveTypes.contains($0.typeCode ?? "") || $0.datedReferences == 1 },
        Rule(
            "BR-FR-CO-05_BT-3", "BT-25",
            "Un avoir nomme la facture d’origine, avec sa date.",
            "A credit note names the original invoice, with its date."
        ) { !creditNoteTypes.contains($0.typeCode ?? "") || $0.datedReferences >= 1 },
        Rule(
            "BR-FR-CO-07_BT-9", "BT-9", "L’échéance ne peut pas précéder la date de la facture.",
            "The due date cannot come before the date of the invoice."
        ) { invoice in
            guard let due = invoice.dueOn, let issued = invoice.issuedOn else { return true }
            return due >= issued || depositTypes.contains(invoice.typeCode ?? "")
                || paidProcesses.contains(invoice.process ?? "")
        },
        Rule(
            "BR-FR-CO-08_BT-23", "BT-23",
            "Une facture définitive (B4, S4, M4) ne peut pas être une facture d’acompte.",
            "A final invoice (B4, S4, M4) cannot be a deposit invoice."
        ) {
            !finalProcesses.contains($0.process ?? "")
                || !depositTypes.contains($0.typeCode ?? "")
        },
        paid("BR-FR-CO-09_BT-23-1", "BT-113") { $0.totals?.prepaid == $0.totals?.gross },
        paid("BR-FR-CO-09_BT-23-2", "BT-115") { $0.totals?.due == .zero },
        paid("BR-FR-CO-09_BT-23-3", "BT-9") { $0.dueOn != nil },
        Rule(
            "BR-FR-CO-12_BT-5", "BT-6",
            "En une autre devise que l’euro, donnez aussi la TVA en euros.",
            "In another currency than the euro, give the VAT in euros too."
        ) {
            $0.currency == "EUR" || ($0.vatCurrency == "EUR" && $0.totals?.vatAccounted != nil)
        },
    ]

    private static func isNumber(_ text: String?) -> Bool {
        guard let text else { return true }
        return !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "+-_/".unicodeScalars.contains($0)
            }
    }

    private static func day(
        _ code: String, _ term: String, _ days: @escaping @Sendable (EInvoice) -> [StatedDay?]
    ) -> Rule {
        Rule(
            code, term, "Cette date n’existe pas, ou n’est pas entre 2000 et 2099.",
            "There is no such day, or it is not between 2000 and 2099."
        ) { days($0).allSatisfy { $0.map(\.isReal) ?? true } }
    }

    private static func note(_ subject: String, _ french: String, _ english: String) -> [Rule] {
        [
            Rule(
                "BR-FR-05_BT-22_\(subject)", "BT-22",
                "Indiquez la mention sur \(french) (note \(subject)).",
                "State the sentence on \(english) (note \(subject))."
            ) {
                !$0.notes(subject).isEmpty
            },
            noteOnce(subject),
        ]
    }

    private static func noteOnce(_ subject: String) -> Rule {
        Rule(
            "BR-FR-06_BT-21_\(subject)", "BT-21", "Une seule note \(subject) au plus.",
            "At most one note \(subject)."
        ) { $0.notes(subject).count <= 1 }
    }

    private static func paid(
        _ code: String, _ term: String, _ holds: @escaping @Sendable (EInvoice) -> Bool
    ) -> Rule {
        Rule(
            code, term,
            "Une facture déjà payée (B2, S2, M2) dit quand, combien, et qu’il ne reste rien à payer.",
            "An invoice already paid (B2, S2, M2) says when, how much, and that nothing is due."
        ) { !paidProcesses.contains($0.process ?? "") || holds($0) }
    }
}

extension EInvoice {
    /// The notes with a subject code.
    func notes(_ code: String) -> [Note] { notes.filter { $0.code == code } }

    /// References to earlier invoices that have both a number and a date.
    var datedReferences: Int {
        precedingInvoices.count { $0.number.isFilled && $0.issuedOn != nil }
    }
}

extension StatedDay {
    /// A day of the calendar between 2000 and 2099.
    var isReal: Bool {
        let digits = Array(text.utf8.prefix(8))
        guard digits.count == 8, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let year = Int(text.prefix(4)), let month = Int(text.dropFirst(4).prefix(2)),
            let day = Int(text.dropFirst(6).prefix(2)), (2000...2099).contains(year),
            (1...12).contains(month)
        else { return false }
        // Every fourth year of this century is a leap year, 2000 included.
        let february = year % 4 == 0 ? 29 : 28
        let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...lengths[month - 1]).contains(day)
    }
}
