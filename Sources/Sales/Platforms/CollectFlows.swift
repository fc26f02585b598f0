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
            for flow in page { try take(flow) }
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
        let content: [UInt8]
        do { content = try connector.content(of: flow.id) } catch {
            // One that cannot be had must not keep the others away.
            guard error.isOfTheFile else { throw error }
            return try keep(flow, .unreadable, Language.french(error.explanation))
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
