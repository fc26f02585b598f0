import Basics
import Database
import FoundationEssentials
import TestSupport
import Testing
import WebClient

@testable import Core

/// Against a real server, and signatures against the library of the specification.
@Suite(.serialized)
struct WebhookTests {
    @Test func whatHappensIsToldOnceToThoseWhoAskedForIt() throws {
        let receiver = try Receiver()
        try receiver.happen()
        let asked = try receiver.webhook("/200/asked")
        let other = try receiver.webhook("/200/other", ["mail.queued"])
        try receiver.happen()
        try receiver.follow(until: 1, of: asked.id)
        try receiver.test.application.followJournal()
        #expect(try receiver.runJobs() == 1)
        #expect(try receiver.runJobs() == 0)
        let requests = try receiver.sink.requests()
        #expect(requests.map(\.path) == ["/200/asked"])
        #expect(try receiver.deliveries(other.id).isEmpty)
        let request = try #require(requests.first)
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.json["type"] == "organisation.updated")
        #expect(request.json["timestamp"]?.string == receiver.test.clock.now.rfc3339)
        #expect(request.json["data"]?["kind"] == "organisation")
        #expect(request.json["data"]?["label"] == "X")
        let delivery = try #require(try receiver.deliveries(asked.id).first)
        #expect(delivery.status == .delivered)
        #expect(delivery.attempts == 1)
        #expect(delivery.answerStatus == 200)
        #expect(delivery.answer == "answer <b>200")
        #expect(request.id == "msg_\(delivery.id)")
    }

    @Test(.enabled(if: Receiver.hasLibrary, "standardwebhooks cannot be imported"))
    func theSignatureIsTakenByTheLibraryOfTheSpecification() throws {
        let receiver = try Receiver(clock: TestClock(.now))
        let (id, secret) = try receiver.webhook("/200")
        #expect(secret.hasPrefix("whsec_"))
        try receiver.happen()
        try receiver.follow(until: 1, of: id)
        try receiver.runJobs()
        var request = try #require(try receiver.sink.requests().first)
        #expect(try Receiver.isGenuine(request, secret))
        #expect(try !Receiver.isGenuine(request, WebhookSecret.random().text))
        request.body += " "
        #expect(try !Receiver.isGenuine(request, secret))
    }

    @Test(.enabled(if: Receiver.hasLibrary, "standardwebhooks cannot be imported"))
    func aNewSecretSignsBesideTheOldOneForADay() throws {
        let receiver = try Receiver(clock: TestClock(.now))
        let (id, old) = try receiver.webhook("/200")
        let answer = try receiver.test.program().post("/settings/webhooks/\(id)/secret")
        let new = try #require(answer.json?["secret"]?.string)
        #expect(new != old)
        func tell() throws -> WebSink.Request {
            _ = try receiver.test.write { try $0.sendTest(to: id) }
            try receiver.runJobs()
            return try #require(try receiver.sink.requests().last)
        }
        let both = try tell()
        #expect(both.signatures.count == 2)
        #expect(try Receiver.isGenuine(both, old))
        #expect(try Receiver.isGenuine(both, new))
        receiver.test.clock.advance(seconds: WebhookSecret.overlapSeconds + 1)
        let one = try tell()
        #expect(one.signatures.count == 1)
        #expect(both.signatures.first?.prefix(3) == "v1,")
    }

    /// The vector that the specification publishes.
    @Test func theSignatureIsThatOfTheSpecification() throws {
        let bytes = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = WebhookSecret(bytes: Array(bytes)).signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func whatFailsIsTriedAgainWithTheSameIdAndBody() throws {
        let receiver = try Receiver()
        let (id, _) = try receiver.webhook("/first-500")
        try receiver.happen()
        try receiver.follow(until: 1, of: id)
        try receiver.runJobs()
        #expect(try receiver.deliveries(id).first?.answerStatus == 500)
        #expect(try receiver.webhook(id).failingSince == receiver.test.clock.now)
        receiver.test.clock.advance(seconds: 3)
        #expect(try receiver.runJobs() == 0)
        receiver.test.clock.advance(seconds: 4)
        #expect(try receiver.runJobs() == 1)
        let requests = try receiver.sink.requests()
        #expect(requests.count == 2)
        #expect(Set(requests.map(\.id)).count == 1)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(Set(requests.map { $0.headers["webhook-timestamp"] }).count == 2)
        #expect(try receiver.deliveries(id).first?.status == .delivered)
        #expect(try receiver.webhook(id).failingSince == nil)
    }

    @Test func aReceiverThatFailsIsTriedForAboutADayThenGivenUp() throws {
        let receiver = try Receiver()
        let (id, _) = try receiver.webhook("/503")
        try receiver.happen()
        try receiver.follow(until: 1, of: id)
        let started = receiver.test.clock.now
        try receiver.runToTheEnd()
        let hours = (receiver.test.clock.now.seconds - started.seconds) / 3600
        #expect((20...32).contains(hours))
        #expect(try receiver.sink.requests().count == 11)
        #expect(try receiver.deliveries(id).first?.status == .failed)
        #expect(try receiver.webhook(id).isActive, "one day is no reason to stop")
        receiver.test.clock.advance(seconds: 7 * 86_400)
        #expect(try receiver.runJobs() == 0)
    }

    @Test func aWebhookThatTakesNothingForDaysIsStoppedAndTheOwnerSeesIt() throws {
        let receiver = try Receiver()
        let (id, _) = try receiver.webhook("/500")
        for _ in 1...4 where try receiver.webhook(id).isActive {
            _ = try receiver.test.write { try $0.sendTest(to: id) }
            try receiver.runToTheEnd()
        }
        #expect(try receiver.webhook(id).stopReason == .failing)
        #expect(try receiver.test.get("/").text.contains("Webhooks arrêtés"))
        #expect(try !receiver.test.get("/", as: .agent).text.contains("Webhooks arrêtés"))
        #expect(throws: Problem.self) { try receiver.test.write { try $0.sendTest(to: id) } }
        _ = try receiver.test.post("/settings/webhooks/\(id)/activate")
        #expect(try receiver.webhook(id).isActive)
        #expect(try !receiver.test.get("/").text.contains("Webhooks arrêtés"))
    }

    @Test func aReceiverThatIsGoneIsNotAskedAgain() throws {
        let receiver = try Receiver()
        let (id, _) = try receiver.webhook("/410")
        try receiver.happen()
        try receiver.follow(until: 1, of: id)
        try receiver.runToTheEnd()
        #expect(try receiver.sink.requests().count == 1)
        let webhook = try receiver.webhook(id)
        #expect(!webhook.isActive)
        #expect(webhook.stopReason == .gone)
        #expect(try receiver.deliveries(id).first?.status == .failed)
    }

    @Test func killedBeforeTheAnswerIsNotedItIsSentAgainWithTheSameId() throws {
        let receiver = try Receiver()
        let (id, _) = try receiver.webhook("/200")
        try receiver.happen()
        try receiver.follow(until: 1, of: id)
        let application = receiver.test.application
        let queue = JobQueue(
            pool: application.pool, kinds: [Webhooks.sending.name],
            organisation: receiver.test.organisationID)
        let job = try #require(try queue.take(at: receiver.test.clock.now))
        let parcel = try #require(try SendWebhook.parcel(for: job, application))
        #expect(try parcel.post(application.webClient, at: .now).get().status == 200)
        // Nobody notes the answer. The lease ends, and another runner takes the job.
        #expect(try receiver.runJobs() == 0)
        receiver.test.clock.advance(seconds: JobQueue.leaseSeconds + 1)
        #expect(try receiver.runJobs() == 1)
        let requests = try receiver.sink.requests()
        #expect(requests.count == 2)
        #expect(Set(requests.map(\.id)).count == 1)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(try receiver.deliveries(id).first?.status == .delivered)
    }

    @Test func whatIsSentAgainHasTheSameIdAndBody() throws {
        let receiver = try Receiver()
        let (id, _) = try receiver.webhook("/200")
        try receiver.happen()
        let delivery = try #require(try receiver.follow(until: 1, of: id).first)
        try receiver.runJobs()
        let program = try receiver.test.program()
        let path = "/settings/webhooks/\(id)/deliveries/\(delivery.id)"
        #expect(try program.post(path + "/resend").status == 200)
        try receiver.runJobs()
        let requests = try receiver.sink.requests()
        #expect(requests.count == 2)
        #expect(Set(requests.map(\.id)).count == 1)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(try program.get(path).json?["attempts"] == 2)
    }

    @Test func nobodyIsToldWhatHappensElsewhere() throws {
        let (here, elsewhere) = (try Receiver(), try Receiver())
        let own = try here.webhook("/200")
        let foreign = try elsewhere.webhook("/200")
        try elsewhere.happen()
        try here.happen()
        try here.follow(until: 1, of: own.id)
        try elsewhere.follow(until: 1, of: foreign.id)
        try here.runJobs()
        try elsewhere.runJobs()
        #expect(try here.deliveries(own.id).count == 1)
        #expect(try here.sink.requests().count == 1)
        #expect(
            try here.sink.requests().first?.json["data"]?["id"]?.string
                == here.test.organisationID.description)
    }

    @Test func whatWasSwitchedOffIsToldNothing() throws {
        let receiver = try Receiver()
        let (id, _) = try receiver.webhook("/200")
        try receiver.happen()
        try receiver.follow(until: 1, of: id)
        _ = try receiver.test.post("/settings/webhooks/\(id)/deactivate")
        try receiver.runJobs()
        #expect(try receiver.sink.requests().isEmpty)
        #expect(try receiver.deliveries(id).first?.failure == .stopped)
        #expect(try receiver.deliveries(id).first?.status == .failed)
    }
}
