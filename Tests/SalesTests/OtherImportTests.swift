import Basics
import TestSupport
import Testing

@testable import Core
@testable import Sales

@Suite struct ItemImportTests {
    @Test func productsAndServicesOfDolibarrBecomeItems() throws {
        let upload = try ImportUpload()
        let text = """
            Id,Réf.,Libellé,Type,En vente,Description,Prix unitaire HT,Taux TVA,Stock,
            1,PRD-1,Hélice,0,1,Carbone\\nNoire,"1 234,50",20.000,12,
            2,SRV-1,Montage,1,0,,45.00000000,5.500,,
            3,SRV-2,Sans prix,1,1,,gratuit,20,,

            """
        let done = try upload.imported("items", text)
        #expect(done.mapping == "dolibarr-items")
        #expect(done.counts.new == 2)
        #expect(done.counts.refused == 1)
        #expect(
            try upload.items() == [
                "PRD-1|product|Hélice|Carbone\nNoire|unit|1234500000|S|2000|t|120000|t",
                "SRV-1|service|Montage||unit|45000000|S|550|f|0|f",
            ])
    }

    @Test func productsOfInvoiceNinjaBecomeItems() throws {
        let upload = try ImportUpload()
        let text = """
            Product,Notes,Cost,Price,Quantity,Tax Name 1,Tax Rate 1
            DRONE,"Prise de vue
            avec pilote",0,450,1,TVA,20
            DRONE-2,Autre vue,0,99.9,1,,0

            """
        let done = try upload.imported("items", text)
        #expect(done.mapping == "invoice-ninja-items")
        #expect(
            try upload.items() == [
                "DRONE|service|Prise de vue|Prise de vue\navec pilote|unit|450000000|S|2000|f|0|t",
                "DRONE-2|service|Autre vue||unit|99900000|E|0|f|0|t",
            ])
    }

    @Test func itemsAreKnownByReferenceOrLabelAndUpdatedOnlyWhenAsked() throws {
        let upload = try ImportUpload()
        let first = "Référence;Désignation;Prix HT;TVA;Unité\nA;Vis;1,50;20 %;pièce\n;Clou;2;0,2;\n"
        #expect(try upload.imported("items", first).counts.new == 2)
        #expect(try upload.items()[1].hasPrefix("ART-0001|service|Clou||unit|2000000|S|2000"))
        #expect(try upload.checked("items", first).counts.known == 2)
        let dearer = first.replacing("1,50", with: "1,75")
        #expect(try upload.checked("items", dearer).counts.written == 0)
        let done = try upload.imported("items", dearer, existing: .update)
        #expect(done.counts.changed == 1)
        #expect(try upload.items()[0].contains("1750000"))
        _ = try upload.undo(done)
        #expect(try upload.items()[0].contains("1500000"))
    }

    @Test func oneReferenceWithTwoPricesIsRefused() throws {
        let upload = try ImportUpload()
        let done = try upload.checked("items", "Réf;Désignation;Prix\nA;Vis;1\nA;Vis;2\nA;Vis;1\n")
        #expect(done.counts.new == 1)
        #expect(done.counts.refused == 1)
        #expect(done.counts.known == 1)
    }
}

@Suite struct InvoiceImportTests {
    private func upload() throws -> ImportUpload {
        let upload = try ImportUpload()
        _ = try upload.imported(
            "clients",
            "Code client;Nom;SIREN;E-mail\nCU1;Aubrac;552100554;a@aubrac.example\nCU2;Nord;;n@nord.example\n"
        )
        return upload
    }

