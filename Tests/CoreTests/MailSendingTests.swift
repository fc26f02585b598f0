import Basics
@testable import Core
import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(
        if: SMTPSink.isAvailable,
        "aiosmtpd cannot be imported: give COMPTOIR_PYTHON or make .venv with it"))
struct MailSendingTests {
    @Test func aMailArrivesAsItWasWrittenWithItsPDF() throws {
        let outbox = try Outbox()
        var draft = outbox.draft()
        draft.copies = ["direction@aubrac.example"]
        draft.body = "Hello,\n\nPlease find invoice F-2026-0001 — “Bâtiment” — attached."
        let mail = try outbox.test.write(as: .agent) { try $0.queueMail(draft) }
        #expect(mail.status == .queued)
        outbox.test.clock.advance(seconds: 90)
        #expect(try outbox.runJobs() == 1)

        let received = try #require(try outbox.sink.messages().first)
        #expect(received.mailFrom == "facturation@altavista.example")
        #expect(received.recipients == ["compta@aubrac.example", "direction@aubrac.example"])
        let parsed = received.parsed
        #expect(parsed.defects.isEmpty)
        #expect(parsed.from == [["Alta Vista Drones", "facturation@altavista.example"]])
        #expect(parsed.replyTo == [["Alta Vista Drones", "contact@altavista.example"]])
        #expect(parsed.to == [["Léa Aubrac", "compta@aubrac.example"]])
        #expect(parsed.cc == [["", "direction@aubrac.example"]])
        #expect(parsed.subject == "Invoice F-2026-0001")
        let text = try #require(parsed.parts.first { $0.type == "text/plain" })
        #expect(text.text == draft.body + "\n")
        let file = try #require(parsed.parts.first { $0.type == "application/pdf" })
        #expect(file.filename == "Invoice F-2026-0001.pdf")
        #expect(file.base64.map(Array.init) == Outbox.pdf)
        #expect(parsed.header("Message-ID") == "<\(mail.messageID)>")
        #expect(parsed.header("Date") == "Sat, 21 Nov 2026 09:30:00 +0000", "when it was queued")
        #expect(parsed.header("Auto-Submitted") == nil)

        #expect(try outbox.mail(mail.id).status == .sent)
        #expect(try outbox.journal().map(\.action) == ["mail.queued", "mail.sent"])
        let entry = try #require(try outbox.journal().last)
        #expect(entry.details?["recipient"]?.string == "compta@aubrac.example")
    }

    @Test func withoutServerMailsWaitAndLeaveOnceThereIsOne() throws {
        let outbox = try Outbox(isSetUp: false)
        let mail = try outbox.queue()
        #expect(mail.status == .waiting)
        #expect(try outbox.runJobs() == 0)
        #expect(try outbox.test.get("/mails").text.contains("1\u{A0}courriel attend"))
        #expect(try outbox.test.post("/mails/send-waiting").status == 409)
        #expect(try outbox.setUp().status == 303)
        let browser = outbox.test.browser(as: .owner)
        try browser.get("/settings/mail")
        try browser.submit("/mails/send-waiting")
        #expect(browser.text.contains("1\u{A0}courriel remis à l’envoi."))
        #expect(try outbox.mail(mail.id).status == .queued)
        #expect(try outbox.runJobs() == 1)
        #expect(try outbox.mail(mail.id).status == .sent)
        #expect(try outbox.sink.messages().count == 1)
    }

    @Test func aServerTakenAwayLeavesMailsWaiting() throws {
        let outbox = try Outbox()
        let mail = try outbox.queue()
        #expect(try outbox.setUp(["smtp_host": ""]).status == 303)
        #expect(try outbox.runJobs() == 1)
        #expect(try outbox.mail(mail.id).status == .waiting)
        #expect(try outbox.sink.messages().isEmpty)
    }

    @Test func refusedForNowIsTriedAgainByItselfAndArrivesOnce() throws {
        let outbox = try Outbox()
        let mail = try outbox.queue(to: "greylisted@aubrac.example")
        try outbox.runJobs()
        let held = try outbox.mail(mail.id)
        #expect(held.status == .queued)
        #expect(held.failure?.kind == .temporary)
        #expect(held.failure?.answer.contains("451 4.7.1 greylisted") == true)
        let page = try outbox.test.get(mail.path).text
        #expect(page.contains("Le serveur demande de réessayer plus tard."))
        #expect(page.contains("Comptoir réessaie de lui-même."))
        #expect(try outbox.runJobs() == 0, "not before its time")
        outbox.test.clock.advance(seconds: 120)
        #expect(try outbox.runJobs() == 1)
        let sent = try outbox.mail(mail.id)
        #expect(sent.status == .sent)
        #expect(sent.failure == nil)
        let messages = try outbox.sink.messages()
        #expect(messages.count == 1)
        let parsed = try #require(messages.first).parsed
        #expect(parsed.header("Message-ID") == "<\(mail.messageID)>")
        #expect(parsed.header("Date") == "Sat, 21 Nov 2026 09:30:00 +0000")
        #expect(try outbox.journal().map(\.action) == ["mail.queued", "mail.sent"])
    }

