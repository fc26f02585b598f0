import Basics
import Core
import Database

/// The accounts that entries go to: those of the French general chart unless the organisation has
/// others.
struct ChartOfAccounts: Record, Sendable, Equatable {
    enum Use: String, CaseIterable, Sendable {
        case client, deposit, service, product, vat, bank, cheque, cash, opening, rounding

        var label: Text {
            switch self {
            case .client: Text("Clients", "Clients")
            case .deposit: Text("Acomptes reçus", "Deposits received")
            case .service: Text("Prestations de services", "Services")
            case .product: Text("Ventes de marchandises", "Goods")
            case .vat: Text("TVA collectée", "VAT collected")
            case .bank: Text("Banque", "Bank")
            case .cheque: Text("Chèques à encaisser", "Cheques to cash")
            case .cash: Text("Caisse", "Cash")
            case .opening: Text("Reprise des soldes", "Opening balances")
            case .rounding: Text("Écarts d’arrondi", "Rounding differences")
            }
        }

        /// In the general chart (PCG).
        var usual: String {
            switch self {
            case .client: "411000"
            case .deposit: "419100"
            case .service: "706000"
            case .product: "707000"
            case .vat: "445710"
            case .bank: "512000"
            case .cheque: "511200"
            case .cash: "530000"
            case .opening: "890000"
            case .rounding: "758000"
            }
        }

        var field: String { rawValue + "_account" }
    }

    private var numbers: [Use: String]

    subscript(_ use: Use) -> String { numbers[use] ?? use.usual }

    static let usual = ChartOfAccounts()
    private init() { numbers = [:] }

    init(row: Row) throws {
        numbers = [
            .client: try row["client_account"], .deposit: try row["deposit_account"],
            .service: try row["service_account"], .product: try row["product_account"],
            .vat: try row["vat_account"], .bank: try row["bank_account"],
            .cheque: try row["cheque_account"], .cash: try row["cash_account"],
            .opening: try row["opening_account"],
            .rounding: try row["rounding_account"],
        ]
    }

    /// Digits and capitals, 3 to 12, as accounting programs take them.
    init(_ input: inout Input) {
        numbers = [:]
        for use in Use.allCases {
            let number = input.line(use.field, required: true, most: 12)
            let isNumber =
                number.count >= 3
                && number.utf8.allSatisfy {
                    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                }
            if !number.isEmpty, !isNumber {
                input.refuse(
                    use.field,
                    Text(
                        "3 à 12 chiffres ou capitales, comme \(use.usual).",
                        "3 to 12 digits or capitals, such as \(use.usual)."))
            }
            numbers[use] = number
        }
    }

    var formValues: [String: String] {
        Dictionary(uniqueKeysWithValues: Use.allCases.map { ($0.field, self[$0]) })
    }
}

extension Action {
    static let accountsChanged = Action(
        "accounts.changed", Text("a modifié les comptes comptables", "changed the accounts"),
        icon: "settings", severity: .high)
}

extension Transaction {
    func chartOfAccounts() throws -> ChartOfAccounts {
        try first(
            """
            SELECT client_account, deposit_account, service_account, product_account, vat_account,
                bank_account, cheque_account, cash_account, opening_account, rounding_account
            FROM accounting_settings WHERE organisation_id = \(organisation)
            """) ?? .usual
    }

    func changeAccounts(_ accounts: ChartOfAccounts) throws {
        let before = try chartOfAccounts()
        guard before != accounts else { return }
        try run(
            """
            INSERT INTO accounting_settings (organisation_id, client_account, deposit_account,
                service_account, product_account, vat_account, bank_account, cheque_account,
                cash_account, opening_account, rounding_account, updated_at)
            VALUES (\(organisation), \(accounts[.client]), \(accounts[.deposit]),
                \(accounts[.service]), \(accounts[.product]), \(accounts[.vat]), \(accounts[.bank]),
                \(accounts[.cheque]), \(accounts[.cash]), \(accounts[.opening]),
                \(accounts[.rounding]), \(now))
            ON CONFLICT (organisation_id) DO UPDATE SET
                client_account = excluded.client_account,
                deposit_account = excluded.deposit_account,
                service_account = excluded.service_account,
                product_account = excluded.product_account, vat_account = excluded.vat_account,
                bank_account = excluded.bank_account, cheque_account = excluded.cheque_account,
                cash_account = excluded.cash_account, opening_account = excluded.opening_account,
                rounding_account = excluded.rounding_account,
                updated_at = excluded.updated_at
            """)
        let changes = ChartOfAccounts.Use.allCases.filter { before[$0] != accounts[$0] }
        try record(
            .accountsChanged, .organisation, organisation.value, label: scope.organisation.name,
            details: [
                "changes": .array(
                    changes.map { use in
                        [
                            "field": .string(use.field), "before": .string(before[use]),
                            "after": .string(accounts[use]),
                        ]
                    })
            ])
    }
}
