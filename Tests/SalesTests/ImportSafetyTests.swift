import Basics
import TestSupport
import Testing

@testable import Core
@testable import Sales

@Suite struct ImportSafetyTests {
    @Test(arguments: [
        ("", "vide"), ("PK\u{3}\u{4}abc", "classeur"), ("%PDF-1.7", "PDF"),
        ("\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}a;b", "pas du texte"),
        ("BEGIN:VCARD\nFN:A\nEND:VCARD\n", "Contacts"), (";;;\n1;2;3;4\n", "nommer les colonnes"),
    ])
    func whatIsNoTableIsRefusedWithAClearWord(text: String, word: String) throws {
        let upload = try ImportUpload()
        let answer = try upload.send("clients", Array(text.utf8))
        #expect(answer.status == 422)
        #expect(answer.text.contains(word))
        #expect(answer.text.contains("f-file-e"))
    }

    @Test func otherFormsAreRefusedToo() throws {
        let upload = try ImportUpload()
        #expect(try upload.send("clients", [0xFF, 0xFE, 0x41, 0]).text.contains("UTF-16"))
        #expect(try upload.send("contacts", Array("Nom;Ville\nA;B\n".utf8)).status == 422)
        #expect(try upload.send("sales", Array("a;b\n".utf8)).status == 422)
        #expect(try upload.test.post("/imports", ["kind": "clients"]).status == 422)
        let large = [UInt8](repeating: 0x61, count: UploadedImport.maximumBytes + 1)
        #expect(try upload.send("clients", large).status == 413)
    }

    @Test func aQuoteThatIsNeverClosedAndALineWithoutEndAreSaid() throws {
        let upload = try ImportUpload()
        let open = try upload.checked("clients", "Nom;Ville\nA;\"Lyon\nB;Lille\n")
        #expect(open.state == .failed)
        #expect(try upload.test.get(open.path).text.contains("jamais fermé"))
        let long = try upload.checked(
            "clients", "Nom;Ville\nA;" + String(repeating: "x", count: 1_200_000) + "\n")
        #expect(long.state == .failed)
        #expect(try upload.clients() == [])
        #expect(try upload.test.post(long.path + "/delete").status == 303)
        #expect(try upload.test.get(long.path).status == 404)
    }

    @Test func badLinesAreRefusedAndTheOthersComeIn() throws {
        let upload = try ImportUpload()
        let long = String(repeating: "x", count: 900_000)
        let text =
            "Nom;Ville\nA;Lyon\nB\u{0};Lille\nC;Nantes;trop\nD\nE;Brest;;\n\(long);Paris\n;Dijon\nF;Nice"
        let done = try upload.imported("clients", text)
        #expect(done.counts.new == 3)
        #expect(done.counts.refused == 5)
        #expect(try upload.clients().count == 3)
    }