    @Test func aServerThatNeverTakesItIsGivenUpInTheEnd() throws {
        let outbox = try Outbox()
        let mail = try outbox.queue(to: "temporary@aubrac.example")
        for _ in 0..<10 {
            #expect(try outbox.mail(mail.id).status == .queued)
            #expect(try outbox.runJobs() == 1)
            outbox.test.clock.advance(seconds: 5 * 3600)
        }
        #expect(try outbox.mail(mail.id).status == .failed)
        #expect(try outbox.runJobs() == 0)
        #expect(try outbox.journal().map(\.action) == ["mail.queued", "mail.failed"])
    }

    @Test func refusedForGoodFailsAtOnceAndIsSentToACorrectedAddress() throws {
        let outbox = try Outbox()
        let mail = try outbox.queue(to: "permanent@aubrac.example")
        try outbox.runJobs()
        #expect(try outbox.mail(mail.id).status == .failed)
        let entry = try #require(try outbox.journal().last)
        #expect(entry.action == "mail.failed")
        #expect(entry.details?["recipient"]?.string == "permanent@aubrac.example")
        let why = "Le serveur du destinataire ne connaît pas cette adresse."
        #expect(entry.details?["note"]?.string?.contains(why) == true)
        #expect(try outbox.test.get("/mails?view=failed").text.contains(why))
        #expect(try outbox.test.get("/").text.contains("Courriels non partis"))
        #expect(try outbox.test.get("/jobs").text.contains(why))

        let browser = outbox.test.browser(as: .agent)
        try browser.get(mail.path)
        #expect(browser.text.contains("n’a pas pu envoyer par courriel"))
        try browser.submit(mail.path + "/recipient", ["recipient": "pas une adresse"])
        #expect(browser.status == 422)
        #expect(browser.text.contains("value=\"pas une adresse\""))
        try browser.submit(mail.path + "/recipient", ["recipient": "Juste@Aubrac.example"])
        try outbox.runJobs()
        #expect(try outbox.mail(mail.id).status == .sent)
        #expect(try outbox.sink.messages().map(\.recipients) == [["juste@aubrac.example"]])
        #expect(!(try outbox.test.get("/").text.contains("Courriels non partis")))
        #expect(
            try outbox.journal().map(\.action)
                == ["mail.queued", "mail.failed", "mail.corrected", "mail.sent"])
    }

    @Test func aJobRunTwiceSendsOnce() throws {
        let outbox = try Outbox()
        let mail = try outbox.queue()
        try outbox.runJobs()
        try outbox.test.write { transaction in
            try transaction.run(
                """
                UPDATE jobs SET finished_at = NULL
                WHERE organisation_id = \(transaction.organisation)
                """)
        }
        #expect(try outbox.runJobs() == 1)
        #expect(try outbox.sink.messages().count == 1)
        #expect(try outbox.mail(mail.id).status == .sent)
        #expect(try outbox.journal().count == 2)
    }

    @Test func anOlderJobOfAMailSentAgainDoesNothing() throws {
        let outbox = try Outbox()
        let mail = try outbox.queue(to: "greylisted@aubrac.example")
        try outbox.runJobs()
        try outbox.test.write {
            try $0.cancelMail(mail.id)
            try $0.resendMail(mail.id)
        }
        outbox.test.clock.advance(seconds: 120)
        #expect(try outbox.runJobs() == 2)
        #expect(try outbox.sink.messages().count == 1)
    }

    @Test func aJobThatFailedIsTriedAgainFromThePageOfJobs() throws {
        let outbox = try Outbox()
        let mail = try outbox.queue(to: "permanent@aubrac.example")
        try outbox.runJobs()
        let job = try #require(try outbox.mail(mail.id).job)
        #expect(try outbox.test.post("/jobs/\(job)/retry").status == 303)
        try outbox.runJobs()
        #expect(try outbox.mail(mail.id).status == .failed)
        #expect(
            try outbox.journal().map(\.action) == ["mail.queued", "mail.failed", "mail.failed"])
    }

    @Test func aCancelledMailStaysHereAndASentOneCanGoTwice() throws {
        let outbox = try Outbox()
        let first = try outbox.queue()
        #expect(try outbox.test.post(first.path + "/cancel").status == 303)
        try outbox.runJobs()
        #expect(try outbox.sink.messages().isEmpty)
        #expect(try outbox.test.post(first.path + "/cancel").status == 409)
        #expect(try outbox.test.post(first.path + "/resend").location == first.path)
        try outbox.runJobs()
        #expect(try outbox.sink.messages().count == 1)
        let again = try outbox.test.post(first.path + "/resend")
        let copy = try #require(again.location)
        #expect(copy != first.path)
        try outbox.runJobs()
        let messages = try outbox.sink.messages()
        #expect(messages.count == 2)
        let ids = Set(messages.map { $0.parsed.header("Message-ID") })
        #expect(ids.count == 2, "a mailbox would hide a second message with the same id")
        #expect(try outbox.test.post(first.path + "/recipient").status == 409, "it has left")
    }

    @Test func aServerThatIsAwayIsTriedAgain() throws {
        let outbox = try Outbox()
        try outbox.setUp(["smtp_port": "1"])
        let mail = try outbox.queue()
        try outbox.runJobs()
        let held = try outbox.mail(mail.id)
        #expect(held.status == .queued)
        #expect(held.failure?.kind == .connection)
        #expect(try outbox.test.get(mail.path).text.contains("Aucun serveur de courrier ne répond"))
        try outbox.setUp()
        outbox.test.clock.advance(seconds: 120)
        try outbox.runJobs()
        #expect(try outbox.mail(mail.id).status == .sent)
    }
}
