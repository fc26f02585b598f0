import Basics
import Core
import Database
import EInvoice

// What comes in from the platform.

extension ExchangeFlows {
    /// Whether there may be more.
    func collect(from moment: Instant) throws -> Bool {
        // Clocks and pages overlap a little: what is known changes nothing.
        var after = moment.adding(seconds: -1)
        for _ in 0..<Self.most / FlowAPI.pageSize {
            let page = try connector.changes(after: after)
            for flow in try news(among: page) { try take(flow) }
            guard let last = page.last?.updatedAt else { return false }
            try application.write(for: organisation) { transaction in
                try transaction.keep(job)
                try transaction.holdExchange()
                try transaction.run(
                    """
                    UPDATE platform_connections SET collected_until = \(max(last, moment))
                    WHERE organisation_id = \(organisation)
                    """)
            }
            guard page.count >= FlowAPI.pageSize else { return false }
            // Others may have changed at the very moment of the last one.
            let next = Instant(microseconds: last.microseconds - 1)
            after = next > after ? next : last
        }
        return true
    }

    /// What came and is not here yet, and what became of flows that were handed over.
    private func news(among page: [PlatformFlowState]) throws -> [PlatformFlowState] {
        let ids = page.map(\.id)
        let (known, open): ([String], [String]) = try application.write(for: organisation) {
            transaction in
            let dealtWith: [String] = try transaction.values(
                """
                SELECT flow_id FROM platform_flows
                WHERE organisation_id = \(organisation) AND flow_id = ANY (\(ids))
                    AND state <> 'submitted'
                """)
            let submitted: [String] = try transaction.values(
                """
                SELECT flow_id FROM platform_flows
                WHERE organisation_id = \(organisation) AND flow_id = ANY (\(ids))
                    AND state = 'submitted'
                """)
            return (dealtWith, submitted)
        }
        return page.filter { flow in
            flow.isIncoming ? !known.contains(flow.id) : open.contains(flow.id)
        }
    }

    private func take(_ flow: PlatformFlowState) throws {
        guard flow.isIncoming else {
            return try application.write(for: organisation) { try $0.acknowledge(flow) }
        }
        guard flow.isInvoice || flow.isStatus else { return try keep(flow, .ignored) }
        let content: [UInt8]
        do { content = try connector.content(of: flow.id) } catch {
            // One that cannot be had must not keep the others away.
            guard error.isOfTheFile else { throw error }
            return try keep(flow, .unreadable, error.explanation)
        }
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
            try keep(flow, .unreadable, refusal.text)
        }
    }

    private func keepStatuses(
        _ message: LifeCycleMessage, _ content: [UInt8], _ flow: PlatformFlowState
    ) throws {
        try application.write(for: organisation) { transaction in
            let known = try transaction.noteMessage(
                message, sha256: hexadecimal(Digest.sha256(content)))
            guard let invoice = known.first else {
                let number = PlainText.line(message.statements.first?.number ?? "").prefix(100)
                return try transaction.keepFlow(
                    flow, .unreadable,
                    Text(
                        "Aucune facture émise ici : \(number)", "No invoice issued here: \(number)")
                )
            }
            try transaction.keepFlow(flow, .received, invoice: invoice.id)
        }
    }

    private func keep(
        _ flow: PlatformFlowState, _ state: PlatformFlow.State, _ problem: Text? = nil
    ) throws {
        try application.write(for: organisation) { try $0.keepFlow(flow, state, problem) }
    }
}
