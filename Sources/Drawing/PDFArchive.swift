import CQPDF

/// Makes of a PDF with embedded fonts one for the archive: PDF/A-3b, with a file attached or without.
/// The same input gives the same bytes.
public struct PDFArchive: Sendable {
    /// A file inside the document.
    public struct Attachment: Sendable {
        public var name: String
        public var mimeType: String
        public var description: String
        public var bytes: [UInt8]

        public init(name: String, mimeType: String, description: String, bytes: [UInt8]) {
            self.name = name
            self.mimeType = mimeType
            self.description = description
            self.bytes = bytes
        }
    }

    public var title: String
    public var author: String
    /// The program that made it.
    public var producer: String
    /// BCP 47, such as `fr`.
    public var language: String
    /// Seconds since 1970, the only date that the file bears.
    public var createdAt: Int64
    public var attachment: Attachment?
    /// Metadata of a standard of its own, such as Factur-X.
    public var metadata: XMPSchema?

    public init(
        title: String, author: String, producer: String, language: String, createdAt: Int64,
        attachment: Attachment? = nil, metadata: XMPSchema? = nil
    ) {
        // The older dictionary and the metadata must say the same, so both get one clean line.
        self.title = PlainText.line(title)
        self.author = PlainText.line(author)
        self.producer = producer
        self.language = language
        self.createdAt = createdAt
        self.attachment = attachment
        self.metadata = metadata
    }

    /// - Parameters:
    ///   - pdf: a document that `PDFDocument` drew.
    ///   - colors: the profile of its colours, sRGB.
    /// - Throws: `DrawingError.pdf` with qpdf's words.
    public func bytes(of pdf: [UInt8], colors: ColorProfile) throws(DrawingError) -> [UInt8] {
        let file = try PDFFile(pdf)
        let root = qpdf_get_root(file.handle)
        file.set(root, "/Metadata", metadataStream(in: file))
        file.set(root, "/Lang", qpdf_oh_new_unicode_string(file.handle, language))
        file.set(root, "/OutputIntents", file.array([outputIntent(colors, in: file)]))
        if let attachment { attach(attachment, to: root, in: file) }
        writeInformation(in: file)
        nameGlyphs(in: file)
        return try file.bytes()
    }

    private func metadataStream(in file: PDFFile) -> qpdf_oh {
        let xmp = XMPPacket(
            title: title, author: author, producer: producer, createdAt: timestamp(createdAt),
            schema: metadata)
        let stream = file.stream(Array(xmp.text.utf8))
        let dictionary = qpdf_oh_get_dict(file.handle, stream)
        file.set(dictionary, "/Type", file.name("/Metadata"))
        file.set(dictionary, "/Subtype", file.name("/XML"))
        return stream
    }

    private func outputIntent(_ colors: ColorProfile, in file: PDFFile) -> qpdf_oh {
        let profile = file.stream(colors.bytes)
        file.set(
            qpdf_oh_get_dict(file.handle, profile), "/N",
            qpdf_oh_new_integer(file.handle, Int64(ColorProfile.components)))
        let intent = qpdf_oh_new_dictionary(file.handle)
        file.set(intent, "/Type", file.name("/OutputIntent"))
        file.set(intent, "/S", file.name("/GTS_PDFA1"))
        file.set(intent, "/OutputConditionIdentifier", file.string("sRGB"))
        file.set(intent, "/Info", file.string("sRGB IEC61966-2.1"))
        file.set(intent, "/DestOutputProfile", profile)
        return intent
    }

    private func attach(_ attachment: Attachment, to root: qpdf_oh, in file: PDFFile) {
        let embedded = file.stream(attachment.bytes)
        let dictionary = qpdf_oh_get_dict(file.handle, embedded)
        file.set(dictionary, "/Type", file.name("/EmbeddedFile"))
        // qpdf writes the slash inside the name as #2F by itself.
        file.set(dictionary, "/Subtype", file.name("/" + attachment.mimeType))
        let parameters = qpdf_oh_new_dictionary(file.handle)
        file.set(parameters, "/ModDate", file.string(date))
        file.set(
            parameters, "/Size",
            qpdf_oh_new_integer(file.handle, Int64(attachment.bytes.count)))
        file.set(dictionary, "/Params", parameters)
        let streams = qpdf_oh_new_dictionary(file.handle)
        file.set(streams, "/F", embedded)
        file.set(streams, "/UF", embedded)
        let specification = qpdf_oh_new_dictionary(file.handle)
        file.set(specification, "/Type", file.name("/Filespec"))
        file.set(specification, "/F", file.string(attachment.name))
        file.set(specification, "/UF", file.string(attachment.name))
        file.set(specification, "/Desc", file.string(attachment.description))
        // The XML says what the pages say: neither is derived from the other.
        file.set(specification, "/AFRelationship", file.name("/Alternative"))
        file.set(specification, "/EF", streams)
        let shared = qpdf_make_indirect_object(file.handle, specification)
        file.set(root, "/AF", file.array([shared]))
        let names = qpdf_oh_new_dictionary(file.handle)
        file.set(names, "/Names", file.array([file.string(attachment.name), shared]))
        let files = qpdf_oh_new_dictionary(file.handle)
        file.set(files, "/EmbeddedFiles", names)
        file.set(root, "/Names", files)
    }

    /// The older dictionary must say what the metadata say.
    private func writeInformation(in file: PDFFile) {
        let information = qpdf_oh_new_dictionary(file.handle)
        for (key, value) in [
            ("/Title", title), ("/Author", author), ("/Producer", producer), ("/Creator", producer),
        ] where !value.isEmpty {
            file.set(information, key, qpdf_oh_new_unicode_string(file.handle, value))
        }
        file.set(information, "/CreationDate", file.string(date))
        file.set(information, "/ModDate", file.string(date))
        file.set(
            qpdf_get_trailer(file.handle), "/Info",
            qpdf_make_indirect_object(file.handle, information))
    }

    /// cairo 1.16 leaves out how glyphs of TrueType fonts are numbered, which PDF/A requires to be said.
    private func nameGlyphs(in file: PDFFile) {
        for object in file.objects
        where qpdf_oh_is_dictionary(file.handle, object) != 0
            && qpdf_oh_is_name_and_equals(
                file.handle, qpdf_oh_get_key(file.handle, object, "/Subtype"), "/CIDFontType2")
                != 0
            && qpdf_oh_has_key(file.handle, object, "/CIDToGIDMap") == 0
        {
            file.set(object, "/CIDToGIDMap", file.name("/Identity"))
        }
    }

    /// `D:20261121100000Z`
    private var date: String {
        "D:" + timestamp(createdAt).filter(\.isNumber) + "Z"
    }
}

/// The ICC profile of the colours of a document.
public struct ColorProfile: Sendable {
    /// Red, green and blue.
    static let components = 3
    let bytes: [UInt8]

    /// sRGB, in Debian's package `icc-profiles-free`.
    /// - Throws: `DrawingError.colors` when the file is not there.
    public static func sRGB(
        path: String = "/usr/share/color/icc/sRGB.icc"
    ) throws(DrawingError) -> ColorProfile {
        guard let bytes = contents(of: path), !bytes.isEmpty else { throw .colors(path: path) }
        return ColorProfile(bytes: bytes)
    }
}
