import Basics
import Core
import Database
import EInvoice

// What is noted of flows, each in the transaction of what came of it.

extension Transaction {
    func acknowledge(_ state: PlatformFlowState) throws {
        let known: PlatformFlow.ID? = try value(
            """
            SELECT id FROM platform_flows
            WHERE organisation_id = \(organisation) AND direction = 'out' AND state = 'submitted'
                AND flow_id = \(state.id) FOR UPDATE
            """)
        guard let known, state.acknowledgement != .pending else { return }
        let flow = try platformFlow(known)
        var said = SaidStatus(.filed)
        var (outcome, problem): (PlatformFlow.State, Text?) = (.accepted, nil)
        if case .refused(let code, let reason) = state.acknowledgement {
            said = SaidStatus(.rejected, reasonCode: PlatformReason.code(of: code), reason: reason)
            outcome = .refused
            // In the platform's own words.
            let words = [code, reason].filter { !$0.isEmpty }.joined(separator: ", ")
            problem = Text(words, words)
        }
        try run(
            """
            UPDATE platform_flows SET state = \(outcome),
                problem = \(problem.map { JSON($0) }), changed_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(known)
            """)
        guard let invoice = flow.invoiceID, flow.entryID == nil else { return }
        // A platform that had it before, by another way, rejects only the second one.
        let isKnown = said.reasonCode == PlatformReason.known
        if isKnown, try sentLifeCycle(invoice)?.status != nil { return }
        said.actor = "Plateforme"
        said.message = "flow:\(state.id)"
        said.occurredAt = state.updatedAt
        if try noteStatus(said, ofSent: invoice) != nil {
            try record(
                .invoiceStatusArrived, .invoice, invoice.value, label: flow.number,
                details: ["note": .string(said.status.label.french)])
        }
    }

    func keepFlow(
        _ flow: PlatformFlowState, _ state: PlatformFlow.State, invoice: Invoice.ID? = nil,
        received: ReceivedInvoice.ID? = nil, _ problem: Text? = nil
    ) throws {
        let id: PlatformFlow.ID = newID()
        try run(
            """
            INSERT INTO platform_flows (organisation_id, id, direction, flow_id, invoice_id,
                received_invoice_id, state, problem, created_at, changed_at)
            VALUES (\(organisation), \(id), 'in', \(flow.id), \(invoice), \(received), \(state),
                \(problem.map { JSON($0) }), \(now), \(now))
            ON CONFLICT (organisation_id, flow_id) DO NOTHING
            """)
    }
}

/// What a platform calls the causes of a technical refusal (XP Z12-013), as codes of the reform.
enum PlatformReason {
    static let known = "REJ_UNI"
    private static let codes = [
        "EmptyFlow": "IRR_VIDE_F", "InvalidSchema": "IRR_SYNTAX",
        "FileSizeExceeded": "IRR_TAILLE_F",
        "FlowTypeError": "IRR_TYPE_F", "VirusFound": "IRR_ANTIVIRUS",
        "AlreadyExistingFlow": known,
    ]

    static func code(of reason: String) -> String { codes[reason] ?? "AUTRE" }
}
