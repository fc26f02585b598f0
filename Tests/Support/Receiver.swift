import Basics
import Database
import Foundation
import WebClient

@testable import Core

/// An organisation, and a real server on this machine that it tells what happens.
public final class Receiver {
    /// Followers read the journal of everybody: these tests have a database of their own.
    private static let pool = Result {
        Pool(connectionString: try TestDatabase.make().runtime, size: 8)
    }
    private static let longestWait = Duration.seconds(20)

    public let test: TestApplication
    public let sink: WebSink

    public init(
        _ capabilities: any Capability.Type..., clock: TestClock = TestClock(),
        allowsLoopback: Bool = true
    ) throws {
        sink = try WebSink()
        test = try TestApplication(
            all: capabilities, clock: clock, pool: Receiver.pool.get(),
            webClient: WebClient(allowsLoopback: allowsLoopback, timeoutSeconds: 5))
    }

    /// A webhook whose receiver answers as the path says.
    public func webhook(
        _ path: String, _ events: [String] = ["organisation.updated"]
    ) throws -> (id: Webhook.ID, secret: String) {
        let answer = try test.program().post(
            "/settings/webhooks",
            ["url": .string(sink.address(path)), "events": .array(events.map(JSON.string))])
        guard answer.status == 201, let id = answer.json?["id"]?.string.flatMap(Webhook.ID.init)
        else { throw SinkFailed(reason: answer.text) }
        return (id, answer.json?["secret"]?.string ?? "")
    }

    /// Something that webhooks are told.
    public func happen() throws {
        try test.write {
            try $0.record(.organisationUpdated, .organisation, $0.organisation.value, label: "X")
        }
    }

    /// Follows the journal until so many deliveries stand there; other transactions may hold it back.
    @discardableResult
    public func follow(until count: Int, of id: Webhook.ID) throws -> [WebhookDelivery] {
        let end = ContinuousClock.now + Receiver.longestWait
        while true {
            try test.application.followJournal()
            let all = try deliveries(id)
            if all.count >= count { return all }
            guard ContinuousClock.now < end else {
                throw SinkFailed(reason: "\(all.count) deliveries instead of \(count)")
            }
            usleep(5_000)
        }
    }

    /// Newest first.
    public func deliveries(_ id: Webhook.ID) throws -> [WebhookDelivery] {
        try test.read { try $0.deliveries(of: id, after: nil).rows }
    }
    public func webhook(_ id: Webhook.ID) throws -> Webhook { try test.read { try $0.webhook(id) } }

    /// Does the jobs that are due; answers how many.
    @discardableResult
    public func runJobs() throws -> Int {
        try JobRunner(test.application, only: test.organisationID).runDue()
    }

    /// Runs, and moves the clock to each next attempt, until no attempt is left.
    public func runToTheEnd() throws {
        try runJobs()
        for wait in WebhookSchedule.waits {
            test.clock.advance(seconds: wait * 6 / 5 + 1)
            try runJobs()
        }
    }

    /// Whether the library of the specification takes the request as genuine.
    public static func isGenuine(_ request: WebSink.Request, _ secret: String) throws -> Bool {
        let headers = try JSONEncoder().encode(request.headers)
        let script = """
            import json, sys, standardwebhooks
            try:
                standardwebhooks.Webhook(sys.argv[1]).verify(sys.argv[2], json.loads(sys.argv[3]))
                print("genuine")
            except standardwebhooks.WebhookVerificationError as error:
                print(error)
            """
        let printed = try runTool(
            SMTPSink.python, "-c", script, secret, request.body,
            String(decoding: headers, as: UTF8.self))
        return printed == "genuine\n"
    }

    public static let hasLibrary =
        (try? runTool(SMTPSink.python, "-c", "import standardwebhooks")) != nil
}

extension WebSink.Request {
    public var id: String { headers["webhook-id"] ?? "" }
    public var signatures: [String] {
        (headers["webhook-signature"] ?? "").split(separator: " ").map(String.init)
    }
    public var json: JSON { JSON(parsing: body) ?? .null }
}
