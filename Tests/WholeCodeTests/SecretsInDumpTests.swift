import Basics

import DatabaseTesting
import Foundation
import TestSupport
import Testing
import WebClient

@testable import Core
@testable import Database
@testable import comptoir

/// A copy of the whole database betrays nothing that opens something: every secret that an organisation
/// holds or hands out is looked for in every row, as text, as bytes and in base64.
struct SecretsInDumpTests {
    @Test func noSecretStandsInADumpOfTheDatabase() throws {
        let database = try TestDatabase.make()
        let pool = Pool(connectionString: database.runtime, size: 6)
        let test = try TestApplication(
            all: capabilities, pool: pool, webClient: WebClient(allowsLoopback: true))
        var secrets = try Self.secrets(of: test)
        secrets["password"] = TestApplication.password
        for (role, person) in test.people { secrets["session of \(role.code)"] = person.token }
        try Self.confide(to: test, &secrets)
        try Self.addKeys(of: test, to: &secrets)
        #expect(secrets.count == 23)

        let dump = try Self.dump(database.owner, database: Connection(database.owner).database)
        #expect(dump.contains("smtp-user"), "the dump holds what is no secret")
        for (name, secret) in secrets.sorted(by: { $0.key < $1.key }) {
            #expect(secret.utf8.count >= 8, "\(name) is too short to be looked for")
            for form in Self.forms(of: secret) {
                #expect(!dump.contains(form), "\(name) stands in the database")
            }
        }
    }

    /// Gives the organisation every kind of secret there is, through its pages.
    private static func secrets(of test: TestApplication) throws -> [String: String] {
        var secrets: [String: String] = [:]
        let owner = test.browser()
        secrets["SMTP password"] = "smtp-secret-4711"
        try owner.get("/settings/mail")
        try owner.submit(
            "/settings/mail",
            [
                "smtp_host": "smtp.altavista.example", "smtp_username": "smtp-user",
                "smtp_password": "smtp-secret-4711", "mail_from": "bonjour@altavista.example",
            ])
        #expect(owner.status == 200)
        secrets["secret of the identity provider"] = "provider-secret-4711"
        try owner.get("/settings/company-sign-in")
        try owner.submit(
            "/settings/company-sign-in",
            [
                "issuer": "https://login.altavista.example", "client_id": "comptoir",
                "client_secret": "provider-secret-4711",
            ])
        secrets["secret of the platform"] = "platform-secret-4711"
        try owner.get("/settings/platform")
        try owner.submit(
            "/settings/platform",
            [
                "flow_url": "https://platform.example/flows",
                "token_url": "https://platform.example/token", "client_id": "comptoir",
                "client_secret": "platform-secret-4711", "since": "2026-11-01",
            ])
        #expect(owner.status == 200)
        secrets["secret of a webhook"] = try shown(
            test.post(
                "/settings/webhooks",
                [
                    "name": "Boutique", "url": "https://hook.altavista.example/",
                    "events": "client.created",
                ]))
        secrets["token of a person"] = try shown(
            test.post("/account/tokens", ["name": "Boutique", "scope": "clients:read"]))
        secrets["token of the organisation"] = try shown(
            test.post("/settings/tokens", ["name": "Caisse", "scope": "clients:read"]))
        let (totp, code) = try secondFactor(of: test)
        secrets["one-time password"] = totp
        secrets["recovery code"] = code
        secrets["invitation"] = try test.write { transaction in
            let draft = InvitationDraft(
                name: "Nora", email: "nora@altavista.example", role: .agent)
            let link = try transaction.renewLink(of: transaction.invite(draft).id)
            return String(link.split(separator: "=").last ?? "")
        }
        let agent = try #require(test.people[.agent])
        secrets["link to a new password"] = try test.pool.withConnection {
            try $0.newPasswordReset(for: agent.id, at: test.clock.now)
        }
        return secrets
    }