    private static let dolibarr = """
        Id société,Raison sociale,Code client,Réf. facture,Type,Date facturation,Date échéance,Total HT,Total TTC,Total TVA,Créance,Facture payée,Statut facture,Id ligne,
        1,Aubrac,CU1,FA2401-0001,0,2024-01-15,2024-02-14,1000.00000000,1200.00000000,200,200.00,0,1,11,
        1,Aubrac,CU1,FA2401-0001,0,2024-01-15,2024-02-14,1000.00000000,1200.00000000,200,200.00,0,1,12,
        2,Nord,CU2,FA2401-0002,0,2024-01-16,2024-02-15,100,120.00,20,0.00,1,2,13,
        2,Nord,CU2,FA2401-0003,0,2024-01-17,,100,120.00,20,120.00,0,1,14,
        2,Nord,CU2,AV2401-0001,2,2024-01-18,2024-01-18,-10,-12.00,-2,-12.00,0,1,15,
        9,Inconnu,CU9,FA2401-0004,0,2024-01-19,2024-02-18,10,12.00,2,12.00,0,1,16,
        2,Nord,CU2,(PROV5),0,2024-01-20,2024-02-18,10,12.00,2,12.00,0,0,17,

        """

    @Test func openInvoicesOfDolibarrBecomeOpeningBalances() throws {
        let upload = try upload()
        let done = try upload.imported("invoices", Self.dolibarr)
        #expect(done.mapping == "dolibarr-invoices")
        #expect(done.counts.new == 2)
        #expect(done.counts.skipped == 1, "the paid one")
        #expect(done.counts.known == 1, "the second line of the same invoice")
        #expect(done.counts.refused == 3, "a credit note, an unknown client, a draft")
        #expect(
            try upload.invoices() == [
                "FA2401-0001|Aubrac|opening_balance|2024-01-15|2024-02-14|20000|20000|Total d’origine : 1200 EUR",
                "FA2401-0003|Nord|opening_balance|2024-01-17|2024-02-16|12000|12000|",
            ])
        let again = try upload.checked("invoices", Self.dolibarr)
        #expect(again.counts.new == 0)
        #expect(again.counts.known == 3)
    }

    @Test func invoicesOfInvoiceNinjaComeByTheirBalance() throws {
        let upload = try upload()
        let text = """
            Client Name,Client Currency,Invoice Invoice Number,Invoice Amount,Invoice Balance,Invoice Date,Invoice Due Date,Invoice Status
            Nord,EUR,0007,"1,500.00",500.00,2026-10-01,2026-10-31,Partial
            Aubrac,EUR,0008,99.90,0,2026-10-01,2026-10-31,Paid
            Aubrac,USD,0009,99.90,99.90,2026-10-01,2026-10-31,Sent

            """
        let done = try upload.imported("invoices", text)
        #expect(done.mapping == "invoice-ninja-invoices")
        #expect(done.counts.new == 1)
        #expect(done.counts.skipped == 1)
        #expect(done.counts.refused == 1)
        #expect(
            try upload.invoices()[0].hasPrefix(
                "0007|Nord|opening_balance|2026-10-01|2026-10-31|50000"))
    }

    @Test func paymentsOfOneInvoiceAreAddedUp() throws {
        let upload = try upload()
        let text = """
            Raison sociale,Réf. facture,Date facturation,Date échéance,Total TTC,Montant règlement
            Aubrac,F1,2026-01-15,2026-02-14,120.00,50.00
            Aubrac,F1,2026-01-15,2026-02-14,120.00,20.00
            Nord,F2,2026-01-15,2026-02-14,120.00,120.00
            Nord,F3,2026-01-15,2026-02-14,120.00,

            """
        let done = try upload.imported("invoices", text)
        #expect(done.counts.new == 2)
        #expect(
            try upload.invoices().map { $0.split(separator: "|")[6] } == ["5000", "12000"])
    }

    @Test func whatWasTakenOverCanBePaidAndStandsInReceivables() throws {
        let upload = try upload()
        let done = try upload.imported("invoices", Self.dolibarr)
        #expect(try upload.test.get("/receivables").text.contains("Aubrac"))
        let id = try #require(
            try upload.test.read { transaction in
                try transaction.value(
                    """
                    SELECT id FROM invoices WHERE organisation_id = \(transaction.organisation)
                        AND number = 'FA2401-0001'
                    """) as Invoice.ID?
            })
        let client = try upload.test.read { try $0.invoice(id).clientID }
        try upload.test.write { transaction in
            _ = try transaction.recordPayment(
                PaymentDraft(
                    client: client, method: .transfer, day: transaction.today,
                    amount: Amount(200_00),
                    settlements: [PlannedAllocation(id, Amount(200_00))]))
        }
        let undone = try upload.undo(done)
        #expect(undone.removedRecords == 1)
        #expect(undone.keptRecords == 1)
        #expect(try upload.invoices().count == 1)
        #expect(try upload.test.get(done.path).text.contains("un paiement y est affecté"))
    }

    @Test func aNumberWithAnotherAmountIsRefused() throws {
        let upload = try upload()
        let text =
            "Numéro;Client;Date;Échéance;Total TTC\nF1;Aubrac;15/01/2026;14/02/2026;1 234,56 €\n"
        #expect(try upload.imported("invoices", text).counts.new == 1)
        let other = try upload.checked("invoices", text.replacing("1 234,56", with: "2,00"))
        #expect(other.counts.refused == 1)
    }
}

