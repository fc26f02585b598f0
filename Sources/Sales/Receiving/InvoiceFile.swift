import Basics
import Core
import Drawing
import EInvoice

/// Why a file is no invoice that could be read, in words for the person who sent it.
public struct UnreadableInvoice: Error, Sendable {
    public let message: Bilingual

    public init(_ french: String, _ english: String) { message = Bilingual(french, english) }
    init(_ message: Bilingual) { self.message = message }

    var text: Text { Text(message.french, message.english) }
}

/// An e-invoice by anybody: XML, or a PDF with XML inside.
public struct InvoiceFile: Sendable {
    public let invoice: EInvoice
    public let syntax: EInvoiceReader.Syntax
    /// The name of the XML inside a PDF; nil of XML itself.
    public let attachment: String?
    /// The invoice itself.
    public let xml: [UInt8]

    /// Largest file that is opened, in bytes.
    public static let maximumBytes = PDFFile.maximumBytes

    /// Reads in this process: for the command line, and within a helper that may die of it.
    public init(_ bytes: [UInt8]) throws(UnreadableInvoice) {
        guard bytes.count <= Self.maximumBytes else {
            throw UnreadableInvoice(Self.tooLarge.french, Self.tooLarge.english)
        }
        guard Self.isPDF(bytes) else {
            try self.init(xml: bytes, attachment: nil)
            return
        }
        let found = try Self.attachedInvoice(in: bytes)
        try self.init(xml: found.bytes, attachment: found.name)
    }

    init(xml: [UInt8], attachment: String?) throws(UnreadableInvoice) {
        self.xml = xml
        self.attachment = attachment
        do {
            (invoice, syntax) = try EInvoiceReader.read(xml)
        } catch {
            guard let attachment else { throw Self.refusal(of: error, xml) }
            throw UnreadableInvoice(
                "Dans ce PDF, \(attachment) ne se lit pas. \(error.message.french)",
                "In this PDF, \(attachment) cannot be read. \(error.message.english)")
        }
    }

    public static let tooLarge = Bilingual(
        "Le fichier est trop gros : \(maximumBytes / 1_000_000) Mo au plus.",
        "The file is too large: at most \(maximumBytes / 1_000_000) MB.")

    /// Readers of PDF look for its beginning in the first kilobyte: what stands before it makes the file
    /// something else to others, a web page for instance.
    static func refuseMixture(_ bytes: [UInt8]) throws(UnreadableInvoice) {
        let blank: Set<UInt8> = [0xef, 0xbb, 0xbf, 9, 10, 13, 32]
        guard isPDF(bytes), !bytes.drop(while: blank.contains).starts(with: "%PDF-".utf8) else {
            return
        }
        throw UnreadableInvoice(
            "Ce PDF commence par autre chose qu’un PDF : demandez-en une copie propre.",
            "This PDF begins with something that is no PDF: ask for a clean copy.")
    }

    public static func isPDF(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(1024).firstRange(of: Array("%PDF-".utf8)) != nil
    }

    /// A file that is neither XML nor PDF is told apart from XML that is damaged.
    private static func refusal(of fault: EInvoiceFault, _ bytes: [UInt8]) -> UnreadableInvoice {
        guard case .notXML = fault, !looksLikeXML(bytes) else {
            return UnreadableInvoice(fault.message)
        }
        return UnreadableInvoice(
            "Ce fichier n’est ni un PDF ni du XML : une facture électronique est l’un ou l’autre "
                + "(Factur-X, CII ou UBL).",
            "This file is neither a PDF nor XML: an e-invoice is one or the other "
                + "(Factur-X, CII or UBL).")
    }

    private static func looksLikeXML(_ bytes: [UInt8]) -> Bool {
        let marks: Set<UInt8> = [0xef, 0xbb, 0xbf, 0xfe, 0xff, 0, 9, 10, 13, 32]
        return bytes.prefix(200).first { !marks.contains($0) } == UInt8(ascii: "<")
    }

    private static func attachedInvoice(in bytes: [UInt8]) throws(UnreadableInvoice)
        -> (name: String, bytes: [UInt8])
    {
        do {
            let pdf = try PDFFile(bytes)
            let found = try pdf.attachments(named: FacturX.attachmentNames)
            if let first = found.first { return first }
            throw noInvoice(among: pdf.attachmentNames)
        } catch let refusal as UnreadableInvoice {
            throw refusal
        } catch DrawingError.notPDF(let reason) where reason.contains("password") {
            throw UnreadableInvoice(
                "Ce PDF est protégé par un mot de passe : demandez-en une copie sans protection.",
                "This PDF is protected by a password: ask for a copy without it.")
        } catch DrawingError.pdfTooLarge {
            throw UnreadableInvoice(
                "Ce PDF est trop gros, ou sa pièce jointe le devient une fois décompressée.",
                "This PDF is too large, or its attachment becomes so once unpacked.")
        } catch {
            throw UnreadableInvoice(
                "Ce PDF est endommagé ou incomplet : demandez qu’on vous le renvoie.",
                "This PDF is damaged or incomplete: ask for it again.")
        }
    }

    private static func noInvoice(among names: [String]) -> UnreadableInvoice {
        guard !names.isEmpty else {
            return UnreadableInvoice(
                "Ce PDF ne contient pas de facture électronique : c’est un PDF ordinaire. Demandez un "
                    + "Factur-X.",
                "This PDF holds no e-invoice: it is an ordinary PDF. Ask for a Factur-X.")
        }
        let list = names.prefix(5).map { String($0.prefix(60)) }.joined(separator: ", ")
        return UnreadableInvoice(
            "Ce PDF contient \(list), mais pas de facture électronique (\(FacturX.fileName)).",
            "This PDF holds \(list), but no e-invoice (\(FacturX.fileName)).")
    }
}
