import Basics
import Foundation
import TestSupport
import Testing

@testable import Core

/// The journal as a file tells what the page tells, and what a program needs to find the records.
struct JournalExportTests {
    @Test func theFileHoldsEverythingThatAnEntryKeeps() throws {
        let test = try TestApplication()
        let id = UniqueID.make(at: test.clock.now)
        let changes: JSON = [
            "note": "Relu, puis \"corrigé\"",
            "changes": [["field": "email", "before": "=1+1", "after": "b@altavista.example"]],
        ]
        var scope = try test.scope()
        (scope.address, scope.userAgent) = ("203.0.113.9", "Mozilla/5.0 (X11; Linux) Firefox/128.0")
        try test.pool.transaction(scope, at: test.clock.now) {
            try $0.record(
                .organisationUpdatedForTest, .client, id, label: "Aubrac; fils",
                details: changes)
        }
        let rows = try Self.rows(test.get("/journal/export").text)
        #expect(rows.count == 2 && rows[0].count == 14)
        let entry = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
        #expect(entry["Date"] == "2026-11-21 10:30")
        #expect(entry["Personne"] == "Claire Monnier")
        #expect(entry["Enregistrement"] == "Aubrac; fils")
        #expect(entry["Note"] == "Relu, puis \"corrigé\"")
        #expect(entry["Gravité"] == "importante")
        #expect(entry["Adresse"] == "203.0.113.9")
        #expect(entry["Navigateur"] == "Mozilla/5.0 (X11; Linux) Firefox/128.0")
        #expect(entry["Code de l’action"] == "test.changed")
        #expect(entry["Identifiant de l’enregistrement"] == id.description)
        #expect(entry["Identifiant de la personne"] == test.people[.owner]?.id.description)
        let number: Int? = try test.read { transaction in
            try transaction.value(
                """
                SELECT id FROM journal_entries
                WHERE organisation_id = \(transaction.organisation) AND subject_id = \(id)
                """)
        }
        #expect(entry["N° d’écriture"] == number.map(String.init))
        let details = JSON(parsing: entry["Détails (JSON)"] ?? "")
        #expect(details?.canonical == changes.canonical)
    }

    @Test func anEntryWhoseDetailsWereErasedHasNone() throws {
        let test = try TestApplication()
        try test.write { try $0.record(.signedIn, .user, nil, label: "x") }
        let rows = try Self.rows(test.get("/journal/export").text)
        let entry = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
        #expect(entry["Détails (JSON)"] == "" && entry["Identifiant de l’enregistrement"] == "")
    }

    private static func rows(_ text: String) throws -> [[String]] {
        var reader = CSV.Reader(separator: UInt8(ascii: ";"))
        var rows: [[String]] = []
        try reader.read(text.utf8.dropFirst(3)) { rows.append($1) }
        try reader.finish { rows.append($1) }
        return rows
    }
}

extension Action {
    fileprivate static let organisationUpdatedForTest = Action(
        "test.changed", Text("a changé", "changed"), severity: .high)
}
