import Basics
@testable import Core
import TestSupport
import Testing

@testable import Sales

/// Deposits as people and their clients see them.
@Suite struct DepositPageTests {
    @Test func theRequestIsNoInvoiceAndCanBePaidByItsCode() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), test.mixedLines())
        let request = try test.request(.percent(Percentage(hundredths: 3000)), on: order)
        let pdf = try ReadPDF(test.get("\(request.path)/pdf").bytes)
        let amount = Language.french.money(request.amount, .euro)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for words in [
            "Demande d’acompte", request.number, "Ce document n’est pas une facture.",
            "29 novembre 2026", "Acompte demandé, TTC " + amount, "IBAN",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        #expect(!pdf.contains("Taux de TVA"))
        let code = try #require(try pdf.paymentCode())
        #expect(code.contains("EUR" + ScaledDecimal.plain(request.amount.minorUnits, decimals: 2)))
        #expect(code.contains(request.number))
    }

    @Test func theInvoicesSayWhatWasPaidAndWhatItTakesOff() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), test.mixedLines())
        let deposit = try test.deposit(333_33, on: order)
        let pdf = try ReadPDF(test.get("\(deposit.path)/pdf").bytes)
        for words in [
            "Facture d’acompte", "Acompte reçu le", "Acompte sur la commande", "333,33",
        ] {
            #expect(pdf.contains(words), "\(words)\n\(pdf.text)")
        }
        #expect(try pdf.paymentCode() == nil)
        let final = try ReadPDF(test.get("\(test.invoiced(order).path)/pdf").bytes)
        for words in [
            "Acompte FACT-2026-001 du 21 novembre 2026", "Avant acomptes, TTC",
            "Acomptes déduits, TTC \u{2212}333,33",
        ] {
            #expect(final.contains(words), "\(words)\n\(final.text)")
        }
    }

    @Test func theClientReadsItByALink() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), test.mixedLines())
        let request = try test.request(.amount(Amount(100_00)), on: order)
        let link = SharedLink(
            to: SharedSubject(kind: .depositRequest, id: request.id.value),
            of: test.organisationID, at: test.clock.now
        ).path(test.application)
        let page = try test.get(link, as: nil)
        #expect(page.status == 200 && page.text.contains("Acompte à payer"))
        #expect(faultsOfMarkup(page.text) == [])
        #expect(try test.get(link + "/pdf", as: nil).text.hasPrefix("%PDF"))
        #expect(try test.get(request.path).text.contains("Ouvert par le client"))
        #expect(try test.post("\(request.path)/links/revoke").status == 303)
        #expect(try test.get(link, as: nil).status == 410)
    }

    @Test func itIsFoundWherePeopleLookForIt() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(for: client, test.mixedLines())
        let request = try test.request(.amount(Amount(123_45)), on: order)
        for address in [
            "/", "/search?q=\(request.number)", "/search?q=123,45", "/deposit-requests",
            "/deposit-requests?view=requested&q=aubrac&sort=-amount", client.path,
            "/orders/\(order)",
        ] {
            #expect(try test.get(address).text.contains(request.path), "\(address)")
        }
        test.clock.advance(seconds: 10 * 86_400)
        #expect(try test.get("/deposit-requests?view=late").text.contains("En retard"))
        #expect(try !test.get("/deposit-requests?view=paid").text.contains(request.path))
    }

    @Test func aFormSentTwiceAsksOnceAndSaysWhatIsWrong() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), [test.item(price: 1000)])
        let path = "/orders/\(order)/deposit-requests"
        let forms = try test.get(path + "/new").forms
        var form = try #require(forms.first { $0.action == path })
        form.set("percent", "20")
        let fields = form.fields.map { ($0.name, $0.value) }
        let first = try test.respond(.post, path, form: fields)
        #expect(first.status == 303)
        #expect(try test.respond(.post, path, form: fields).location == first.location)
        #expect(try test.read { try $0.depositRequests(of: order) }.count == 1)
        for (fields, words) in [
            (["percent": "20", "amount": "5"], "pas les deux"), (["percent": ""], "pourcentage"),
            (["percent": "90"], "Il reste"), (["percent": "dix"], "Nombre attendu"),
            (["percent": "1", "due_on": "2026-01-01"], "déjà passée"),
        ] {
            let typed = ["due_on": "2026-12-01"].merging(fields) { $1 }
            let refused = try test.respond(
                .post, path, form: typed.map { ($0.key, $0.value) })
            #expect(refused.status == 422 && refused.text.contains(words), "\(words)")
        }
        #expect(try test.read { try $0.depositRequests(of: order) }.count == 1)
    }

    @Test func whoOnlyRecordsPaymentsReceivesAndDoesNotInvoice() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), [test.item(price: 1000)])
        let request = try test.request(.amount(Amount(100_00)), on: order)
        #expect(try test.post("\(request.path)/invoice", as: .accountant).status == 403)
        #expect(try test.post("\(request.path)/cancel", as: .accountant).status == 403)
        let paid = try test.post(
            "\(request.path)/receive",
            ["amount": "100", "day": "2026-11-21", "method": "cheque"], as: .accountant)
        #expect(paid.status == 303)
        #expect(try test.read { try $0.depositRequest(request.id).status } == .paid)
    }

    @Test func aClientWithoutAnAddressIsAskedForFirst() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client { $0.address = PostalAddress(country: "FR") }
        let order = try test.order(for: client, [test.item(price: 1000)])
        let request = try test.request(.amount(Amount(100_00)), on: order)
        let refused = try test.post(
            "\(request.path)/receive",
            ["amount": "100", "day": "2026-11-21", "method": "card"])
        #expect(refused.status == 422 && refused.text.contains("Complétez l’adresse"))
        #expect(try test.account(client) == [0, 0])
        #expect(try test.read { try $0.depositRequest(request.id).paidAmount } == .zero)
    }
}
