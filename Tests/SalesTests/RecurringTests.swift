import Basics
@testable import Core
import TestSupport
import Testing

@testable import Sales

/// Invoices that come back by themselves.
@Suite struct RecurringTests {
    private func day(_ text: String) -> Day { Day(text)! }

    /// On 25 January: months pass in these tests, and sessions begin in November.
    private func application() throws -> TestApplication {
        let test = try TestApplication(
            Clients.self, Catalogue.self, Invoicing.self, RecurringInvoices.self, Sending.self)
        test.clock.advance(seconds: -300 * 86_400)
        return test
    }

    private func recurring(
        _ test: TestApplication, for client: Client? = nil, _ frequency: Frequency = .monthly,
        to end: Day? = nil, dayOfMonth: Int? = nil,
        _ delivery: RecurringInvoice.Delivery = .issue
    ) throws -> RecurringInvoice {
        let client = try client ?? test.client()
        let today = try test.today
        let draft = RecurringInvoiceDraft(
            head: DocumentHead(client: client.id, subject: "Entretien"),
            schedule: RecurringSchedule(
                frequency, from: today, to: end, dayOfMonth: dayOfMonth ?? today.dayOfMonth),
            delivery: delivery, lines: [test.item(price: 50)])
        return try test.write { try $0.createRecurringInvoice(draft) }
    }

    private func runDue(_ test: TestApplication) throws {
        try JobRunner(test.application, only: test.organisationID).runDue()
    }

    private func made(_ recurring: RecurringInvoice, _ test: TestApplication) throws
        -> [RecurringPeriod]
    {
        try test.read { try $0.periods(of: recurring.id) }
    }

    @Test func theThirtyFirstIsTheLastDayOfShorterMonths() {
        let schedule = RecurringSchedule(.monthly, from: day("2026-11-21"), dayOfMonth: 31)
        var days: [Day] = []
        var next = schedule.first(onOrAfter: day("2026-11-21"))
        while let found = next, days.count < 4 {
            days.append(found)
            next = schedule.first(onOrAfter: found.adding(days: 1))
        }
        #expect(days.map(\.iso) == ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"])
        #expect(schedule.lastDay(ofPeriod: days[1]).iso == "2027-01-30")
    }

    @Test func quartersAndYearsCountFromTheFirstDayAndStopAtTheEnd() {
        let quarterly = RecurringSchedule(.quarterly, from: day("2026-11-21"), dayOfMonth: 5)
        #expect(quarterly.first(onOrAfter: day("2026-11-21"))?.iso == "2026-12-05")
        #expect(quarterly.first(onOrAfter: day("2026-12-06"))?.iso == "2027-03-05")
        let yearly = RecurringSchedule(
            .yearly, from: day("2028-02-29"), to: day("2030-01-01"), dayOfMonth: 29)
        #expect(yearly.first(onOrAfter: day("2028-03-01"))?.iso == "2029-02-28")
        #expect(yearly.first(onOrAfter: day("2029-03-01")) == nil)
    }

