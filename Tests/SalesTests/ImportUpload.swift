import Basics
import HTTP
import TestSupport

@testable import Core
@testable import Sales

/// Somebody who brings files in as the browser does, and the jobs that follow.
struct ImportUpload {
    let test: TestApplication

    init(currency: Currency = .euro, language: Language = .french) throws {
        test = try TestApplication(
            Clients.self, Catalogue.self, Invoicing.self, Orders.self, Payments.self,
            Receivables.self, Imports.self, currency: currency, language: language)
    }

    func send(
        _ kind: String, _ content: [UInt8], name: String = "fichier.csv", as role: Role = .owner
    ) throws -> Answer {
        try test.upload("/imports", content, named: name, ["kind": kind], as: role)
    }

    struct NotTaken: Error { var status: Int, text: String }

    /// Sends a file, takes its columns as they were recognised unless told, and lets it be checked.
    func checked(
        _ kind: String, _ content: [UInt8], name: String = "fichier.csv",
        columns: [String: String] = [:], existing: Import.Existing = .keep
    ) throws -> Import {
        let answer = try send(kind, content, name: name)
        guard answer.status == 303, let location = answer.location else {
            throw NotTaken(status: answer.status, text: answer.text)
        }
        let path = location.replacing("/mapping", with: "")
        if location.hasSuffix("/mapping") {
            guard
                var form = try test.get(location).forms.first(where: {
                    $0.action.hasPrefix(location) && $0.method == "post"
                })
            else { throw NotTaken(status: 0, text: location) }
            for (name, value) in columns { form.set(name, value) }
            form.set("existing", existing.rawValue)
            let named = try test.respond(
                .post, form.action, form: form.fields.map { ($0.name, $0.value) })
            guard named.status == 303 else {
                throw NotTaken(status: named.status, text: named.text)
            }
        }
        try runJobs()
        return try record(path)
    }

    func checked(_ kind: String, _ text: String, existing: Import.Existing = .keep) throws
        -> Import
    {
        try checked(kind, Array(text.utf8), existing: existing)
    }

    func start(_ found: Import) throws -> Import {
        let answer = try test.post(found.path + "/start")
        guard answer.status == 303 else {
            throw NotTaken(status: answer.status, text: answer.text)
        }
        try runJobs()
        return try record(found.path)
    }

    /// From the file to its end.
    func imported(
        _ kind: String, _ text: String, existing: Import.Existing = .keep
    ) throws -> Import {
        try start(checked(kind, Array(text.utf8), existing: existing))
    }

    func imported(_ kind: String, _ bytes: [UInt8], name: String = "fichier.csv") throws -> Import {
        try start(checked(kind, bytes, name: name))
    }

    func undo(_ found: Import) throws -> Import {
        let answer = try test.post(found.path + "/undo")
        guard answer.status == 303 else {
            throw NotTaken(status: answer.status, text: answer.text)
        }
        try runJobs()
        return try record(found.path)
    }

    func runJobs() throws {
        try JobRunner(test.application, only: test.organisationID).runDue()
    }

    func record(_ path: String) throws -> Import {
        let id = path.split(separator: "/").last.flatMap { Import.ID(String($0)) }
        guard let id else { throw NotTaken(status: 0, text: path) }
        return try test.read { try $0.importRecord(id) }
    }

    /// The clients as rows of words, in the order of their numbers.
    func clients() throws -> [String] {
        try test.read { transaction in
            let clients: [Client] = try transaction.all(
                """
                SELECT \(Client.columns) FROM clients
                WHERE organisation_id = \(transaction.organisation) ORDER BY number
                """)
            return clients.map { client in
                let address = client.address
                return
                    ([
                        client.number, client.externalReference, client.kind.rawValue,
                        client.stage.rawValue, client.name, client.email, client.phone,
                        client.siren,
                        client.siret, client.vatNumber, address.street, address.postalCode,
                        address.city, address.country, client.notes,
                    ] + (client.paymentDays.map { [String($0)] } ?? [])).joined(separator: "|")
            }
        }
    }

    func contacts() throws -> [String] {
        try test.read { transaction in
            try transaction.values(
                """
                SELECT concat_ws('|', c.name, t.name, t.position, t.email, t.phone)
                FROM contacts t JOIN clients c ON c.organisation_id = \(transaction.organisation)
                    AND c.id = t.client_id
                WHERE t.organisation_id = \(transaction.organisation) ORDER BY c.name, t.name
                """)
        }
    }

    func items() throws -> [String] {
        try test.read { transaction in
            try transaction.values(
                """
                SELECT concat_ws('|', reference, kind, label, description, unit, unit_price,
                    vat_category, vat_rate, keeps_stock, stock_quantity, is_active)
                FROM items WHERE organisation_id = \(transaction.organisation) ORDER BY reference
                """)
        }
    }

    func invoices() throws -> [String] {
        try test.read { transaction in
            try transaction.values(
                """
                SELECT concat_ws('|', i.number, c.name, i.kind, i.issued_on, i.due_on, i.total_gross,
                    i.open_amount, i.notes)
                FROM invoices i JOIN clients c ON c.organisation_id = \(transaction.organisation)
                    AND c.id = i.client_id
                WHERE i.organisation_id = \(transaction.organisation) ORDER BY i.number
                """)
        }
    }
}
