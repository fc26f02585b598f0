import Basics
import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Sales

struct QuoteStatusTests {
    @Test func acceptedAQuoteBecomesAnOrderWithItsLines() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.sentQuote([
            test.text(.section, "Extérieur"), test.item("Film", quantity: 15_000, price: 720),
            test.text(.text, "Selon la météo"),
        ])
        let answer = try test.post(quote.path + "/accept")
        let order = try #require(try test.read { try $0.order(ofQuote: quote.id) })
        #expect(answer.location == order.path)
        #expect(order.status == .confirmed)
        #expect(order.head == quote.head)
        #expect(order.totalGross == quote.totalGross)
        let (theirs, ours) = try test.read {
            (try $0.lines(of: .quote, quote.id.value), try $0.lines(of: .order, order.id.value))
        }
        #expect(ours.map(\.label) == theirs.map(\.label))
        #expect(Set(ours.map(\.id)).isDisjoint(with: theirs.map(\.id)))
        let page = try test.get(quote.path)
        #expect(page.text.contains(order.number))
        #expect(page.text.contains("a noté l’accord sur le devis"))
    }

    /// Real threads, each with a connection of its own.
    @Test func twoPeopleWhoAcceptAtOnceMakeOneOrder() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.sentQuote()
        let statuses = Mutex<[Int]>([])
        let done = DispatchSemaphore(value: 0)
        for role in [Role.owner, .agent, .owner, .agent] {
            Thread.detachNewThread {
                let status = (try? test.post(quote.path + "/accept", as: role).status) ?? 0
                statuses.withLock { $0.append(status) }
                done.signal()
            }
        }
        for _ in 0..<4 { #expect(done.wait(timeout: .now() + 30) == .success) }
        #expect(statuses.withLock { $0.sorted() } == [303, 409, 409, 409])
        #expect(try test.count(.orders) == 1)
    }

    @Test func theSameFormSentTwiceLeadsToTheSameOrder() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.sentQuote()
        let form = [("_submission", UniqueID.make(at: test.clock.now).description)]
        let first = try test.respond(.post, quote.path + "/accept", form: form)
        let second = try test.respond(.post, quote.path + "/accept", form: form)
        #expect(first.status == 303)
        #expect(second.location == first.location)
    }

    @Test func everyTransitionIsAllowedOrRefusedAsTheTableSays() throws {
        let test = try TestApplication.forDocuments()
        typealias Verb = (Transaction, Quote.ID) throws -> Void
        let verbs: [(Quote.Status, Verb)] = [
            (.sent, { _ = try $0.markQuoteSent($1) }), (.draft, { _ = try $0.reopenQuote($1) }),
            (.refused, { _ = try $0.refuseQuote($1, note: "") }),
            (.accepted, { _ = try $0.acceptQuote($1) }),
        ]
        for status in Quote.Status.allCases {
            for (wanted, verb) in verbs {
                let quote = try test.quote()
                try force(quote, to: status, test)
                let refusal = try problem { try test.write { try verb($0, quote.id) } }
                #expect(
                    (refusal == nil) == status.allows(wanted), "\(status) → \(wanted)")
                if let refusal { #expect(refusal.status == 409) }
            }
        }
    }

    @Test func whatIsNoLongerADraftIsNeitherEditedNorDeleted() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.sentQuote()
        let client = try test.read { try $0.client(quote.clientID) }
        #expect(try test.get(quote.path + "/edit").status == 409)
        #expect(try test.respond(.post, quote.path, form: test.quoteForm(client)).status == 409)
        #expect(try test.post(quote.path + "/delete", ["confirmed": "1"]).status == 409)
        #expect(try test.post(quote.path + "/reopen").status == 303)
        #expect(try test.get(quote.path + "/edit").status == 200)
    }

    @Test func aDraftIsDeletedOnlyWhenConfirmed() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.quote()
        let question = try test.post(quote.path + "/delete")
        #expect(question.status == 200)
        #expect(question.forms.contains { $0["confirmed"] == "1" })
        #expect(try test.post(quote.path + "/delete", ["confirmed": "1"]).status == 303)
        #expect(try test.get(quote.path).status == 404)
        #expect(try test.count(.quotes) == 0)
    }

    @Test func anEmptyQuoteCannotBeSentOrAccepted() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.quote([test.text(.section, "Rien")])
        #expect(try test.post(quote.path + "/sent").status == 422)
        #expect(try test.post(quote.path + "/accept").status == 422)
    }

    @Test func aQuoteExpiresTheDayAfterAndCanBeExtended() throws {
        let test = try TestApplication.forDocuments()
        var draft = try test.quoteDraft(for: test.client())
        draft.validUntil = draft.quotedOn.adding(days: 1)
        let quote = try test.write { try $0.markQuoteSent($0.createQuote(draft).id) }
        test.clock.advance(seconds: 86_400)
        #expect(try test.read { try $0.quote(quote.id).status(on: $0.today) } == .sent)
        test.clock.advance(seconds: 86_400)
        #expect(try test.get(quote.path).text.contains("Expiré"), "before any job has run")
        #expect(try test.get("/quotes?view=expired").text.contains(quote.number))
        #expect(!(try test.get("/quotes?view=sent").text.contains(quote.number)))
        #expect(try test.post(quote.path + "/accept").status == 409)
        #expect(try test.write { try $0.expireQuotes() } == 1)
        #expect(try test.write { try $0.expireQuotes() } == 0)
        #expect(try test.read { try $0.quote(quote.id).status } == .expired)
        #expect(try test.post(quote.path + "/extend", ["valid_until": "2026-11-22"]).status == 422)
        #expect(try test.post(quote.path + "/extend", ["valid_until": "2027-03-01"]).status == 303)
        #expect(try test.read { try $0.quote(quote.id).status } == .sent)
    }

    @Test func aRefusalKeepsItsReason() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.sentQuote()
        let answer = try test.post(quote.path + "/refuse", ["note": "Trop cher cette année"])
        #expect(answer.status == 303)
        #expect(try test.get(quote.path).text.contains("Trop cher cette année"))
        let long = String(repeating: "a", count: 1001)
        #expect(try test.post(quote.path + "/refuse", ["note": long]).status == 422)
    }

    @Test func theDatabaseNotesEveryChangeOfStatusThoseOfDirectSQLToo() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.sentQuote()
        try force(quote, to: .refused, test)
        let changes = try test.read { try $0.statusChanges(of: .quote, quote.id.value) }
        #expect(changes.map(\.after) == ["refused", "sent", "draft"])
        #expect(changes.map(\.before) == ["sent", "draft", nil])
        #expect(changes[1].changedBy == "Claire Monnier")
        let page = try test.get(quote.path).text
        #expect(page.contains("<del>Envoyé</del> → <ins>Refusé</ins>"))
        #expect(page.contains("a marqué le devis envoyé"))
    }

    @Test func aCopyIsADraftOfToday() throws {
        let test = try TestApplication.forDocuments()
        let quote = try test.sentQuote()
        test.clock.advance(seconds: 10 * 86_400)
        let answer = try test.post(quote.path + "/duplicate")
        #expect(answer.status == 303)
        let copy = try #require(
            try test.read { try $0.quotes(of: quote.clientID, most: 9) }.first { $0.id != quote.id }
        )
        #expect(copy.status == .draft)
        #expect(copy.quotedOn == quote.quotedOn.adding(days: 10))
        #expect(copy.totalGross == quote.totalGross)
    }

    /// As somebody with a console would.
    private func force(_ quote: Quote, to status: Quote.Status, _ test: TestApplication) throws {
        _ = try test.write {
            try $0.run(
                """
                UPDATE quotes SET status = \(status)
                WHERE organisation_id = \($0.organisation) AND id = \(quote.id)
                """)
        }
    }
}
