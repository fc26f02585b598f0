import Basics
import Database
import TestSupport

@testable import Core

/// Ids of an organisation's records, for others to try, by the names that fields have for them.
struct ForeignIDs {
    /// A record of each kind.
    enum Kind: String, CaseIterable {
        case client, contact, address, item, quote, order, invoice, payment, supplier, role, person
        case quoteLine, orderLine, invoiceLine
    }

    /// What stands in a field of that name, with the number of its row left out.
    static let fields: [String: Kind] = [
        "client": .client, "client_choice": .client, "contact": .contact,
        "delivery_address": .address, "invoice": .invoice, "order": .order, "orders": .order,
        "item": .item, "lines[][item]": .item, "new[item]": .item, "supplier": .supplier,
        "payment": .payment, "quote": .quote, "role": .role, "from": .role, "person": .person,
        "assigned_to": .person, "lines[][id]": .invoiceLine, "lines[][order_line]": .orderLine,
    ]
    /// Fields that have an id of a record in their very name, written as `*`.
    static let named: [String: Kind] = [
        "settle_*": .invoice, "quantity_*": .invoiceLine, "percent_*": .orderLine,
    ]
    /// What tells rows of the form itself apart, or goes with a row that is not there: a form with an id that
    /// is none of its own is taken, and the id counts for nothing.
    static let ownRows: Set = ["lines[][id]", "new[item]", "quantity_*"]
    /// Fields whose ids name no record that organisations have for themselves.
    static let excepted: [String: String] = [
        "_submission": "a number that the form drew, to be taken once",
        "value": "what rows of a table are compared with, whichever column it is",
    ]
    /// What addresses ask about.
    static let questions = [
        "client", "contact", "invoice", "item", "order", "person", "supplier", "from",
    ]

    let ids: [Kind: String]

    init(_ test: TestApplication) throws {
        ids = try test.read { transaction in
            let own = transaction.organisation
            var ids: [Kind: String] = [:]
            for kind in Kind.allCases {
                guard let id: String = try transaction.value(ForeignIDs.statement(kind, own)) else {
                    throw NoRecord(kind: kind)
                }
                ids[kind] = id
            }
            return ids
        }
    }

    struct NoRecord: Error { var kind: Kind }

    private static func statement(_ kind: Kind, _ own: Organisation.ID) -> SQL {
        switch kind {
        case .client: "SELECT client_id::text FROM quotes WHERE organisation_id = \(own) LIMIT 1"
        case .contact: "SELECT id::text FROM contacts WHERE organisation_id = \(own) LIMIT 1"
        case .address: "SELECT id::text FROM addresses WHERE organisation_id = \(own) LIMIT 1"
        case .item: "SELECT id::text FROM items WHERE organisation_id = \(own) LIMIT 1"
        case .quote: "SELECT id::text FROM quotes WHERE organisation_id = \(own) LIMIT 1"
        case .order: "SELECT id::text FROM orders WHERE organisation_id = \(own) LIMIT 1"
        case .invoice:
            """
            SELECT id::text FROM invoices WHERE organisation_id = \(own)
                AND open_amount > 0 AND kind = 'invoice' LIMIT 1
            """
        case .payment: "SELECT id::text FROM payments WHERE organisation_id = \(own) LIMIT 1"
        case .supplier: "SELECT id::text FROM suppliers WHERE organisation_id = \(own) LIMIT 1"
        case .role: "SELECT id::text FROM custom_roles WHERE organisation_id = \(own) LIMIT 1"
        case .person:
            "SELECT user_id::text FROM memberships WHERE organisation_id = \(own) LIMIT 1"
        case .quoteLine: "SELECT id::text FROM quote_lines WHERE organisation_id = \(own) LIMIT 1"
        case .orderLine: "SELECT id::text FROM order_lines WHERE organisation_id = \(own) LIMIT 1"
        case .invoiceLine:
            "SELECT id::text FROM invoice_lines WHERE organisation_id = \(own) LIMIT 1"
        }
    }

    /// The form with a foreign id in that field, or in its name; nil where the field holds none.
    func planted(_ name: String, in form: PageForm) -> PageForm? {
        var form = form
        let plain = name.fieldKind
        if let id = Self.fields[plain].flatMap({ ids[$0] }) {
            form.set(name, id)
            return form
        }
        guard let id = Self.named[plain].flatMap({ ids[$0] }) else { return nil }
        form.set(
            plain.replacing("*", with: id),
            form[name].flatMap { $0.isEmpty ? nil : $0 } ?? "1")
        return form
    }

    /// Those that no row of others may come to hold. Ids of lines are good within their document alone.
    var ofRecords: [UniqueID] {
        let lines: [Kind] = [.quoteLine, .orderLine, .invoiceLine]
        return ids.filter { !lines.contains($0.key) }.compactMap { UniqueID($0.value) }
    }

    /// Whether somebody has decided what others try in such a field.
    static func knows(_ name: String) -> Bool {
        let plain = name.fieldKind
        return fields[plain] != nil || named[plain] != nil || excepted[plain] != nil
    }
}

extension String {
    /// The name of a field without the number of its row, and with a star for each id in it.
    var fieldKind: String {
        replacing(/\[[0-9]+\]/, with: "[]").replacing(
            /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "*")
    }
}
