import Basics
import TestSupport
import Testing

@testable import Core
@testable import Sales

@Suite struct ClientImportTests {
    /// As Dolibarr writes it: ISO 8859-1, a separator behind every line, line breaks as `\n`.
    private static let dolibarr = [
        "Id,Nom,État,Client,Fournisseur,Code client,Adresse,Code postal,Ville,Pays,Code pays,Téléphone,URL,"
            + "Email,Id. prof. 1,Id. prof. 2,Num. TVA,Note publique,Type du tiers,Conditions de règlement,",
        "1,Menuiserie Aubrac,1,1,0,CU2401-00001,14 rue des Artisans,69100,Villeurbanne,France,FR,"
            + "01 99 00 12 34,,compta@aubrac.example,552100554,55210055400013,FR96552100554,"
            + "Fidèle\\nPaie bien,PME/PMI,30 jours fin de mois,",
        "2,\"Lefèvre, Renée\",1,2,0,CU2401-00002,,75001,Paris,France,FR,,,,,,,,Particulier,À réception,",
        "3,Fournitures Bertin,1,0,1,,,13001,Marseille,France,FR,,,,,,,,,,",
        "4,Atelier Faux,1,1,0,CU2401-00003,,,,,,12,,pas-une-adresse,552100555,,,,,,",
    ]

    private static func latin1(_ lines: [String]) -> [UInt8] {
        (lines.joined(separator: "\n") + "\n").unicodeScalars.map { UInt8($0.value) }
    }