    /// What opens all the others, and what signs tokens, as bytes in hexadecimal.
    private static func addKeys(
        of test: TestApplication, to secrets: inout [String: String]
    ) throws {
        let application = test.application
        let kinds: [(String, KeyOwner)] = [
            ("key of the organisation", .organisation(test.organisationID)),
            ("key of the installation", .installation),
        ]
        for (name, owner) in kinds {
            let keys = try application.vault.on(owner) { try $0.keys(of: owner) }
            try #require(keys.count == 1)
            secrets[name] = hexadecimal(try application.vault.secret(of: keys[0], of: owner))
        }
        let ring = try application.keys(of: test.organisationID)
        let people: [PersonKey] = try test.read { transaction in
            try transaction.all(
                """
                SELECT \(PersonKey.columns) FROM person_keys
                WHERE organisation_id = \(transaction.organisation)
                """)
        }
        try #require(people.count == 1)
        secrets["key of a person"] = hexadecimal(
            try ring.open(
                people[0].sealedKey, for: PersonKey.place(test.organisationID, people[0].id)))
        secrets["seed that signs tokens"] = try signingSeed(of: test)
    }

    private static func signingSeed(of test: TestApplication) throws -> String {
        let application = test.application
        let id = try application.signingKeys.current(application, at: test.clock.now).id
        let sealed: [UInt8] = try #require(
            try test.pool.withConnection {
                try $0.value("SELECT sealed_seed FROM signing_keys WHERE id = \(id)")
            })
        return hexadecimal(try application.ownKeys.open(sealed, for: SigningKeys.place(id)))
    }

    /// What is nobody's business: by a program whose request is remembered, and told to a webhook.
    private static func confide(to test: TestApplication, _ secrets: inout [String: String]) throws
    {
        let program = try test.program()
        secrets["notes on a client"] = "attend un enfant en mai"
        secrets["account of a supplier"] = "FR1420041010050500013M02606"
        secrets["notes on a supplier"] = "rabais de dix pour cent caché"
        let client = try program.post(
            "/clients", ["name": "Anouk Delmas", "notes": "attend un enfant en mai"],
            headers: ["Idempotency-Key": "1"])
        #expect(client.status == 201)
        let supplier = try program.post(
            "/suppliers",
            [
                "name": "Optique Vidal", "iban": "FR1420041010050500013M02606",
                "notes": "rabais de dix pour cent caché",
            ], headers: ["Idempotency-Key": "2"])
        #expect(supplier.status == 201)
        try test.application.followJournal()
        try JobRunner(test.application, threads: 1).runDue()
    }

    /// The secret that a page shows once.
    private static func shown(_ answer: Answer) throws -> String {
        let match = try #require(
            answer.text.firstMatch(of: /(whsec_[A-Za-z0-9+\/=]{20,}|ct_[0-9a-f]{20,})/),
            "\(answer.status)")
        return String(match.output.1)
    }

    private static func secondFactor(of test: TestApplication) throws -> (String, String) {
        let owner = try #require(test.people[.owner])
        let keys = try test.application.ownKeys
        let secret = Random.bytes(OneTimePassword.secretBytes)
        let codes = try test.write { transaction in
            try transaction.prepareSecondFactor(secret, keys)
            let code = OneTimePassword(secret: secret).password(
                step: OneTimePassword.step(at: test.clock.now))
            return try transaction.confirmSecondFactor(code, test.application, keys)
        }
        _ = owner
        return (hexadecimal(secret), try #require(codes.first))
    }

    /// Every table as text, as a thief of the disk reads it.
    private static func dump(_ owner: String, database: String) throws -> String {
        let connection = try Connection(
            TestCluster.shared.cluster.administrator(database: database))
        let tables: [String] = try connection.values(
            """
            SELECT c.relname::text FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
            """)
        var dump = ""
        for table in tables {
            let rows: [String] = try connection.values(
                SQL(trustedText: "SELECT t::text FROM \(table) t"))
            dump += rows.joined(separator: "\n")
        }
        return dump
    }

    /// As text, as PostgreSQL prints bytes, and in base64.
    private static func forms(of secret: String) -> [String] {
        let bytes = Array(secret.utf8)
        var forms = [secret, hexadecimal(bytes), Data(bytes).base64EncodedString()]
        if secret.hasPrefix("whsec_"), let raw = Data(base64Encoded: String(secret.dropFirst(6))) {
            forms += [hexadecimal(Array(raw)), raw.base64EncodedString()]
        }
        if let raw = Basics.bytes(hexadecimal: secret) {
            forms.append(Data(raw).base64EncodedString())
        }
        return forms
    }
}
