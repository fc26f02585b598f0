import Basics
import Core
import Database
import EInvoice
import Glibc

/// The simplest connector of a platform: folders. Issued e-invoices are laid into one, and what the
/// platform says of them comes back as files in another (`InvoiceDrop`).
public enum PlatformFolder {
    /// Invoices of one run.
    static let most = 1000

    public struct Result: Sendable {
        public let number: String
        public let file: String
    }

    /// Lays every e-invoice that was not filed yet into a folder, as the Factur-X that was kept, and
    /// notes each as filed (200). Killed in between, it lays the same bytes there again.
    public static func fileInvoices(
        in folder: String, organisation: String, pool: Pool, now: Instant = .now
    ) throws -> [Result] {
        let scope = try SalesImport.commandScope(organisation: organisation, pool: pool)
        let waiting = try pool.transaction(scope, at: now) { try $0.invoicesToFile(most: most) }
        return try waiting.compactMap { id in
            try pool.transaction(scope, at: now) { transaction in
                let invoice = try transaction.invoice(id)
                let document = try transaction.keptDocument(of: invoice)
                guard document.cii != nil, let number = invoice.number else { return nil }
                let name = fileName(of: number)
                try DataFolder.write(document.content, to: "\(folder)/\(name).part")
                guard rename("\(folder)/\(name).part", "\(folder)/\(name)") == 0 else {
                    throw Problem.conflict(
                        Text(
                            "\(name) ne s’écrit pas dans \(folder).",
                            "\(name) cannot be written to \(folder)."))
                }
                var said = SaidStatus(.filed)
                said.message = "filed:\(document.sha256)"
                try transaction.noteStatus(said, ofSent: id)
                return Result(number: number, file: name)
            }
        }
    }

    /// Letters and digits of a number stay; everything else becomes a hyphen.
    static func fileName(of number: String) -> String {
        String(number.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }) + ".pdf"
    }
}

extension Transaction {
    /// E-invoices between companies that nobody filed, the oldest first.
    fileprivate func invoicesToFile(most: Int) throws -> [Invoice.ID] {
        try values(
            """
            SELECT i.id FROM sent_life_cycles l
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = l.invoice_id
            WHERE l.organisation_id = \(organisation) AND l.marking = 'B2B' AND NOT EXISTS (
                SELECT FROM life_cycle_entries e
                WHERE e.organisation_id = \(organisation) AND e.invoice_id = l.invoice_id
                    AND e.status = ANY (\([200, 213]))) AND NOT EXISTS (
                SELECT FROM platform_flows f
                WHERE f.organisation_id = \(organisation) AND f.invoice_id = l.invoice_id)
            ORDER BY i.issued_at, i.id LIMIT \(most)
            """)
    }

    /// What a message says of invoices that were issued here; answers those it knows.
    func noteMessage(_ message: LifeCycleMessage, sha256: String) throws
        -> [(id: Invoice.ID, number: String)]
    {
        var known: [(id: Invoice.ID, number: String)] = []
        for (index, statement) in message.statements.enumerated() {
            guard let status = Int(statement.status).flatMap(LifeCycleStatus.init) else { continue }
            let id: Invoice.ID? = try value(
                """
                SELECT id FROM invoices
                WHERE organisation_id = \(organisation) AND number = \(statement.number)
                    AND status = 'issued' AND origin = 'comptoir'
                """)
            guard let id else { continue }
            var said = SaidStatus(
                status, reasonCode: String(PlainText.line(statement.reasonCode).prefix(40)),
                reason: String(PlainText.lines(statement.reason).prefix(1000)))
            said.actor = String(PlainText.line(message.issuer).prefix(200))
            said.occurredAt = Instant(stated: message.sentAt)
            said.message = "\(sha256):\(index)"
            if try noteStatus(said, ofSent: id) != nil {
                try record(
                    .invoiceStatusArrived, .invoice, id.value, label: statement.number,
                    details: ["note": .string(status.label.french)])
            }
            known.append((id, statement.number))
        }
        return known
    }
}

extension Instant {
    /// `20261121093000`, in UTC; nil for anything else.
    init?(stated text: String) {
        guard text.utf8.count == 14, text.utf8.allSatisfy({ (48...57).contains($0) }),
            let day = Day(StatedDay(String(text.prefix(8))))
        else { return nil }
        let parts = text.dropFirst(8)
        guard let hour = Int(parts.prefix(2)), let minute = Int(parts.dropFirst(2).prefix(2)),
            let second = Int(parts.suffix(2)), hour < 24, minute < 60, second < 60
        else { return nil }
        self.init(seconds: day.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second)
    }
}

extension Action {
    static let invoiceStatusArrived = Action(
        "invoice.status_arrived", Text("a transmis un statut de", "sent a status of"),
        icon: "send")
}
