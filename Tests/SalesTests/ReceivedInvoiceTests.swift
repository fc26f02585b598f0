import Basics
import Core
import EInvoice
import TestSupport
import Testing

@testable import Sales

/// Invoices of others: kept as they came, shown as they state it, approved or refused.
struct ReceivedInvoiceTests {
    @Test func aFileIsKeptByteByByteAndShown() throws {
        let samples = try InvoiceSamples()
        let answer = try samples.send(samples.pdf, named: "facture.pdf")
        #expect(answer.status == 303)
        let path = try #require(answer.location)
        #expect(try samples.test.get(path + "/file").bytes == samples.pdf)
        #expect(try samples.test.get(path + "/xml").bytes == Array(samples.xml.utf8))
        let page = try samples.test.get(path)
        #expect(page.status == 200)
        for word in [
            "Alta Vista Drones", "732829320", "1\u{202F}080,00", "Factur-X".lowercased(),
            hexadecimal(Digest.sha256(samples.pdf)),
        ] { #expect(page.text.contains(word), "\(word)") }
    }

    @Test func theSameFileTwiceIsOneInvoice() throws {
        let samples = try InvoiceSamples()
        let first = try samples.send(samples.pdf, named: "facture.pdf")
        let again = try samples.send(samples.pdf, named: "copie.pdf")
        #expect(first.location == again.location)
        #expect(try samples.count() == 1)
    }

    @Test func amountsStayAsStatedAndDifferencesAreReported() throws {
        let samples = try InvoiceSamples()
        let wrong = samples.changed(
            "<ram:DuePayableAmount>1080.00", "<ram:DuePayableAmount>1080.07")
        let invoice = try samples.received(wrong)
        #expect(invoice.dueAmount == Amount(108_007))
        #expect(invoice.differenceCount == 1)
        let page = try samples.test.get(invoice.path)
        #expect(page.text.contains("1\u{202F}080,07"))
        #expect(page.text.contains("BR-CO-16"))
        let read = try samples.test.program().get("/received-invoices/\(invoice.id)")
        let difference = read.json?["differences"]?.array?.first
        #expect(difference?["term"] == "BT-115")
        #expect(difference?["stated"] == "1080.07")
        #expect(difference?["computed"] == "1080.00")
    }

    @Test(arguments: [
        ("380", "Facture"), ("381", "Avoir"), ("384", "Facture rectificative"),
        ("386", "Facture d’acompte"), ("389", "Autofacture"),
    ])
    func everyKindHasItsName(code: String, name: String) throws {
        let samples = try InvoiceSamples()
        let invoice = try samples.received(
            samples.changed("<ram:TypeCode>380", "<ram:TypeCode>\(code)"))
        #expect(invoice.typeCode == code)
        #expect(try samples.test.get(invoice.path).text.contains("<h1>\(name) "))
    }

    @Test func itsSellerBecomesASupplierInOneClickAndIsProposedAfterwards() throws {
        let samples = try InvoiceSamples()
        let first = try samples.received(samples.pdf)
        #expect(first.supplierID == nil)
        let linked = try samples.test.post(first.path + "/supplier")
        #expect(linked.status == 303)
        let supplier = try samples.test.read { transaction in
            try transaction.supplier(siren: "732829320", vatNumber: "")
        }
        #expect(supplier?.name == "Alta Vista Drones")
        #expect(supplier?.address.city == "Lyon")
        // The account to pay is for a person to enter.
        #expect(supplier?.iban == "")
        let second = try samples.received(Array(samples.xml.utf8))
        #expect(second.supplierID == supplier?.id)
    }

    @Test func anotherAccountThanTheKnownOneIsPointedOut() throws {
        let samples = try InvoiceSamples()
        let invoice = try samples.received(samples.pdf)
        try samples.test.write { transaction in
            let linked = try transaction.createSupplier(from: invoice.id)
            let supplier = try transaction.supplier(#require(linked.supplierID))
            var draft = SupplierDraft(name: supplier.name)
            draft.siren = supplier.siren
            draft.iban = "FR1420041010050500013M02606"
            _ = try transaction.updateSupplier(supplier.id, draft, version: nil)
        }
        let page = try samples.test.get(invoice.path)
        #expect(page.text.contains("L’IBAN n’est pas celui que vous connaissez"))
        let supplier = try samples.test.get(
            samples.test.read { try $0.receivedInvoice(invoice.id).supplierID }
                .map { "/suppliers/\($0)" } ?? "")
        #expect(!supplier.text.contains("FR1420041010050500013M02606"))
        #expect(supplier.text.contains("FR14 •••• •••• 2606"))
    }

    @Test func aRefusalNeedsAMotiveOfTheReform() throws {
        let samples = try InvoiceSamples()
        let invoice = try samples.received(samples.pdf)
        let path = invoice.path + "/status"
        let without = try samples.test.post(path, ["status": "210", "reason": "Non."])
        #expect(without.status == 422)
        #expect(without.text.contains("Non."))
        let refused = try samples.test.post(
            path, ["status": "210", "reason_code": "DOUBLON", "reason": "Déjà payée."])
        #expect(refused.status == 303)
        let page = try samples.test.get(invoice.path)
        #expect(page.text.contains("Facture déjà reçue : Déjà payée."))
        // Nothing follows a refusal.
        #expect(try samples.test.post(path, ["status": "205"]).status == 409)
    }

    @Test func anApprovedInvoiceCanBePaidButNotSuspended() throws {
        let samples = try InvoiceSamples()
        let invoice = try samples.received(samples.pdf)
        let path = invoice.path + "/status"
        #expect(try samples.test.post(path, ["status": "205"]).status == 303)
        #expect(
            try samples.test.post(path, ["status": "208", "reason_code": "JUSTIF_ABS"]).status
                == 409)
        #expect(try samples.test.post(path, ["status": "211"]).status == 303)
        let read = try samples.test.program().get("/received-invoices/\(invoice.id)")
        #expect(read.json?["status"] == 211)
        #expect(
            read.json?["life_cycle"]?.array?.map { $0["status"]?.int } == [211, 205, 202])
    }