    @Test func everyPeriodHasOneInvoiceHoweverOftenItIsRun() async throws {
        let test = try application()
        let recurring = try recurring(test)
        try runDue(test)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    _ = try? test.write { try $0.runRecurringInvoice(recurring.id) }
                }
            }
        }
        #expect(try made(recurring, test).count == 1)
        test.clock.advance(seconds: 95 * 86_400)
        // Three months away: all of them come, each once.
        try runDue(test)
        try runDue(test)
        let periods = try made(recurring, test)
        #expect(
            periods.map(\.periodOn.iso) == ["2026-04-25", "2026-03-25", "2026-02-25", "2026-01-25"])
        #expect(periods.allSatisfy { $0.invoiceStatus == .issued && $0.problem.isEmpty })
        #expect(try test.read { try $0.recurringInvoice(recurring.id).nextOn?.iso } == "2026-05-25")
        #expect(try test.findings(of: RecurringInvoices.checks + Invoicing.checks) == [:])
    }

    @Test func theInvoiceNamesItsPeriod() throws {
        let test = try application()
        let recurring = try recurring(test, .quarterly)
        try runDue(test)
        let id = try #require(try made(recurring, test).first?.invoiceID)
        let invoice = try test.read { try $0.invoice(id) }
        #expect(invoice.message == "Période du 25 janvier 2026 au 24 avril 2026.")
        #expect(try test.get(recurring.path).text.contains(invoice.number ?? "?"))
    }

    @Test func itEndsOnItsLastDay() throws {
        let test = try application()
        let recurring = try recurring(test, to: day("2026-03-10"))
        test.clock.advance(seconds: 200 * 86_400)
        try runDue(test)
        #expect(try made(recurring, test).count == 2)
        let after = try test.read { try $0.recurringInvoice(recurring.id) }
        #expect(after.status == .ended && after.nextOn == nil)
    }

    @Test func whatPassesWhileItIsPausedIsLeftOut() throws {
        let test = try application()
        let recurring = try recurring(test)
        try runDue(test)
        #expect(try test.post("\(recurring.path)/pause").status == 303)
        test.clock.advance(seconds: 70 * 86_400)
        try runDue(test)
        #expect(try made(recurring, test).count == 1)
        #expect(try test.post("\(recurring.path)/resume").status == 303)
        #expect(try test.post("\(recurring.path)/resume").status == 409)
        #expect(try test.read { try $0.recurringInvoice(recurring.id).nextOn?.iso } == "2026-04-25")
        test.clock.advance(seconds: 30 * 86_400)
        try runDue(test)
        #expect(try made(recurring, test).count == 2)
    }

    @Test func whatCannotBeIssuedIsADraftAndSomethingToDo() throws {
        let test = try application()
        let client = try test.client { $0.address = PostalAddress(country: "FR") }
        let recurring = try recurring(test, for: client)
        try runDue(test)
        let period = try #require(try made(recurring, test).first)
        #expect(period.invoiceStatus == .draft && period.problem.contains("adresse"))
        let home = try test.get("/").text
        #expect(home.contains("Abonnements à débloquer") && home.contains(recurring.number))
        // Deleted by a person, it does not come back.
        let id = try #require(period.invoiceID)
        try test.write { try $0.deleteInvoiceDraft(id) }
        try runDue(test)
        #expect(try made(recurring, test).map(\.invoiceID) == [nil])
        #expect(try !test.get("/").text.contains("Abonnements à débloquer"))
    }

    @Test func itIsSentWhereThereIsAnAddress() throws {
        let test = try application()
        let reached = try recurring(test, .monthly, .send)
        let silent = try test.client("Bories") {
            $0.siren = "100000009"
            $0.email = ""
        }
        let unreached = try recurring(test, for: silent, .monthly, .send)
        try runDue(test)
        #expect(try made(reached, test).map(\.problem) == [""])
        #expect(try made(unreached, test)[0].problem.contains("e-mail"))
        let mails = try test.read { transaction in
            try transaction.values(
                "SELECT recipient FROM mails WHERE organisation_id = \(transaction.organisation)")
                as [String]
        }
        #expect(mails == ["compta@aubrac.example"])
    }

    @Test func nothingBeginsInThePast() throws {
        let test = try TestApplication(
            Clients.self, Catalogue.self, Invoicing.self, RecurringInvoices.self)
        let client = try test.client()
        let form = [
            "op": "save", "client": client.id.description, "starts_on": "2026-11-20",
            "frequency": "monthly", "delivery": "draft", "lines[0][kind]": "item",
            "lines[0][label]": "Entretien", "lines[0][quantity]": "1",
            "lines[0][unit_price]": "50", "lines[0][vat]": "S2000",
        ]
        func send(_ changes: [String: String]) throws -> Answer {
            try test.respond(
                .post, "/recurring-invoices",
                form: form.merging(changes) { $1 }.map { ($0.key, $0.value) })
        }
        let refused = try send([:])
        #expect(refused.status == 422 && refused.text.contains("Aujourd’hui au plus tôt"))
        #expect(try send(["starts_on": "2026-12-01", "ends_on": "2026-11-30"]).status == 422)
        #expect(try send(["starts_on": "2026-12-01", "day_of_month": "32"]).status == 422)
        #expect(try send(["starts_on": "2026-12-01", "day_of_month": "31"]).status == 303)
    }
}
