import EInvoice
import Sales

/// A file of the disk as an e-invoice.
struct EInvoiceFile {
    let invoice: EInvoice
    let syntax: EInvoiceReader.Syntax
    /// The name of the XML inside a PDF; nil of XML itself.
    let attachment: String?

    init(path: String) throws(UnreadableInvoice) {
        let file = try InvoiceFile(InvoiceFile.contents(of: path))
        (invoice, syntax, attachment) = (file.invoice, file.syntax, file.attachment)
    }
}