    @Test func programsHandOverFilesToo() throws {
        let samples = try InvoiceSamples()
        let program = try samples.test.program()
        let made = try program.post(
            "/received-invoices",
            ["file_name": "facture.xml", "content": .string(Base64.text(Array(samples.xml.utf8)))])
        #expect(made.status == 201)
        #expect(made.json?["seller_siren"] == "732829320")
        let refused = try program.post(
            "/received-invoices",
            ["file_name": "x.pdf", "content": .string(Base64.text(Array("bonjour".utf8)))])
        #expect(refused.status == 422)
        #expect(try samples.count() == 1)
    }

    @Test func aMailBringsTheInvoicesThatItHolds() throws {
        let samples = try InvoiceSamples()
        let mail = """
            From: compta@fournisseur.example\r
            To: factures@altavista.example\r
            Subject: =?utf-8?q?Votre_facture_de_d=C3=A9cembre?=\r
            MIME-Version: 1.0\r
            Content-Type: multipart/mixed; boundary=bord\r
            \r
            --bord\r
            Content-Type: text/plain\r
            \r
            Bonjour\r
            --bord\r
            Content-Type: application/pdf; name="f.pdf"\r
            Content-Transfer-Encoding: base64\r
            Content-Disposition: attachment; filename="f.pdf"\r
            \r
            \(Base64.text(samples.pdf))\r
            --bord--\r

            """
        let answer = try samples.send(Array(mail.utf8), named: "message.eml")
        #expect(answer.status == 303)
        let path = try #require(answer.location)
        #expect(try samples.test.get(path + "/file").bytes == samples.pdf)
        #expect(try samples.test.get(path).text.contains("Courriel"))
        let empty = try samples.send(
            Array("From: a@b.example\r\nSubject: Rien\r\n\r\nBonjour\r\n".utf8), named: "vide.eml")
        #expect(empty.status == 422)
        #expect(empty.text.contains("Ce courriel ne contient aucun fichier PDF ou XML."))
    }
}
