import Basics
@testable import Core
import TestSupport
import Testing

@Suite(
    .enabled(
        if: SMTPSink.isAvailable,
        "aiosmtpd cannot be imported: give COMPTOIR_PYTHON or make .venv with it"))
struct MailSettingsTests {
    private let password = "Sésame ouvre-toi 42"
    private var login: [String: String] {
        ["smtp_username": "compta", "smtp_password": password]
    }
    private func guardedOutbox() throws -> Outbox {
        try Outbox("--login", "compta:" + password, isSetUp: false)
    }

    /// Every text that the organisation's tables hold, in one.
    private func everything(_ outbox: Outbox) throws -> String {
        let tables: [String] = try outbox.test.read { transaction in
            let own = transaction.organisation
            return try transaction.values(
                """
                SELECT row_to_json(o)::text FROM organisations o WHERE o.id = \(own)
                UNION ALL SELECT row_to_json(m)::text FROM mails m WHERE m.organisation_id = \(own)
                UNION ALL SELECT row_to_json(j)::text FROM jobs j WHERE j.organisation_id = \(own)
                UNION ALL SELECT row_to_json(d)::text FROM journal_details d
                    WHERE d.organisation_id = \(own)
                """)
        }
        return tables.joined(separator: "\n")
    }

    @Test func thePasswordIsSealedAndNeverShown() throws {
        let outbox = try guardedOutbox()
        #expect(try outbox.setUp(login).status == 303)
        for recipient in ["lea@aubrac.example", "betraying@aubrac.example"] {
            try outbox.queue(to: recipient)
        }
        #expect(try outbox.runJobs() == 2)
        #expect(try outbox.sink.messages().map(\.user) == ["compta"], "it reached the server")

        let kept = try everything(outbox)
        let configuration = try outbox.test.read { try $0.smtpConfiguration() }
        let sealed = try #require(configuration.sealedPassword)
        #expect(kept.contains(hexadecimal(sealed)))
        var shown = [kept, "\(configuration)", String(reflecting: configuration)]
        for path in ["/settings/mail", "/settings/company", "/mails", "/jobs", "/journal"] {
            shown.append(try outbox.test.get(path).text)
        }
        shown.append(try outbox.setUp(login.merging(["mail_from": "?"]) { $1 }).text)
        for text in shown {
            #expect(!text.contains(password))
            #expect(!text.contains(hexadecimal(Array(password.utf8))), "not as bytes either")
        }
        let box = try outbox.test.application.keys(of: outbox.test.organisationID)
        let place = SMTPConfiguration.place(outbox.test.organisationID)
        #expect(try box.open(sealed, for: place) == Array(password.utf8))
        let elsewhere = SMTPConfiguration.place(try TestApplication().organisationID)
        #expect(throws: SecretBoxError.self) { try box.open(sealed, for: elsewhere) }
    }

    @Test func anEmptyPasswordKeepsTheOneThereButNotForAnotherServer() throws {
        let outbox = try guardedOutbox()
        try outbox.setUp(login)
        let kept = try outbox.test.read { try $0.smtpConfiguration().sealedPassword }
        let user = ["smtp_username": "compta"]
        #expect(try outbox.setUp(user.merging(["mail_from": "a@b.example"]) { $1 }).status == 303)
        #expect(try outbox.test.read { try $0.smtpConfiguration().sealedPassword } == kept)
        for change in [["smtp_host": "localhost"], ["smtp_username": "other"]] {
            let answer = try outbox.setUp(user.merging(change) { $1 })
            #expect(answer.status == 422)
            #expect(answer.text.contains("href=\"#f-smtp_password\""))
        }
        #expect(try outbox.setUp().status == 303, "without user name there is no password")
        #expect(try outbox.test.read { try $0.smtpConfiguration().sealedPassword } == nil)
    }

