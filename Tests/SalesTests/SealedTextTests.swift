import Basics
import Database
import Dispatch
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// What colleagues note about people, and where suppliers are paid to, is read with the keys alone.
struct SealedTextTests {
    private let test: TestApplication
    private static let words =
        "Divorce en cours, n’appeler que le soir.\n\"Clé\" sous le pot \\ à gauche 🌿"

    init() throws { test = try TestApplication(Clients.self, Suppliers.self, Catalogue.self) }

    private func client(_ name: String, notes: String) throws -> Client {
        var draft = Self.draft(name)
        draft.notes = notes
        return try test.write { try $0.createClient(draft) }
    }

    private static func draft(_ name: String) -> ClientDraft {
        ClientDraft(
            name: name, kind: .person,
            address: PostalAddress(
                street: "7 impasse du Lac", postalCode: "69100", city: "Villeurbanne",
                country: "FR"), language: .french)
    }

    private func supplier(_ name: String, iban: String) throws -> Supplier {
        var draft = SupplierDraft(name: name)
        draft.iban = iban
        draft.notes = "Compte vérifié"
        return try test.write { try $0.createSupplier(draft) }
    }

    /// As a thief of the disk reads it.
    private func stored(_ column: SealedTextColumn, _ id: UniqueID) throws -> String {
        try #require(
            try test.read { transaction in
                try transaction.value(
                    """
                    SELECT \(raw: column.column) FROM \(raw: column.table)
                    WHERE organisation_id = \(transaction.organisation) AND id = \(id)
                    """)
            })
    }

    private func notes(_ id: Client.ID) throws -> String {
        try test.read { try $0.client(id).notes }
    }

    @Test func notesStandSealedAndAreReadAsTheyWereTyped() throws {
        let client = try client("Anouk Delmas", notes: Self.words)
        #expect(client.notes == Self.words)
        #expect(try notes(client.id) == Self.words)
        let stored = try stored(.clientNotes, client.id.value)
        #expect(stored.hasPrefix("sealed:p:") && !stored.contains("Divorce"))
        #expect(try test.get(client.path).text.contains("Divorce en cours"))
        let json = try test.program().get("/clients/\(client.id)")
        #expect(JSON(parsing: json.text)?["notes"]?.string == Self.words)
        #expect(try test.get("\(client.path)/edit").text.contains("Divorce en cours"))
    }

    @Test func aChangeOfSomethingElseKeepsThemAndWhoeverMayNotReadThemToo() throws {
        let client = try client("Anouk Delmas", notes: Self.words)
        var form = client.formValues
        form["city"] = "Lyon"
        #expect(
            try test.respond(.post, client.path, form: form.map { ($0.key, $0.value) }).status
                == 303)
        #expect(try notes(client.id) == Self.words)
        var scope = try test.scope()
        scope.role = Role("blind", Text("", ""), Text("", ""), [.readClients, .writeClients])
        let (pool, clock) = (test.pool, test.clock)
        try pool.transaction(scope, at: clock.now) { transaction in
            let seen = try transaction.client(client.id)
            #expect(seen.notes == "")
            _ = try transaction.updateClient(
                client.id, Self.draft("Anouk Delmas-Roy"), version: nil)
        }
        #expect(try notes(client.id) == Self.words)
    }

    /// What somebody types is words, however it begins: it blocks no check, no export, no rotation.
    @Test func wordsThatLookSealedAreSealedAsWords() throws {
        let stolen = try stored(.clientNotes, client("Un", notes: "secret").id.value)
        for words in ["sealed:p:AAAA", "sealed:o:", stolen] {
            let client = try client("Autre", notes: words)
            #expect(try notes(client.id) == words)
            #expect(try stored(.clientNotes, client.id.value) != words)
        }
        #expect(try test.read(findings) == [])
        #expect(try test.application.rotatePeople(of: test.organisation).unreadable == 0)
    }

    @Test func aRowThatWasReadBeforeItsKeyWasReplacedIsReadAgain() throws {
        let client = try client("Anouk Delmas", notes: Self.words)
        let before = try stored(.clientNotes, client.id.value)
        let columns = test.application.sealedTexts
        #expect(try test.write { try $0.rotateKey(of: client.id.value, columns) })
        let opened = try test.read {
            try $0.opened(before, in: .clientNotes, of: client.id.value)
        }
        #expect(opened == Self.words)
    }

    @Test func copiedToAnotherClientTheyOpenNothing() throws {
        let (one, other) = (try client("Un", notes: Self.words), try client("Autre", notes: "rien"))
        try test.write { transaction in
            try transaction.run(
                """
                UPDATE clients c SET notes = o.notes FROM clients o
                WHERE c.organisation_id = \(transaction.organisation) AND c.id = \(other.id)
                    AND o.organisation_id = \(transaction.organisation) AND o.id = \(one.id)
                """)
        }
        #expect(try notes(other.id).hasPrefix("sealed:p:"))
        let found = try test.read(findings)
        #expect(found == [Finding("the key that sealed clients.notes of \(other.id) is gone")])
    }

    private func findings(_ transaction: Transaction) throws -> [Finding] {
        guard case .organisation(let run) = Check.personKeys(of: .clientNotes).subject else {
            return []
        }
        return try run(transaction)
    }

    @Test func withTheKeyOfAPersonTheirNotesAreGoneInEveryCopy() throws {
        let client = try client("Anouk Delmas", notes: Self.words)
        let copy = try stored(.clientNotes, client.id.value)
        try test.write { try $0.erasePerson(client.id) }
        let keys: Int? = try test.read {
            try $0.value(
                "SELECT count(*) FROM person_keys WHERE organisation_id = \($0.organisation)")
        }
        #expect(keys == 0)
        let opened = try test.read {
            try $0.opened(copy, in: .clientNotes, of: client.id.value)
        }
        #expect(opened == copy)
    }

    @Test func textsFromBeforeAreSealedOnce() throws {
        let client = try client("Anouk Delmas", notes: "")
        let supplier = try supplier("Optique Vidal", iban: "")
        let before = client.version
        try test.write { transaction in
            try transaction.run(
                """
                UPDATE clients SET notes = \(Self.words)
                WHERE organisation_id = \(transaction.organisation) AND id = \(client.id)
                """)
            try transaction.run(
                """
                UPDATE suppliers SET iban = \(Self.account), notes = 'clair'
                WHERE organisation_id = \(transaction.organisation) AND id = \(supplier.id)
                """)
        }
        func seal() throws -> Int {
            try test.write { transaction in
                try test.application.sealedTexts.reduce(0) {
                    $0 + (try transaction.sealClearTexts(of: $1, most: 100))
                }
            }
        }
        #expect(try seal() == 3)
        #expect(try seal() == 0)
        #expect(try stored(.clientNotes, client.id.value).hasPrefix("sealed:p:"))
        #expect(try stored(.supplierAccount, supplier.id.value).hasPrefix("sealed:o:"))
        #expect(try notes(client.id) == Self.words)
        #expect(try test.read { try $0.client(client.id) }.version == before, "nobody edited it")
        let again = try self.supplier("Optique Vidal bis", iban: Self.account)
        #expect(
            try test.read { try $0.suppliers(sharingAccountOf: again).map(\.id) } == [supplier.id])
    }

    private static let account = "FR7630006000011234567890189"

    @Test func accountsOfSuppliersAreSealedAndTwoThatShareOneAreTold() throws {
        let one = try supplier("Optique Vidal", iban: Self.account)
        #expect(one.iban == Self.account && one.notes == "Compte vérifié")
        #expect(try stored(.supplierAccount, one.id.value).hasPrefix("sealed:o:"))
        let warning = "Un autre fournisseur a le même IBAN"
        #expect(try !test.get(one.path).text.contains(warning))
        let other = try supplier("Vidal Optique", iban: Self.account)
        #expect(try test.get(other.path).text.contains(warning))
        #expect(
            try stored(.supplierAccount, other.id.value) != stored(.supplierAccount, one.id.value))
        _ = try test.application.rotateKeys(of: test.organisation)
        #expect(try test.get(one.path).text.contains(warning), "also while two keys are known")
        test.clock.advance(seconds: Application.keyGraceSeconds + 1)
        _ = try test.application.sealAnew(.organisation(test.organisationID))
        #expect(try test.application.keySummaries(of: test.organisation).count == 1)
        let third = try supplier("Vidal & fils", iban: Self.account)
        #expect(
            try test.read { try $0.suppliers(sharingAccountOf: third).map(\.name) }
                == ["Optique Vidal", "Vidal Optique"])
        #expect(try test.read { try $0.supplier(one.id).iban } == Self.account)
    }

    @Test func aRotationReplacesTheKeysOfPeopleAndFinishesWhatWasBrokenOff() throws {
        let people = try (1...3).map { try client("Personne \($0)", notes: "note \($0)") }
        let before = try people.map { try stored(.clientNotes, $0.id.value) }
        test.clock.advance(seconds: 60)
        _ = try test.application.rotateKeys(of: test.organisation)
        #expect(try people.map { try stored(.clientNotes, $0.id.value) } == before)
        #expect(try people.map { try notes($0.id) } == ["note 1", "note 2", "note 3"])
        // Broken off after the first.
        test.clock.advance(seconds: 1)
        let first = people.map(\.id.value).min { $0.description < $1.description }
        #expect(
            try test.write {
                try $0.rotateKey(of: try #require(first), test.application.sealedTexts)
            })
        let keys = try test.application.keySummaries(of: test.organisation).count
        let rotation = try test.application.rotatePeople(of: test.organisation)
        #expect(rotation.people == 2 && rotation.unreadable == 0)
        #expect(try test.application.keySummaries(of: test.organisation).count == keys)
        for (person, old) in zip(people, before) {
            #expect(try stored(.clientNotes, person.id.value) != old)
        }
        #expect(try people.map { try notes($0.id) } == ["note 1", "note 2", "note 3"])
        #expect(try test.read(findings) == [])
    }

    /// The second one waits for the key that the first one holds, and neither loses words.
    @Test func whoWritesWhileTheKeyIsReplacedLosesNothing() throws {
        let client = try client("Anouk Delmas", notes: "avant")
        let columns = test.application.sealedTexts
        var draft = client.formValues
        for round in 0..<5 {
            draft["notes"] = "pendant \(round)"
            draft["version"] = String(try test.read { try $0.client(client.id) }.version)
            let form = draft
            DispatchQueue.concurrentPerform(iterations: 2) { thread in
                if thread == 0 {
                    let answer = try? test.respond(
                        .post, client.path, form: form.map { ($0.key, $0.value) })
                    #expect(answer?.status == 303)
                } else {
                    let isDone = try? test.write {
                        try $0.rotateKey(of: client.id.value, columns)
                    }
                    #expect(isDone == true)
                }
            }
            #expect(try notes(client.id) == "pendant \(round)")
        }
    }

    @Test func whoHasNoKeysCannotStoreInClear() throws {
        var scope = try test.scope()
        scope.vault = nil
        #expect(throws: VaultError.self) {
            try test.pool.transaction(scope, at: test.clock.now) {
                try $0.sealed("clair", in: .clientNotes, of: UniqueID.make(at: test.clock.now))
            }
        }
    }

    @Test func importedNotesAreSealedAndTheSameOnesChangeNothing() throws {
        let upload = try ImportUpload()
        func file(_ notes: String) -> String {
            "Code client;Nom;Ville;Notes\nK1;Anouk Delmas;Lyon;\(notes)\nK2;Autre;Lyon;\n"
        }
        func bring(_ notes: String) throws -> Import {
            try upload.start(upload.checked("clients", file(notes), existing: .update))
        }
        func stored() throws -> String? {
            try upload.test.read {
                try $0.value(
                    """
                    SELECT notes FROM clients
                    WHERE organisation_id = \($0.organisation) AND external_reference = 'K1'
                    """)
            }
        }
        func clients() throws -> String { try upload.clients().joined(separator: " ") }
        #expect(try bring("Aime le thé").counts.new == 2)
        let first = try #require(try stored())
        #expect(first.hasPrefix("sealed:p:"))
        let same = try upload.checked("clients", file("Aime le thé"), existing: .update)
        #expect(same.counts.known == 2, "the same notes are no change")
        #expect(try stored() == first)
        let changed = try bring("Aime le café")
        #expect(changed.counts.changed == 1 && changed.counts.known == 1)
        #expect(try stored() != first)
        // What the import keeps to be undone follows its key.
        let organisation = try upload.test.organisation
        upload.test.clock.advance(seconds: 60)
        #expect(try upload.test.application.rotatePeople(of: organisation).people == 1)
        let page = try upload.test.get("/imports/\(changed.id)").text
        #expect(!page.contains("sealed:"))
        _ = try upload.undo(changed)
        let found = try upload.test.read { transaction -> Client in
            try transaction.one(
                """
                SELECT \(Client.columns) FROM clients
                WHERE organisation_id = \(transaction.organisation) AND external_reference = 'K1'
                """)
        }
        #expect(found.notes == "Aime le thé")
    }
}