@Suite struct ContactImportTests {
    private static let book = """
        BEGIN:VCARD
        VERSION:3.0
        FN:Jeanne Roux
        ORG:Aubrac
        TITLE:Gérante
        TEL;TYPE=WORK:01 99 00 12 34
        EMAIL:jeanne@aubrac.example
        END:VCARD
        BEGIN:VCARD
        VERSION:3.0
        FN:Ali Nordin
        ORG:Studio Nord
        ADR:;;5 quai Sud;Lille;;59000;France
        NOTE:Rencontré au salon
        END:VCARD
        BEGIN:VCARD
        VERSION:3.0
        FN:Zoé Petit
        ORG:Studio Nord
        END:VCARD
        BEGIN:VCARD
        VERSION:3.0
        FN:Paul Seul
        EMAIL:paul@seul.example
        END:VCARD
        BEGIN:VCARD
        VERSION:3.0
        FN:Mauvais
        ORG:Aubrac
        TEL:numéro inconnu
        END:VCARD
        BEGIN:VCARD
        FN:Coupée

        """

    @Test func eachCardBecomesAContactOfItsCompany() throws {
        let upload = try ImportUpload()
        try upload.test.client("Aubrac")
        let done = try upload.imported("contacts", Array(Self.book.utf8), name: "carnet.vcf")
        #expect(done.counts.total == 6)
        #expect(done.counts.new == 4)
        #expect(done.counts.refused == 2)
        #expect(
            try upload.contacts() == [
                "Aubrac|Jeanne Roux|Gérante|jeanne@aubrac.example|+33199001234",
                "Paul Seul|Paul Seul||paul@seul.example|",
                "Studio Nord|Ali Nordin|||", "Studio Nord|Zoé Petit|||",
            ])
        let clients = try upload.clients()
        #expect(clients.count == 3)
        #expect(clients.contains { $0.contains("Studio Nord") && $0.contains("Lille") })
        #expect(clients.contains { $0.contains("person") && $0.contains("Paul Seul") })
        let refused = try upload.test.get(done.path + "/refusals")
        #expect(refused.response.headers["Content-Type"] == "text/vcard; charset=utf-8")
        #expect(refused.text.contains("FN:Mauvais"))
        #expect(refused.text.contains("FN:Coupée"))
        let again = try upload.checked(
            "contacts", Array(Self.book.utf8), name: "carnet.vcf")
        #expect(again.counts.written == 0)
        #expect(again.counts.known == 4)
        let undone = try upload.undo(done)
        #expect(undone.removedRecords == 6)
        #expect(try upload.clients().count == 1)
        #expect(try upload.contacts() == [])
    }
}
