import Basics
import Core
import Database
import EInvoice

extension Platforms {
    /// Hands over what waits and takes what came, then looks again after a while. It never fails for
    /// good: what keeps it from its work stands on the page of the platform.
    static let exchange = JobKind(
        "platform.exchange", Text("Échanger avec la plateforme", "Exchange with the platform"),
        maximumAttempts: 1000, lane: .strangers, address: { _ in "/settings/platform" },
        handler: ExchangeFlows.run)
}

/// What the job `platform.exchange` does. Requests to the platform run outside transactions; each of
/// their results is noted in one of its own, so that whatever is killed when, nothing is handed over
/// twice and nothing that came is lost.
struct ExchangeFlows {
    /// Between two looks at the platform, in seconds.
    static let pauseSeconds = 600
    /// After something went wrong.
    static let retrySeconds = 300
    /// Nobody else exchanges meanwhile; longer than one takes.
    static let leaseSeconds = 900
    /// Flows of one run.
    static let most = 200
    /// A flow that the platform answers with a fault of its own so often is left to people.
    static let mostAttempts = 10

    /// Flows in a row that the platform may fail to take before the others wait too.
    static let mostFailures = 3

    let job: Job
    let application: Application
    let connector: any PlatformConnector

    var organisation: Organisation.ID { job.organisation }

    static func run(_ job: Job, _ application: Application) throws {
        let organisation = job.organisation
        guard let connection = try application.write(for: organisation, { try $0.beginExchange() })
        else {
            // There is none any more, or somebody is at it, or died of it and holds it for a while.
            try application.write(for: organisation) { transaction in
                try transaction.finish(job)
                if let free = try transaction.busyUntil() {
                    try transaction.awaitExchange(at: free)
                }
            }
            return
        }
        do {
            let credentials = try connection.credentials(
                application.keys(of: organisation), organisation)
            let service = try FlowAPI(
                application.webClient, flowURL: connection.flowURL, tokenURL: connection.tokenURL,
                credentials)
            let exchange = ExchangeFlows(
                job: job, application: application, connector: service)
            // What keeps one way from going on does not close the other.
            let out = try result { try exchange.handOver() }
            let incoming = try result { try exchange.collect(from: connection.collectedUntil) }
            try exchange.end(
                out.failure ?? incoming.failure, isMore: out.isMore || incoming.isMore)
        } catch let failure as PlatformFailure {
            try end(job, application, failure.explanation, isMore: false)
        } catch JobFailure.taken {
            throw JobFailure.taken
        } catch {
            // A fault of ours: it is on the page too, and the job is tried again.
            try application.write(for: organisation) { try $0.endExchange(Self.fault) }
            throw error
        }
    }

    private static let fault = Text(
        "Erreur interne : elle est dans le journal du serveur.",
        "An internal error, which is in the server’s log.")

    private static func result(_ body: () throws -> Bool) throws
        -> (isMore: Bool, failure: PlatformFailure?)
    {
        do { return (try body(), nil) } catch let failure as PlatformFailure {
            return (false, failure)
        }
    }

    private func end(_ failure: PlatformFailure?, isMore: Bool) throws {
        try Self.end(job, application, failure?.explanation, isMore: isMore)
    }

    private static func end(
        _ job: Job, _ application: Application, _ problem: Text?, isMore: Bool
    ) throws {
        try application.write(for: job.organisation) { transaction in
            try transaction.endExchange(problem)
            try transaction.finish(job)
            let pause = problem != nil ? retrySeconds : isMore ? 0 : pauseSeconds
            try transaction.awaitExchange(at: transaction.now.adding(seconds: pause))
        }
    }

    // MARK: going out

    /// Whether more waits than one run takes.
    func handOver() throws -> Bool {
        let waiting = try application.write(for: organisation) {
            try $0.flowsToSubmit(most: Self.most)
        }
        var (taken, failures) = (0, 0)
        for flow in waiting {
            do {
                try handOver(flow)
                (taken, failures) = (taken + 1, 0)
            } catch let failure as PlatformFailure {
                failures += 1
                let isTheFlow = taken > 0 && flow.attempts + 1 >= Self.mostAttempts
                if isTheFlow, case .busy = failure {
                    try note(flow, .failed, failure.explanation)
                } else if failures == Self.mostFailures || !failure.isOfTheMoment {
                    throw failure
                }
            }
        }
        return waiting.count == Self.most
    }

    private func handOver(_ flow: PlatformFlow) throws {
        guard let tracking = flow.trackingID else { return }
        let parcel: OutgoingFlow
        do {
            parcel = try application.write(for: organisation) { try $0.parcel(of: flow, tracking) }
        } catch Problem.conflict(let reason) {
            try note(flow, .failed, reason)
            return
        }
        // It may have arrived before the program was killed or its answer was lost.
        if flow.attempts > 0, let known = try connector.flow(tracking: tracking) {
            try note(flow, .submitted, flowID: known.id)
            return
        }
        do {
            try note(flow, .submitted, flowID: connector.submit(parcel))
        } catch let failure as PlatformFailure where failure.isOfTheFlow {
            try note(flow, .failed, failure.explanation)
        }
    }

    private func note(
        _ flow: PlatformFlow, _ state: PlatformFlow.State, _ problem: Text? = nil,
        flowID: String? = nil
    ) throws {
        try application.write(for: organisation) { transaction in
            try transaction.run(
                """
                UPDATE platform_flows SET state = \(state), problem = \(problem.map { JSON($0) }),
                    flow_id = coalesce(\(flowID), flow_id), changed_at = \(transaction.now)
                WHERE organisation_id = \(organisation) AND id = \(flow.id) AND state = 'waiting'
                """)
            try transaction.keep(job)
            try transaction.holdExchange()
        }
    }
}

extension Transaction {
    /// The file to hand over, the attempt counted before it is made.
    fileprivate func parcel(of flow: PlatformFlow, _ tracking: UniqueID) throws -> OutgoingFlow {
        try run(
            """
            UPDATE platform_flows SET attempts = attempts + 1
            WHERE organisation_id = \(organisation) AND id = \(flow.id)
            """)
        if let entry = flow.entryID {
            return OutgoingFlow(
                trackingID: tracking, name: "statut-\(entry).xml", syntax: .status,
                content: try notice(of: entry, flow).xml)
        }
        guard let id = flow.invoiceID else { throw Problem.notFound }
        let invoice = try invoice(id)
        let document = try keptDocument(of: invoice)
        guard document.cii != nil else { throw Problem.noElectronicInvoice }
        return OutgoingFlow(
            trackingID: tracking, name: PlatformFolder.fileName(of: invoice.number ?? ""),
            syntax: .facturX, content: document.content)
    }
}
