import Basics
import Database
import TestSupport
import Testing
import WebClient

@testable import Core

@Suite(.serialized)
struct WebhookPageTests {
    @Test func anOwnerMakesAWebhookTestsItAndReadsTheAnswer() throws {
        let receiver = try Receiver()
        let browser = receiver.test.browser()
        try browser.get("/settings/webhooks/new")
        try browser.submit(
            "/settings/webhooks",
            [
                "url": receiver.sink.address("/200/hook?key=hidden"), "description": "Boutique",
                "events": "organisation.updated",
            ])
        #expect(browser.status == 200)
        let secret = try #require(
            browser.text.split(separator: "\"").first { $0.hasPrefix(WebhookSecret.prefix) })
        try browser.get("/settings/webhooks")
        #expect(browser.text.contains("Boutique"))
        #expect(!browser.text.contains(secret))
        let id = try #require(try receiver.test.read { try $0.webhooks(after: nil).rows.first }?.id)
        try browser.get("/settings/webhooks/\(id)")
        #expect(!browser.text.contains(secret))
        try browser.submit("/settings/webhooks/\(id)/test")
        try receiver.runJobs()
        #expect(try receiver.sink.requests().first?.json["type"] == "webhook.test")
        try browser.get(try #require(try receiver.deliveries(id).first).path)
        #expect(browser.text.contains("answer &lt;b&gt;200"))
        #expect(browser.text.contains("webhook.test"))
        try browser.get("/settings/webhooks/\(id)/deliveries")
        #expect(browser.text.contains("webhook.test"))
        try browser.get("/settings/webhooks/\(id)")
        try browser.submit("/settings/webhooks/\(id)/delete")
        #expect(try receiver.test.read { try $0.webhooks(after: nil).rows.isEmpty })
    }

    /// Not one that leads inside, whatever way it is written.
    @Test(arguments: [
        "http://example.com/", "https://127.0.0.1/", "https://localhost:8420/", "https://[::1]/",
        "https://10.0.0.8/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/", "ftp://example.com/", "example.com",
        "https://a:b@example.com/",
    ])
    func anAddressThatLeadsInsideIsRefusedAtItsField(_ url: String) throws {
        let test = try TestApplication()
        let answer = try test.post(
            "/settings/webhooks", ["url": url, "events": "organisation.updated"])
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-url-e\""))
        let refused = try test.program().post(
            "/settings/webhooks", ["url": .string(url), "events": ["organisation.updated"]])
        #expect(refused.status == 422)
        #expect(refused.json?["errors"]?.array?.first?["pointer"]?.string == "/url")
    }

    @Test func anAddressThatTurnsOutToLeadInsideIsNotReached() throws {
        let receiver = try Receiver(allowsLoopback: false)
        let answer = try receiver.test.program().post(
            "/settings/webhooks",
            [
                "url": .string("https://127.1:\(receiver.sink.port)/200"),
                "events": ["organisation.updated"],
            ])
        let id = try #require(answer.json?["id"]?.string.flatMap(Webhook.ID.init))
        _ = try receiver.test.write { try $0.sendTest(to: id) }
        try receiver.runJobs()
        let delivery = try #require(try receiver.deliveries(id).first)
        #expect(delivery.failure == .forbidden)
        #expect(delivery.attempts == 1)
        #expect(try receiver.sink.requests().isEmpty)
    }

    @Test func anUnknownEventOrNoneIsRefused() throws {
        let program = try TestApplication().program()
        for events: [JSON] in [[], ["invoice.eaten"], ["webhook.created"]] {
            let answer = try program.post(
                "/settings/webhooks",
                ["url": "https://example.com/", "events": .array(events)])
            #expect(answer.status == 422)
            #expect(answer.json?["errors"]?.array?.first?["pointer"]?.string == "/events")
        }
    }

    @Test func aProgramChangesSwitchesOffAndRemovesAWebhook() throws {
        let program = try TestApplication().program()
        let made = try program.post(
            "/settings/webhooks",
            ["url": "https://example.com/a", "events": ["organisation.updated"]])
        #expect(made.status == 201)
        let path = "/settings/webhooks/" + (try #require(made.json?["id"]?.string))
        #expect(made.response.headers["Location"] == "/api/v1" + path)
        let changed = try program.patch(path, ["is_active": false, "description": "Boutique"])
        #expect(changed.status == 200)
        #expect(changed.json?["is_active"] == false)
        #expect(changed.json?["url"] == "https://example.com/a")
        #expect(changed.json?["events"] == ["organisation.updated"])
        #expect(changed.json?["secret"] == nil)
        #expect(try program.post(path + "/test").status == 409)
        #expect(try program.patch(path, ["is_active": true]).json?["is_active"] == true)
        #expect(try program.call(.delete, path).status == 204)
        #expect(try program.get(path).status == 404)
    }

    @Test func noAnswerWithASecretIsKeptForARepetition() throws {
        let program = try TestApplication().program()
        let answer = try program.post(
            "/settings/webhooks",
            ["url": "https://example.com/a", "events": ["organisation.updated"]],
            headers: ["Idempotency-Key": "1"])
        #expect(answer.status == 400)
        #expect(try program.get("/settings/webhooks").json?["data"] == [])
    }

    @Test func nothingThatIsStoredHoldsTheSecretNorTheJournalTheWholeAddress() throws {
        let receiver = try Receiver()
        let (id, secret) = try receiver.webhook("/500?key=hidden")
        try receiver.happen()
        try receiver.follow(until: 1, of: id)
        try receiver.runJobs()
        let bytes = String(secret.dropFirst(WebhookSecret.prefix.count))
        let stored: [String] = try receiver.test.read { transaction in
            let own = transaction.organisation
            return try transaction.values(
                """
                SELECT e.subject_label || d.details::text FROM journal_entries e
                    JOIN journal_details d
                        ON d.organisation_id = e.organisation_id AND d.entry_id = e.id
                    WHERE e.organisation_id = \(own)
                UNION ALL SELECT last_error FROM jobs WHERE organisation_id = \(own)
                UNION ALL SELECT encode(secret, 'base64') || encode(secret, 'escape')
                    FROM webhooks WHERE organisation_id = \(own)
                UNION ALL SELECT answer || encode(body, 'escape') FROM webhook_deliveries
                    WHERE organisation_id = \(own)
                """)
        }
        #expect(stored.count >= 5)
        for text in stored {
            #expect(!text.contains(bytes))
            #expect(!text.contains("hidden"))
        }
    }

    @Test func whatWasToldIsForgottenAfterAMonth() throws {
        let receiver = try Receiver()
        let (id, _) = try receiver.webhook("/200")
        try receiver.happen()
        let old = try #require(try receiver.follow(until: 1, of: id).first)
        receiver.test.clock.advance(seconds: WebhookDelivery.keptSeconds + 1)
        let scope = try receiver.test.organisation
        try receiver.test.application.write(for: scope.id) {
            try $0.record(.organisationUpdated, .organisation, scope.id.value, label: "Y")
        }
        let end = ContinuousClock.now + .seconds(20)
        var ids = [old.id]
        while ids.contains(old.id), ContinuousClock.now < end {
            try receiver.test.application.followJournal()
            ids = try receiver.test.application.write(for: scope.id) {
                try $0.deliveries(of: id, after: nil).rows.map(\.id)
            }
        }
        #expect(ids.count == 1)
        #expect(!ids.contains(old.id))
    }
}
