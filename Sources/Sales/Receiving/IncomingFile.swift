import Basics
import Core
import FileKinds

/// A file that came in: an invoice, or a mail with any number of them.
struct IncomingFile: Sendable {
    let channel: ReceivedInvoice.Channel
    private(set) var invoices: [IncomingInvoice] = []
    /// Why files of it are no invoices.
    private(set) var refusals: [UnreadableInvoice] = []

    /// - Throws: `UnreadableInvoice` when a single file is none.
    init(
        _ content: [UInt8], named name: String, by program: String,
        from channel: ReceivedInvoice.Channel = .upload
    ) throws {
        guard IncomingFile.isMail(content, name) else {
            self.channel = channel
            invoices = [try IncomingInvoice(content, named: name, by: program)]
            return
        }
        self.channel = .mail
        try IncomingFile.refuseOthers(content)
        let files = try IsolatedReading.attachments(of: content, by: program)
        for file in files {
            do {
                invoices.append(
                    try IncomingInvoice(file.bytes, named: file.name, by: program))
            } catch let refusal as UnreadableInvoice {
                refusals.append(refusal)
            }
        }
        if invoices.isEmpty { throw refusal }
    }

    /// Why nothing came of it.
    var refusal: UnreadableInvoice {
        refusals.first
            ?? UnreadableInvoice(
                "Ce courriel ne contient aucun fichier PDF ou XML.",
                "This mail holds no PDF or XML file.")
    }

    /// What is surely no invoice is told so by its kind; whether the rest is one, its readers find out.
    static func refuseOthers(_ content: [UInt8]) throws(UnreadableInvoice) {
        switch FileKind(of: content) {
        case .pdf, .xml, .html, .mail, .text, .empty, .unknown: break
        case let kind:
            throw UnreadableInvoice(
                "Une facture électronique est un PDF ou du XML ; ce fichier est \(kind.name.french).",
                "An e-invoice is a PDF or XML; this file is \(kind.name.english).")
        }
        try InvoiceFile.refuseMixture(content)
    }

    static func isMail(_ content: [UInt8], _ name: String) -> Bool {
        guard !InvoiceFile.isPDF(content) else { return false }
        return name.lowercased().hasSuffix(".eml") || startsLikeMail(content)
    }

    private static func startsLikeMail(_ content: [UInt8]) -> Bool {
        let start = String(decoding: content.prefix(64), as: UTF8.self).lowercased()
        return ["return-path:", "received:", "delivered-to:", "from:", "mime-version:"].contains {
            start.hasPrefix($0)
        }
    }
}
