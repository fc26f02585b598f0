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
    /// Of an organisation's flows to the platform, tried so often before it is left to people.
    static let mostAttempts = 10

    let application: Application
    let organisation: Organisation.ID
    let connector: any PlatformConnector

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
        var failure: PlatformFailure?
        var isMore = false
        do {
            let credentials = try connection.credentials(application.secretBox, organisation)
            let service = try FlowAPI(
                application.webClient, flowURL: connection.flowURL, tokenURL: connection.tokenURL,
                credentials)
            let exchange = ExchangeFlows(
                application: application, organisation: organisation, connector: service)
            isMore = try exchange.handOver()
            isMore = try exchange.collect(from: connection.collectedUntil) || isMore
        } catch let stopped as PlatformFailure {
            failure = stopped
        }
        try application.write(for: organisation) { transaction in
            try transaction.endExchange(failure)
            try transaction.finish(job)
            let pause = failure != nil ? retrySeconds : isMore ? 0 : pauseSeconds
            try transaction.awaitExchange(at: transaction.now.adding(seconds: pause))
        }
    }

    // MARK: going out

    /// Whether more waits than one run takes.
    func handOver() throws -> Bool {
        let waiting = try application.write(for: organisation) {
            try $0.flowsToSubmit(most: Self.most)
        }
        for flow in waiting { try handOver(flow) }
        return waiting.count == Self.most
    }

    private func handOver(_ flow: PlatformFlow) throws {
        guard let tracking = flow.trackingID else { return }
        let parcel: OutgoingFlow
        do {
            parcel = try application.write(for: organisation) { try $0.parcel(of: flow, tracking) }
        } catch Problem.conflict(let reason) {
            try note(flow, .failed, Language.french(reason))
            return
        }
        do {
            // It may have arrived before the program was killed.
            if flow.attempts > 0, let known = try connector.flow(tracking: tracking) {
                try note(flow, .submitted, "", flowID: known.id)
                return
            }
            try note(flow, .submitted, "", flowID: connector.submit(parcel))
        } catch let failure as PlatformFailure where failure.isOfTheFlow {
            try note(flow, .failed, Language.french(failure.explanation))
        }
    }

    private func note(
        _ flow: PlatformFlow, _ state: PlatformFlow.State, _ problem: String,
        flowID: String? = nil
    ) throws {
        try application.write(for: organisation) { transaction in
            try transaction.run(
                """
                UPDATE platform_flows SET state = \(state), problem = \(problem),
                    flow_id = coalesce(\(flowID), flow_id), changed_at = \(transaction.now)
                WHERE organisation_id = \(organisation) AND id = \(flow.id) AND state = 'waiting'
                """)
            try transaction.holdExchange()
        }
    }

    // MARK: coming in

    /// Whether there may be more.
    func collect(from moment: Instant) throws -> Bool {
        var moment = moment
        for _ in 0..<Self.most / FlowAPI.pageSize {
            // Two flows may have changed at the same moment, on two sides of a page's end: the second
            // before the last one dealt with is asked for again, and what is known changes nothing.
            let page = try connector.changes(after: moment.adding(seconds: -1))
            for flow in page { try take(flow) }
            guard let last = page.last?.updatedAt else { return false }
            let isFull = page.count >= FlowAPI.pageSize
            let reached = isFull && last <= moment.adding(seconds: -1) ? moment : max(last, moment)
            try application.write(for: organisation) { transaction in
                try transaction.run(
                    """
                    UPDATE platform_connections SET collected_until = \(reached)
                    WHERE organisation_id = \(organisation)
                    """)
            }
            guard isFull, reached > moment else { return false }
            moment = reached
        }
        return true
    }

    private func take(_ flow: PlatformFlowState) throws {
        guard flow.isIncoming else { return try acknowledge(flow) }
        let isKnown = try application.write(for: organisation) { transaction in
            try transaction.value(
                """
                SELECT EXISTS (SELECT FROM platform_flows
                    WHERE organisation_id = \(organisation) AND flow_id = \(flow.id))
                """) ?? false
        }
        guard !isKnown else { return }
        guard flow.isInvoice || flow.isStatus else { return try keep(flow, .ignored) }
        let content = try connector.content(of: flow.id)
        do {
            if LifeCycleMessage.isLikely(content) {
                let message = try IsolatedReading.message(of: content, by: application.program)
                try keepStatuses(message, content, flow)
            } else {
                let incoming = try IncomingInvoice(
                    content, named: "\(flow.id).\(InvoiceFile.isPDF(content) ? "pdf" : "xml")",
                    by: application.program)
                try application.write(for: organisation) { transaction in
                    let kept = try transaction.receiveInvoice(incoming, by: .platform)
                    try transaction.keepFlow(flow, .received, received: kept.invoice.id)
                }
            }
        } catch let refusal as UnreadableInvoice {
            try keep(flow, .unreadable, Language.french(refusal.text))
        }
    }

    private func keepStatuses(
        _ message: LifeCycleMessage, _ content: [UInt8], _ flow: PlatformFlowState
    ) throws {
        try application.write(for: organisation) { transaction in
            let known = try transaction.noteMessage(
                message, sha256: hexadecimal(Digest.sha256(content)))
            let problem =
                known.isEmpty
                ? "Aucune facture connue : \(message.statements.first?.number ?? "")" : ""
            let invoice: Invoice.ID? = try known.first.flatMap {
                try transaction.invoice(numbered: $0)
            }
            try transaction.keepFlow(
                flow, known.isEmpty ? .unreadable : .received, invoice: invoice,
                String(PlainText.line(problem).prefix(500)))
        }
    }

    private func keep(
        _ flow: PlatformFlowState, _ state: PlatformFlow.State, _ problem: String = ""
    ) throws {
        try application.write(for: organisation) {
            try $0.keepFlow(flow, state, String(problem.prefix(500)))
        }
    }

    /// What the platform made of something that was handed over.
    private func acknowledge(_ flow: PlatformFlowState) throws {
        try application.write(for: organisation) { try $0.acknowledge(flow) }
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
