import Basics
import Database

/// What a person is in one organisation: one of five roles that every organisation has, or one that it
/// made itself. It is a name for a set of permissions, which are all that authorisation looks at.
public struct Role: Sendable, Hashable {
    /// `owner`, or the identifier of a role that the organisation made.
    public let code: String
    public let label: Text
    public let explanation: Text
    public let permissions: Set<Permission>
    /// Nil for the five that every organisation has.
    var customID: CustomRole.ID?

    init(
        _ code: String, _ label: Text, _ explanation: Text, _ permissions: Set<Permission>,
        customID: CustomRole.ID? = nil
    ) {
        self.code = code
        self.label = label
        self.explanation = explanation
        self.permissions = permissions
        self.customID = customID
    }

    public func allows(_ permission: Permission) -> Bool { permissions.contains(permission) }

    /// Whether whoever has this role may hand out or take away the other: nobody gives what they have not.
    func mayGrant(_ other: Role) -> Bool { permissions.isSuperset(of: other.permissions) }

    /// Read by the functions `shown` and `kept` of the database.
    var hidden: String {
        (allows(.readInternalNotes) ? "" : "notes ") + (allows(.readBankData) ? "" : "bank")
    }

    public static func == (one: Role, other: Role) -> Bool {
        one.code == other.code && one.permissions == other.permissions
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension Role {
    public static let owner = Role(
        "owner", Text("Propriétaire", "Owner"),
        Text("Tout, y compris les réglages et les collègues.", "Everything, settings included."),
        Set(Permission.allCases).subtracting([.readOwnDocuments]))
    public static let agent = Role(
        "agent", Text("Gestionnaire", "Agent"),
        Text(
            "Clients, catalogue, devis, commandes, factures et paiements.",
            "Clients, catalogue, quotes, orders, invoices and payments."),
        owner.permissions.subtracting([
            .readBooks, .closePeriods, .manageOrganisation, .manageColleagues, .browseData,
        ]))
    public static let accountant = Role(
        "accountant", Text("Comptable", "Accountant"),
        Text(
            "Lit tout, enregistre les paiements, exporte.",
            "Reads everything, records payments, exports."),
        [
            .readClients, .readCatalogue, .readQuotes, .readOrders, .readInvoices, .readPayments,
            .writePayments, .readPurchases, .readMails, .readImports, .readJournal, .readBooks,
            .closePeriods, .readInternalNotes, .readBankData, .manageSelf,
        ])
    public static let technician = Role(
        "technician", Text("Technicien", "Technician"),
        Text(
            "Sa journée : les commandes qui lui sont confiées, sans les prix.",
            "Their day: the orders assigned to them, without prices."),
        [.readOwnDay, .manageSelf])
    public static let client = Role(
        "client", Text("Client", "Client"),
        Text(
            "Ses propres devis et factures, et rien d’autre.",
            "Their own quotes and invoices, and nothing else."),
        [.readOwnDocuments, .manageSelf])

    /// Those of every organisation.
    public static let builtIn = [owner, agent, accountant, technician, client]
    /// Those of them for people of the company. A client comes in from the client's page.
    static let forColleagues = [owner, agent, accountant, technician]

    /// One of the five by its code.
    public init?(builtIn code: String) {
        guard let role = Role.builtIn.first(where: { $0.code == code }) else { return nil }
        self = role
    }
}

// MARK: In the database

extension Role {
    static let customCode = "custom"

    /// What a membership `m` or an invitation says of its role, beside `join(_:)`.
    static func columns(_ table: SQL = "m") -> SQL {
        "\(table).role, r.id AS role_id, r.name AS role_name, r.permissions AS role_permissions"
    }
    static func join(_ table: SQL = "m") -> SQL {
        """
        LEFT JOIN custom_roles r
            ON r.organisation_id = \(table).organisation_id AND r.id = \(table).custom_role_id
        """
    }

    /// In the column `role`.
    var kind: String { customID == nil ? code : Role.customCode }

    init(row: Row) throws {
        let kind: String = try row["role"]
        if let role = Role(builtIn: kind) {
            self = role
            return
        }
        guard let id: CustomRole.ID = try row["role_id"] else {
            throw CustomRole.Unknown(kind: kind)
        }
        self =
            CustomRole(id: id, name: try row["role_name"], codes: try row["role_permissions"])
            .role
    }
}