    @Test func thirdPartiesOfDolibarrBecomeClients() throws {
        let upload = try ImportUpload()
        let ready = try upload.checked("clients", Self.latin1(Self.dolibarr))
        #expect(ready.state == .ready)
        #expect(ready.mapping == "dolibarr-clients")
        #expect(ready.form.encoding == .windows1252)
        #expect(ready.counts.total == 4)
        #expect(ready.counts.new == 2)
        #expect(ready.counts.skipped == 1, "a supplier is no client")
        #expect(ready.counts.refused == 1)
        #expect(try upload.clients() == [], "nothing is written before somebody agrees")
        let done = try upload.start(ready)
        #expect(done.state == .finished)
        #expect(
            try upload.clients()
                == [
                    "C-00001|CU2401-00001|company|client|Menuiserie Aubrac|compta@aubrac.example|+33199001234|552100554|"
                        + "55210055400013|FR96552100554|14 rue des Artisans|69100|Villeurbanne|FR|Fidèle\nPaie bien|30",
                    "C-00002|CU2401-00002|person|prospect|Lefèvre, Renée||||||75001|Paris|FR||0",
                ].map { $0.replacing("Renée||||||75001", with: "Renée|||||||75001") })
    }

    @Test func everyFaultOfALineStandsWithItsColumnAndValue() throws {
        let upload = try ImportUpload()
        let ready = try upload.checked("clients", Self.latin1(Self.dolibarr))
        let page = try upload.test.get(ready.path)
        #expect(page.text.contains("Lignes refusées"))
        let refused = try upload.test.read { try $0.importRefusals(of: ready.id, most: 10) }
        #expect(refused.map(\.line) == [5])
        #expect(
            Set(refused[0].problems.map { "\($0.column)|\($0.value)" }) == [
                "Téléphone|12", "Email|pas-une-adresse", "Id. prof. 1|552100555",
            ])
    }

    @Test func refusedLinesAreMendedAndImportedAgain() throws {
        let upload = try ImportUpload()
        _ = try upload.start(upload.checked("clients", Self.latin1(Self.dolibarr)))
        let first = try upload.record(
            try #require(
                try upload.test.get("/imports").text.firstMatch(of: /\/imports\/[0-9a-f-]{36}/)
            ).output.description)
        var file = try upload.test.get(first.path + "/refusals").text
        #expect(file.contains("Motif du refus"))
        file = file.replacing("pas-une-adresse", with: "atelier@faux.example")
            .replacing(",12,", with: ",01 99 00 12 35,").replacing("552100555", with: "")
        let again = try upload.imported("clients", file)
        #expect(again.counts.new == 1)
        #expect(again.counts.refused == 0)
        #expect(try upload.clients().count == 3)
    }

    @Test func theSameFileTwiceCreatesNothingTwice() throws {
        let upload = try ImportUpload()
        _ = try upload.imported("clients", Self.latin1(Self.dolibarr))
        let before = try upload.clients()
        let again = try upload.checked("clients", Self.latin1(Self.dolibarr))
        #expect(again.counts.new == 0)
        #expect(again.counts.known == 2)
        #expect(try upload.test.post(again.path + "/start").status == 409)
        #expect(try upload.clients() == before)
    }

    @Test func clientsOfInvoiceNinjaComeWithTheirContacts() throws {
        let upload = try ImportUpload()
        let text = """
            "Client Name","Client Number","Client Street","Client City","Client Postal Code","Client Country","Client Phone","Client VAT Number","Contact First Name","Contact Last Name","Contact Email"
            "Studio Nord","0001","5 quai Sud","Lille","59000","France","","","Ali","Nordin","ali@nord.example"
            "Studio Nord","0001","5 quai Sud","Lille","59000","France","","","Zoé","Petit","zoe@nord.example"
            "Bureau Vert","0002","","Lyon","69001","France","+33 1 99 00 12 34","","","","info@vert.example"

            """
        let done = try upload.imported("clients", text)
        #expect(done.mapping == "invoice-ninja-clients")
        #expect(done.counts.new == 2)
        #expect(done.counts.known == 1, "one client, two contacts")
        #expect(
            try upload.clients().map { $0.split(separator: "|").prefix(6).joined(separator: "|") }
                == [
                    "C-00001|0001|company|client|Studio Nord|ali@nord.example",
                    "C-00002|0002|company|client|Bureau Vert|info@vert.example",
                ])
        #expect(
            try upload.contacts() == [
                "Studio Nord|Ali Nordin||ali@nord.example|",
                "Studio Nord|Zoé Petit||zoe@nord.example|",
            ])
    }

    @Test func ownSpreadsheetsAreRecognisedByTheirHeadings() throws {
        let upload = try ImportUpload()
        let done = try upload.imported(
            "clients",
            "Société;CP;Ville;Tél;Courriel;Remarques\r\nNord SARL;59000;Lille;03 99 00 00 01;a@nord.example;\"Deux\nlignes\"\r\n"
        )
        #expect(done.mapping == "")
        #expect(done.counts.new == 1)
        #expect(try upload.clients()[0].contains("Nord SARL|a@nord.example|+33399000001"))
    }

    @Test func aMappingMadeByHandIsKeptAndUsedAgain() throws {
        let upload = try ImportUpload()
        let text = Array("Bidule;Machin;Truc\nNord;a@nord.example;59000\n".utf8)
        let columns = [
            "column_0": "name", "column_1": "email", "column_2": "postal_code",
            "keep_as": "Mon logiciel",
        ]
        let first = try upload.start(upload.checked("clients", text, columns: columns))
        #expect(first.counts.new == 1)
        let second = try upload.checked(
            "clients", Array("Bidule;Machin;Truc\nSud;b@sud.example;13000\n".utf8))
        #expect(second.mapping == "Mon logiciel")
        #expect(second.fields == ["name", "email", "postal_code"])
        #expect(second.counts.new == 1)
    }

    @Test func aFieldHasOneColumnAndANameIsNeeded() throws {
        let upload = try ImportUpload()
        let sent = try upload.send("clients", Array("a;b\n1;2\n".utf8))
        let path = try #require(sent.location)
        let twice = try upload.test.post(path, ["column_0": "name", "column_1": "name"])
        #expect(twice.status == 422)
        #expect(twice.text.contains("f-column_1-e"))
        #expect(try upload.test.post(path, ["column_0": "email"]).status == 422)
        #expect(try upload.test.post(path, ["column_0": "nothing"]).status == 422)
    }

    @Test func clientsAreRecognisedByCodeThenNumberThenMailThenName() throws {
        let upload = try ImportUpload()
        try upload.test.client("Aubrac") {
            $0.siren = "552100554"; $0.email = ""
        }
        try upload.test.client("Nord") {
            $0.siren = ""; $0.email = "a@nord.example"
        }
        try upload.test.client("Sud") {
            $0.siren = ""; $0.email = ""
        }
        let text = """
            Code client;Nom;SIREN;E-mail;Code postal
            A1;Aubrac Menuiserie;552 100 554;;
            A2;Nord;;A@Nord.example;
            ;sud;;;69100
            A4;Nord (filiale);;a@nord.example;
            ;Est;;;
            ;Est;;;

            """
        let done = try upload.imported("clients", text)
        #expect(done.counts.changed == 2, "their codes are noted")
        #expect(done.counts.known == 2, "Sud, and Est the second time")
        #expect(done.counts.new == 2, "another code is another client")
        let again = try upload.checked("clients", text)
        #expect(again.counts.written == 0)
    }

    @Test func existingClientsAreBroughtUpToDateOnlyWhenAsked() throws {
        let upload = try ImportUpload()
        let client = try upload.test.client("Aubrac") { $0.notes = "Ancienne note" }
        let text = "Nom;E-mail;Ville;Notes\nAubrac;compta@aubrac.example;Lyon;\n"
        #expect(try upload.checked("clients", text).counts.written == 0)
        let done = try upload.imported("clients", text, existing: .update)
        #expect(done.counts.changed == 1)
        var now = try upload.test.read { try $0.client(client.id) }
        #expect(now.address.city == "Lyon")
        #expect(now.notes == "Ancienne note", "an empty cell says nothing")
        let undone = try upload.undo(done)
        #expect(undone.restoredRecords == 1)
        now = try upload.test.read { try $0.client(client.id) }
        #expect(now.address.city == "Villeurbanne")
    }
}