    @Test(arguments: [
        ("smtp_host", "http://mail.example"), ("smtp_host", "mail example"),
        ("smtp_host", "-mail.example"), ("smtp_port", "0"), ("smtp_port", "70000"),
        ("smtp_security", "rot13"), ("mail_from", ""), ("mail_from", "moi"),
        ("mail_from", "é@é.example"), ("smtp_password", "a\u{0B}b"),
        ("smtp_password", String(repeating: "x", count: 501)),
    ])
    func aWrongFieldIsNamedAndNothingIsKept(field: String, value: String) throws {
        let outbox = try Outbox(isSetUp: false)
        let answer = try outbox.setUp(login.merging([field: value]) { $1 })
        #expect(answer.status == 422)
        #expect(answer.text.contains("href=\"#f-\(field)\""))
        #expect(faultsOfMarkup(answer.text) == [])
        #expect(try outbox.test.organisation.smtpHost == "")
    }

    @Test func aPasswordIsNotSentInTheClearOverTheNetwork() throws {
        let outbox = try Outbox(isSetUp: false)
        let answer = try outbox.setUp(login.merging(["smtp_host": "smtp.example.com"]) { $1 })
        #expect(answer.status == 422)
        #expect(answer.text.contains("href=\"#f-smtp_security\""))
    }

    @Test func theTestMessageTellsWhatTheServerAnswers() throws {
        let outbox = try guardedOutbox()
        let browser = outbox.test.browser(as: .owner)
        #expect(
            try outbox.test.post("/settings/mail/test", ["test_recipient": "a@b.example"]).status
                == 409)
        try outbox.setUp(login.merging(["smtp_password": "wrong"]) { $1 })
        try browser.get("/settings/mail")
        try browser.submit("/settings/mail/test", ["test_recipient": "moi@altavista.example"])
        #expect(browser.status == 422)
        #expect(browser.text.contains("Le serveur refuse l’identifiant ou le mot de passe."))
        #expect(browser.text.contains("535"))
        #expect(faultsOfMarkup(browser.text) == [])
        try outbox.setUp(login)
        try browser.get("/settings/mail")
        try browser.submit("/settings/mail/test", ["test_recipient": "permanent@b.example"])
        #expect(browser.text.contains("ne connaît pas cette adresse"))
        #expect(browser.text.contains("550 5.1.1 no such mailbox"))
        try browser.submit("/settings/mail/test", ["test_recipient": "pas une adresse"])
        #expect(browser.text.contains("href=\"#f-test_recipient\"") || browser.status == 422)
        try browser.submit("/settings/mail/test", ["test_recipient": "moi@altavista.example"])
        #expect(browser.text.contains("Le serveur a accepté le message d’essai"))
        let message = try #require(try outbox.sink.messages().first)
        #expect(message.recipients == ["moi@altavista.example"])
    }

    @Test func aPasswordSealedWithAnotherKeyIsAskedForAgain() throws {
        let outbox = try guardedOutbox()
        try outbox.setUp(login)
        let stranger = SecretBox(key: Random.bytes(32))
        let sealed = stranger.seal(
            Array(password.utf8), for: SMTPConfiguration.place(outbox.test.organisationID))
        try outbox.test.write { transaction in
            try transaction.run(
                """
                UPDATE organisations SET smtp_password = \(sealed)
                WHERE id = \(transaction.organisation)
                """)
        }
        let mail = try outbox.queue()
        try outbox.runJobs()
        #expect(try outbox.mail(mail.id).status == .failed)
        let page = try outbox.test.get(mail.path).text
        #expect(page.contains("Le mot de passe enregistré ne se lit plus"))
        try outbox.setUp(login)
        #expect(try outbox.test.post("/mails/send-waiting").status == 303)
        try outbox.runJobs()
        #expect(try outbox.mail(mail.id).status == .sent)
    }

    @Test func whatSomebodyElseSavedMeanwhileIsNotOverwritten() throws {
        let outbox = try Outbox(isSetUp: false)
        let version = String(try outbox.test.organisation.version)
        #expect(try outbox.setUp(["version": version]).status == 303)
        let late = try outbox.setUp(["version": version, "mail_from": "b@b.example"])
        #expect(late.status == 409)
        #expect(late.text.contains("b@b.example"))
        #expect(try outbox.test.organisation.mailFrom == "facturation@altavista.example")
    }

    @Test func onlyTheOwnerSetsUpTheServer() throws {
        let test = try TestApplication()
        for role in [Role.agent, .accountant] {
            #expect(try test.get("/settings/mail", as: role).status == 403)
            #expect(try test.post("/settings/mail", as: role).status == 403)
            #expect(try test.post("/settings/mail/test", as: role).status == 403)
        }
    }
}
