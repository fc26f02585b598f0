import Basics
import Database
import Foundation
import TestSupport
import Testing

@testable import Core

struct DataBrowserTests {
    /// Every column of a table that can be browsed, in the schema as it is.
    private static let columns = Result {
        let test = try TestApplication()
        return try test.read { transaction in
            try transaction.browsableTables().map { table in
                (
                    table: table.name.text,
                    columns: try transaction.browsableTable(table.name.text).1
                )
            }
        }
    }

    @Test func everyColumnThatMayHoldASecretHasBeenDecidedAbout() throws {
        let test = try TestApplication()
        let suspects: [String] = try test.pool.withConnection { connection in
            let columns: [NamedColumn] = try connection.all(
                """
                SELECT c.relname::text AS table_name, a.attname::text AS column_name,
                    t.typname::text AS type_name
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                JOIN pg_type t ON t.oid = a.atttypid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                    AND (c.relrowsecurity
                        OR c.relname = ANY (\(BrowsedTable.unbound.keys.sorted())))
                    AND a.attnum > 0 AND NOT a.attisdropped
                """)
            return columns.filter { SecretColumns.isSuspect($0.column, typeName: $0.type) }
                .map { "\($0.table).\($0.column)" }
        }
        let decided = SecretColumns.hidden.union(SecretColumns.open)
        #expect(suspects.count > 20)
        #expect(
            Set(suspects).subtracting(decided).sorted() == [],
            "put each into SecretColumns: hidden or open")
        #expect(
            decided.subtracting(suspects).sorted() == [], "these columns are there no more")
        #expect(SecretColumns.hidden.isDisjoint(with: SecretColumns.open))
    }

    @Test func everyTableIsShownOrLeftOutForAReason() throws {
        let shown = try Set(DataBrowserTests.columns.get().map(\.table))
        let test = try TestApplication()
        let all: [String] = try test.pool.withConnection {
            try $0.values(
                """
                SELECT relname::text FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                """)
        }
        #expect(shown.count > 60)
        #expect(Set(all).subtracting(shown) == BrowsedTable.leftOut)
        #expect(shown.isSuperset(of: BrowsedTable.unbound.keys))
        let others = ["pg_authid", "clients%22", "CLIENTS", "nothing"]
        for name in BrowsedTable.leftOut.sorted() + others {
            #expect(try test.get("/administration/data/\(name)").status == 404, "\(name)")
            #expect(try test.get("/administration/data/\(name)/export").status == 404, "\(name)")
        }
    }

    @Test func everyTableShowsItsRowsAndTakesAFilterOfEachKind() throws {
        let test = try TestApplication()
        for (table, columns) in try DataBrowserTests.columns.get() {
            let path = "/administration/data/\(table)"
            #expect(try test.get(path).status == 200, "\(table)")
            #expect(try test.get("\(path)/export").status == 200, "\(table)")
            for column in columns {
                for comparison in column.kind.comparisons {
                    let value = DataBrowserTests.sample(column.kind)
                    let answer = try test.get(
                        "\(path)?column=\(column.name.text)&is=\(comparison.rawValue)&value=\(value)"
                    )
                    #expect(answer.status == 200, "\(table).\(column.name.text) \(comparison)")
                }
            }
        }
    }

    private static func sample(_ kind: ColumnKind) -> String {
        switch kind {
        case .whole: "12"
        case .decimal: "12,5"
        case .flag: "oui"
        case .day, .moment: "2026-03-31"
        case .identifier: "01980000-0000-7000-8000-000000000000"
        case .text, .other, .bytes, .secret: "%25_'"
        }
    }

    @Test(arguments: [
        ("column=nothing&is=equals&value=1", "Cette colonne"),
        ("column=id%22+OR+true&is=equals&value=1", "Cette colonne"),
        ("column=id&is=contains&value=1", "uuid"),
        ("column=id&is=drop&value=1", "identifiant"),
        ("column=id&is=equals&value=1;DELETE", "identifiant"),
        ("column=created_at&is=above&value=tomorrow", "date"),
        ("column=attempts&is=above&value=1e3", "entier"),
        ("column=attempts&is=above&value=99999999999999999999", "entier"),
    ])
    func aFilterThatDoesNotFitItsColumnIsExplained(query: String, word: String) throws {
        let test = try TestApplication()
        let answer = try test.get("/administration/data/webhook_deliveries?" + query)
        #expect(answer.status == 422)
        #expect(answer.text.contains(word))
        #expect(answer.text.contains("id=\"problems\""))
    }

    @Test func pagesGoOnBehindTheLastRowAndMissNone() throws {
        let test = try TestApplication()
        try test.write { transaction in
            for _ in 0..<120 {
                try transaction.run(
                    """
                    INSERT INTO submissions (organisation_id, token, path)
                    VALUES (\(transaction.organisation), gen_random_uuid(), '/x')
                    """)
            }
        }
        var address: String? = "/administration/data/submissions"
        var sizes: [Int] = []
        while let next = address, sizes.count < 5 {
            let text = try test.get(next).text
            sizes.append(text.components(separatedBy: "<tr>").count - 2)
            address = text.firstMatch(of: /rel="next" href="([^"]+)"/).map {
                String($0.1.replacing("&amp;", with: "&"))
            }
        }
        #expect(sizes == [50, 50, 20])
        for wrong in ["00", "5b5d", "5b2278225d", "zz"] {
            let answer = try test.get("/administration/data/submissions?after=\(wrong)")
            #expect(answer.status == 200, "\(wrong)")
        }
    }

    @Test func secretsAreNeverShownNorExported() throws {
        let test = try TestApplication()
        let secret = "seal-\(test.organisationID)"
        try test.write { transaction in
            try transaction.run(
                """
                INSERT INTO invitations (organisation_id, id, email, name, role, token_hash,
                    expires_at, created_at)
                VALUES (\(transaction.organisation), gen_random_uuid(), 'nora@altavista.example',
                    'Nora', 'agent', \(Array(secret.utf8)), now(), now())
                """)
        }
        let page = try test.get("/administration/data/invitations").text
        #expect(page.contains("nora@altavista.example"))
        #expect(page.contains("masqué"))
        let file = try test.get("/administration/data/invitations/export").text
        #expect(file.contains("nora@altavista.example"))
        #expect(!file.contains("token_hash"))
        for text in [page, file] {
            #expect(!text.contains(secret))
            #expect(!text.contains(hexadecimal(Array(secret.utf8))))
        }
    }

    @Test func anExportIsNotedAndNobodyButOwnersMayLook() throws {
        let test = try TestApplication()
        #expect(
            try test.get("/administration/data/mails/export?column=subject&value=a").status == 200)
        let entry = try #require(try test.read { try $0.graveEntries(most: 1) }.first)
        #expect(entry.action == "data.exported")
        #expect(entry.subjectLabel == "mails.csv")
        for role in [Role.agent, .accountant] {
            #expect(try test.get("/administration/data", as: role).status == 403)
            #expect(try test.get("/administration/data/mails", as: role).status == 403)
        }
    }

    @Test func whatLetsSomebodyInIsHiddenInTablesOfPeopleToo() throws {
        let test = try TestApplication()
        _ = try test.program()
        let owner = try #require(test.people[.owner])
        let kept: [String] = try test.pool.withConnection {
            try $0.values(
                """
                SELECT password_hash FROM users WHERE id = \(owner.id)
                UNION ALL SELECT encode(token_hash, 'hex') FROM sessions WHERE user_id = \(owner.id)
                UNION ALL SELECT encode(token_hash, 'hex') FROM access_tokens
                    WHERE organisation_id = \(test.organisationID)
                """)
        }
        #expect(kept.count == 3)
        for table in ["users", "sessions", "access_tokens"] {
            let page = try test.get("/administration/data/\(table)").text
            let file = try test.get("/administration/data/\(table)/export").text
            #expect(page.contains("masqué") && !file.contains("_hash"), "\(table)")
            for secret in kept { #expect(!page.contains(secret) && !file.contains(secret)) }
        }
    }

    /// Tables that no policy of the database bounds.
    @Test func ofTablesThatPrecedeOrganisationsOnlyOwnRowsAreShown() throws {
        let both = [try TestApplication(), try TestApplication()]
        // A word of each table that stands in the own rows and in no other's.
        let words = try both.map { test -> [String: String] in
            let owner = try #require(test.people[.owner])
            let token = try test.program()
            #expect(try token.get("/openapi.json").status < 500)
            let role = "Accueil \(test.organisationID)"
            try test.write { transaction in
                _ = try transaction.createRole(CustomRoleDraft(name: role, permissions: []))
                _ = try transaction.enqueue(
                    Mails.sending, on: transaction.organisation.value,
                    at: test.clock.now.adding(seconds: 400_000_000))
            }
            return [
                "access_tokens": owner.id.description, "custom_roles": role,
                "jobs": test.organisationID.description, "memberships": owner.id.description,
                "sessions": owner.id.description, "users": owner.email,
                "organisations": test.organisationID.description,
            ]
        }
        #expect(Set(words[0].keys) == Set(BrowsedTable.unbound.keys))
        for (test, other) in [(0, 1), (1, 0)] {
            for (table, word) in words[test] {
                let path = "/administration/data/\(table)"
                let foreign = try #require(words[other][table])
                let file = try both[test].get("\(path)/export").text
                #expect(file.contains(word), "\(table)")
                #expect(!file.contains(foreign), "\(table)")
                let page = try both[test].get(path).text
                #expect(!page.contains(foreign), "\(table)")
            }
        }
        // Who works in both is a person of both; what they are elsewhere stays there.
        let (known, curious) = (both[0], both[1])
        let colleague = try #require(known.people[.owner])
        try known.pool.withConnection {
            try $0.addMembership(colleague.id, to: curious.organisationID, as: .agent)
        }
        func file(_ table: String) throws -> String {
            try curious.get("/administration/data/\(table)/export").text
        }
        #expect(try file("users").contains(colleague.email))
        #expect(try !file("sessions").contains(colleague.id.description))
        let memberships = try file("memberships").split(whereSeparator: \.isNewline)
            .filter { $0.contains(colleague.id.description) }
        #expect(memberships.count == 1 && memberships[0].contains("agent"))
    }

    @Test func oneOrganisationSeesNoRowOfAnother() throws {
        let (known, curious) = (try TestApplication(), try TestApplication())
        let word = "verrerie-\(known.organisationID)"
        try known.write { try $0.record(.signedIn, .user, nil, label: word) }
        #expect(try known.get("/administration/data/journal_entries").text.contains(word))
        let target = "/administration/data/journal_entries"
        #expect(!(try curious.get(target).text.contains(word)))
        let asked = try curious.get("\(target)?column=subject_label&is=contains&value=\(word)")
        #expect(asked.text.contains("Aucune ligne"))
    }
}

private struct NamedColumn: Record {
    var table: String
    var column: String
    var type: String

    init(row: Row) throws {
        table = try row["table_name"]
        column = try row["column_name"]
        type = try row["type_name"]
    }
}
