import Drawing
import EInvoice
import Glibc

/// Why a file is no invoice that could be read.
struct UnreadableInvoice: Error {
    let message: Bilingual
}

/// An e-invoice by anybody: XML, or a PDF with XML inside.
struct EInvoiceFile {
    let invoice: EInvoice
    let syntax: EInvoiceReader.Syntax
    /// The name of the XML inside a PDF; nil of XML itself.
    let attachment: String?

    /// Largest file that is opened, in bytes.
    static let maximumBytes = PDFFile.maximumBytes

    init(path: String) throws {
        let bytes = try Self.contents(of: path)
        do {
            guard Self.isPDF(bytes) else {
                attachment = nil
                (invoice, syntax) = try EInvoiceReader.read(bytes)
                return
            }
            let found = try Self.attachedInvoice(in: bytes)
            attachment = found.name
            (invoice, syntax) = try EInvoiceReader.read(found.bytes)
        } catch let fault as EInvoiceFault {
            throw UnreadableInvoice(message: fault.message)
        }
    }

    private static func isPDF(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(1024).firstRange(of: Array("%PDF-".utf8)) != nil
    }

    private static func attachedInvoice(in bytes: [UInt8]) throws
        -> (name: String, bytes: [UInt8])
    {
        let found: [(name: String, bytes: [UInt8])]
        do {
            found = try PDFFile(bytes).attachments(named: FacturX.attachmentNames)
        } catch {
            throw UnreadableInvoice(
                message: Bilingual(
                    "Ce PDF ne se lit pas : \(error).", "This PDF cannot be read: \(error)."))
        }
        guard let first = found.first else {
            throw UnreadableInvoice(
                message: Bilingual(
                    "Ce PDF ne contient pas de facture électronique (\(FacturX.fileName)).",
                    "This PDF holds no e-invoice (\(FacturX.fileName))."))
        }
        return first
    }

    private static func contents(of path: String) throws -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let file = fopen(path, "rb")
        else {
            throw UnreadableInvoice(
                message: Bilingual(
                    "Le fichier \(path) ne se lit pas.", "The file \(path) cannot be read."))
        }
        defer { fclose(file) }
        guard status.st_size <= maximumBytes else {
            throw UnreadableInvoice(message: EInvoiceFault.tooLarge.message)
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
