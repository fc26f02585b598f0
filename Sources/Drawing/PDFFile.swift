import CQPDF
import Glibc

/// A PDF file that was read, to be changed or looked into, by way of qpdf.
public final class PDFFile {
    var handle: qpdf_data?

    /// Largest file that is read, in bytes.
    public static let maximumBytes = 40_000_000
    /// Largest attachment that is taken out, in bytes: what a small file unpacks to is bounded too.
    public static let maximumAttachmentBytes = 40_000_000

    /// - Throws: `DrawingError.notPDF` when it is damaged beyond repair, locked or no PDF at all,
    ///   `DrawingError.pdfTooLarge`.
    public init(_ bytes: [UInt8]) throws(DrawingError) {
        guard bytes.count <= Self.maximumBytes else { throw .pdfTooLarge }
        // The header may stand behind other bytes, but not far: qpdf would look through all of them.
        guard bytes.prefix(1024).firstRange(of: Array("%PDF-".utf8)) != nil else {
            throw .notPDF("no header")
        }
        handle = qpdf_init()
        content = UnsafeMutablePointer<CChar>.allocate(capacity: max(bytes.count, 1))
        bytes.withUnsafeBytes { _ = memcpy(content, $0.baseAddress!, bytes.count) }
        qpdf_silence_errors(handle)
        qpdf_set_suppress_warnings(handle, QPDF_TRUE)
        _ = qpdf_read_memory(handle, "document", content, UInt64(bytes.count), nil)
        if let message = errorMessage { throw .notPDF(message) }
    }

    // qpdf reads from the bytes for as long as it lives.
    private let content: UnsafeMutablePointer<CChar>

    deinit {
        qpdf_cleanup(&handle)
        content.deallocate()
    }

    /// The attached files, by name.
    /// - Parameter wanted: only those of one of these names.
    public func attachments(named wanted: [String]) throws(DrawingError) -> [(
        name: String, bytes: [UInt8]
    )] {
        var found: [(name: String, bytes: [UInt8])] = []
        for object in objects where isSpecification(object) {
            guard let name = text(object, "/UF") ?? text(object, "/F"), wanted.contains(name),
                !found.contains(where: { $0.name == name }), let bytes = try embedded(object)
            else { continue }
            found.append((name, bytes))
        }
        if let message = errorMessage { throw .notPDF(message) }
        return found
    }

    /// The names of all attached files.
    public var attachmentNames: [String] {
        var names: [String] = []
        for object in objects where isSpecification(object) {
            guard let name = text(object, "/UF") ?? text(object, "/F"), !names.contains(name)
            else { continue }
            names.append(name)
        }
        return names
    }

    /// Whether it names a file that is embedded. Not every writer states the type.
    private func isSpecification(_ object: qpdf_oh) -> Bool {
        qpdf_oh_is_dictionary(handle, object) != 0 && qpdf_oh_has_key(handle, object, "/EF") != 0
    }

    private func text(_ object: qpdf_oh, _ key: String) -> String? {
        let value = qpdf_oh_get_key(handle, object, key)
        guard qpdf_oh_is_string(handle, value) != 0,
            let characters = qpdf_oh_get_utf8_value(handle, value)
        else { return nil }
        return String(cString: characters)
    }

    private func embedded(_ specification: qpdf_oh) throws(DrawingError) -> [UInt8]? {
        let streams = qpdf_oh_get_key(handle, specification, "/EF")
        guard qpdf_oh_is_dictionary(handle, streams) != 0 else { return nil }
        let stream = qpdf_oh_get_key(handle, streams, "/F")
        guard qpdf_oh_is_stream(handle, stream) != 0 else { return nil }
        guard let packed = rawContent(of: stream) else { return nil }
        let filter = qpdf_oh_get_key(handle, qpdf_oh_get_dict(handle, stream), "/Filter")
        if qpdf_oh_is_null(handle, filter) != 0 { return packed }
        let isFlate = [filter, qpdf_oh_get_array_item(handle, filter, 0)].contains {
            qpdf_oh_is_name_and_equals(handle, $0, "/FlateDecode") != 0
        }
        let isAlone =
            qpdf_oh_is_array(handle, filter) == 0 || qpdf_oh_get_array_n_items(handle, filter) == 1
        guard isFlate, isAlone else { throw .notPDF("an attachment is packed in an unusual way") }
        do {
            return try Inflate.unpack(packed, limit: Self.maximumAttachmentBytes)
        } catch .tooLarge {
            throw .pdfTooLarge
        } catch {
            throw .notPDF("an attachment is damaged")
        }
    }

    private func rawContent(of stream: qpdf_oh) -> [UInt8]? {
        var (length, isFiltered) = (0, QPDF_BOOL(0))
        var buffer: UnsafeMutablePointer<UInt8>?
        _ = qpdf_oh_get_stream_data(
            handle, stream, qpdf_dl_none, &isFiltered, &buffer, &length)
        defer { free(buffer) }
        guard let buffer else { return nil }
        return Array(UnsafeBufferPointer(start: buffer, count: length))
    }
}

// What changing a file takes.
extension PDFFile {
    /// Every numbered object of the file.
    var objects: [qpdf_oh] {
        let size = qpdf_oh_get_int_value_as_int(
            handle, qpdf_oh_get_key(handle, qpdf_get_trailer(handle), "/Size"))
        guard size > 1 else { return [] }
        return (1..<size).map { qpdf_get_object_by_id(handle, $0, 0) }
    }

    func set(_ dictionary: qpdf_oh, _ key: String, _ value: qpdf_oh) {
        qpdf_oh_replace_key(handle, dictionary, key, value)
    }

    func name(_ name: String) -> qpdf_oh { qpdf_oh_new_name(handle, name) }

    func string(_ text: String) -> qpdf_oh { qpdf_oh_new_string(handle, text) }

    func array(_ items: [qpdf_oh]) -> qpdf_oh {
        let array = qpdf_oh_new_array(handle)
        for item in items { qpdf_oh_append_item(handle, array, item) }
        return array
    }

    func stream(_ bytes: [UInt8]) -> qpdf_oh {
        let stream = qpdf_oh_new_stream(handle)
        let nothing = qpdf_oh_new_null(handle)
        qpdf_oh_replace_stream_data(handle, stream, bytes, bytes.count, nothing, nothing)
        return stream
    }

    /// The file as it is now: PDF 1.7, with an identifier that follows from its content.
    func bytes() throws(DrawingError) -> [UInt8] {
        if let message = errorMessage { throw .pdf(message) }
        _ = qpdf_init_write_memory(handle)
        qpdf_set_deterministic_ID(handle, QPDF_TRUE)
        qpdf_force_pdf_version(handle, "1.7")
        qpdf_set_object_stream_mode(handle, qpdf_o_generate)
        qpdf_set_newline_before_endstream(handle, QPDF_TRUE)
        _ = qpdf_write(handle)
        if let message = errorMessage { throw .pdf(message) }
        guard let start = qpdf_get_buffer(handle) else { throw .pdf("nothing was written") }
        return Array(
            UnsafeBufferPointer(start: start, count: qpdf_get_buffer_length(handle)))
    }

    private var errorMessage: String? {
        guard qpdf_has_error(handle) != 0 else { return nil }
        let error = qpdf_get_error(handle)
        return qpdf_get_error_message_detail(handle, error).map { String(cString: $0) } ?? "?"
    }
}

/// The bytes of a file; nil when it cannot be read.
func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
    }
}