    @Test func refusedLinesRunNoFormulas() throws {
        let upload = try ImportUpload()
        let text =
            "Nom;E-mail;Téléphone\n=HYPERLINK(\"https://x.example\");faux;+33 1 99 00 12 34\n'=1+1;non;\n"
        let done = try upload.checked("clients", text)
        #expect(done.counts.refused == 2)
        let file = try upload.test.get(done.path + "/refusals").text
        let lines = file.split(separator: "\r\n").dropFirst()
        #expect(lines.count == 2)
        for line in lines { #expect(line.hasPrefix("'=") || line.hasPrefix("\"'=")) }
        let mended = file.replacing("faux", with: "a@b.example").replacing(
            "non", with: "c@d.example")
        #expect(try upload.imported("clients", mended).counts.new == 2)
        let names = try upload.clients().joined()
        #expect(names.contains("+33199001234"))
        #expect(names.contains("|=HYPERLINK"), "the apostrophe is ours, not theirs")
    }

    @Test func hostileWordsAreShownAsText() throws {
        let upload = try ImportUpload()
        let tag = "<script>alert(1)</script>"
        let sent = try upload.send(
            "clients", Array("Nom;\(tag)\n\(tag);\(tag)\n".utf8), name: "<b>.csv")
        let mapping = try upload.test.get(try #require(sent.location))
        #expect(!mapping.text.contains(tag))
        let done = try upload.checked("clients", "Nom;E-mail\n\(tag);\(tag)\n\(tag);\n")
        #expect(!(try upload.test.get(done.path).text.contains(tag)))
    }

    @Test func accountantsReadAndOthersDoNotSee() throws {
        let upload = try ImportUpload()
        let done = try upload.imported("clients", "Nom;Ville\nA;Lyon\n")
        #expect(try upload.test.get(done.path, as: .accountant).status == 200)
        #expect(try upload.test.get("/imports/new", as: .accountant).status == 403)
        #expect(try upload.test.post(done.path + "/undo", as: .accountant).status == 403)
        #expect(try upload.send("clients", Array("Nom\nB\n".utf8), as: .agent).status == 303)
        let other = try ImportUpload()
        for path in ["", "/mapping", "/refusals", "/undo"] {
            #expect(try other.test.get(done.path + path).status == 404)
        }
        for path in ["/mapping", "/start", "/undo", "/delete"] {
            #expect(try other.test.post(done.path + path).status == 404)
        }
    }

    @Test func undoingRemovesWhatNobodyUsed() throws {
        let upload = try ImportUpload()
        let text = "Code client;Nom;Contact\nA;Aubrac;Jeanne\nB;Bertin;\nC;Charpente;\nD;Durand;\n"
        let done = try upload.imported("clients", text)
        let ids = try upload.test.read { transaction in
            try transaction.values(
                """
                SELECT id FROM clients WHERE organisation_id = \(transaction.organisation)
                ORDER BY external_reference
                """) as [Client.ID]
        }
        let test = upload.test
        _ = try test.order(for: test.read { try $0.client(ids[1]) }, [test.item()])
        try test.write { transaction in
            var draft = ClientDraft(
                name: "Charpente neuve", kind: .company, address: PostalAddress(country: "FR"),
                language: .french)
            draft.notes = "À garder"
            _ = try transaction.updateClient(ids[2], draft, version: nil)
        }
        let page = try test.get(done.path + "/undo")
        #expect(page.status == 200)
        let undone = try upload.undo(done)
        #expect(undone.state == .undone)
        #expect(undone.removedRecords == 3, "two clients and a contact")
        #expect(undone.keptRecords == 2)
        let kept = try upload.clients().map { $0.split(separator: "|")[4] }
        #expect(kept == ["Bertin", "Charpente neuve"])
        let shown = try test.get(done.path).text
        #expect(shown.contains("une commande est à son nom"))
        #expect(shown.contains("modifié depuis l’import"))
        #expect(try test.post(done.path + "/undo").status == 409)
        #expect(try !test.get("/search/suggest?q=Aubrac").text.contains("Aubrac"))
        let journal = try test.get("/journal").text
        #expect(journal.contains("a importé le fichier"))
        #expect(journal.contains("a annulé l’import"))
        for check in test.application.checks {
            guard case .organisation(let run) = check.subject else { continue }
            #expect(try test.read(run).isEmpty, "\(check.name)")
        }
    }

    /// A runner that dies leaves its lease behind; another takes the job when that has ended.
    @Test func aJobThatIsRunAgainBringsEachLineInOnce() throws {
        let upload = try ImportUpload()
        let lines = (1...300).map { "K\($0);Client \($0)" }.joined(separator: "\n")
        let ready = try upload.checked("clients", "Code client;Nom\n" + lines + "\n")
        #expect(try upload.test.post(ready.path + "/start").status == 303)
        let test = upload.test
        let queue = JobQueue(
            pool: test.application.pool, kinds: [Imports.running.name],
            organisation: test.organisationID)
        let lost = try #require(try queue.take(at: test.clock.now))
        #expect(try queue.take(at: test.clock.now) == nil, "it is held")
        test.clock.advance(seconds: JobQueue.leaseSeconds + 1)
        try upload.runJobs()
        #expect(try upload.record(ready.path).state == .finished)
        #expect(try upload.clients().count == 300)
        // The first runner comes back to life.
        try Imports.running.handler(lost, test.application)
        #expect(try upload.clients().count == 300)
        #expect(try upload.record(ready.path).counts.new == 300)
    }
}
