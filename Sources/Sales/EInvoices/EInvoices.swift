import Basics
import Core
import EInvoice
import HTTP

/// Issued invoices for programs: a Cross Industry Invoice inside their PDF/A-3, and alone.
public enum EInvoices: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "invoices/:id/factur-x.xml", .readInvoices,
            api: .file(
                "application/xml",
                Text("La facture électronique, en CII", "The e-invoice, in CII")),
            reads: .document(of: .invoice), xml)
    }

    public static var jobs: [JobKind] { [keeping] }

    public static let checks: [Check] = [.organisation("invoices.documents", documents)]

    /// What was kept is what its digest says.
    static func documents(_ transaction: Transaction) throws -> [Finding] {
        let changed: [String] = try transaction.values(
            """
            SELECT i.number FROM kept_documents k
            JOIN invoices i
                ON i.organisation_id = \(transaction.organisation) AND i.id = k.invoice_id
            WHERE k.organisation_id = \(transaction.organisation)
                AND k.sha256 <> encode(sha256(k.content), 'hex')
            ORDER BY i.number
            """)
        return changed.map { Finding("the kept document of \($0) is not what was kept") }
    }

    /// Makes the document right after the issue, so that whoever asks for it need not wait.
    static let keeping = JobKind(
        "invoice.document", Text("Établir le PDF d’une facture", "Make the PDF of an invoice"),
        lane: .drawing,
        address: { "/invoices/\($0)" }
    ) { job, application in
        try application.write(for: job.organisation) { transaction in
            guard let id = job.subject else { throw JobFailure.permanent("no invoice") }
            _ = try transaction.keptDocument(of: transaction.invoice(ID(id)))
            try transaction.wakePlatform()
            try transaction.finish(job)
        }
    }

    static func xml(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        guard let cii = try request.keptDocument(of: id).cii else {
            throw Problem.noElectronicInvoice
        }
        return .file(Array(cii.utf8), name: FacturX.fileName, type: "application/xml")
    }
}

extension Request {
    /// The document that was kept; a reading transaction is enough where it was.
    func keptDocument(of id: Invoice.ID) throws -> KeptDocument {
        if let known = try read({ try $0.knownDocument(of: id) }) { return known }
        return try write { try $0.keptDocument(of: $0.invoice(id)) }
    }
}

extension Problem {
    static let noElectronicInvoice = Problem.conflict(
        Text(
            "Cette facture n’a pas de forme électronique : elle n’est pas émise ici, elle est hors "
                + "d’Europe ou dans une autre devise, ou elle est d’avant les règles.",
            "This invoice has no electronic form: it was not issued here, is outside Europe or in "
                + "another currency, or is older than the rules."))
}
