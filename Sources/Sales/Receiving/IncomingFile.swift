import Basics
import Core

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
