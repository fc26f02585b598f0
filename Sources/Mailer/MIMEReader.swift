import CGMime

/// A file that a mail brought.
public struct ReceivedAttachment: Sendable {
    /// As the sender called it: show it, never open a file by it. Empty when it has none.
    public let name: String
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// Reads mails that strangers wrote, by way of GMime.
public enum MIMEReader {
    /// Parts of one mail that are looked at.
    public static let maximumParts = 200
    /// GMime's tables are made once, before their first use by any thread.
    private static let library: Void = g_mime_init()

    /// The files of a mail, those of mails forwarded within it too; nil when the bytes are no mail.
    /// - Parameter wanted: whether a part of that name and type is wanted, `("a.pdf", "application/pdf")`.
    public static func attachments(
        of mail: [UInt8], wanted: (_ name: String, _ type: String) -> Bool
    ) -> [ReceivedAttachment]? {
        library
        let memory = mail.withUnsafeBytes {
            g_mime_stream_mem_new_with_buffer(
                $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        guard let memory else { return nil }
        defer { g_object_unref(memory) }
        guard let parser = g_mime_parser_new_with_stream(memory) else { return nil }
        defer { g_object_unref(parser) }
        guard let message = g_mime_parser_construct_message(parser, nil) else { return nil }
        defer { g_object_unref(message) }
        guard let sender = g_mime_message_get_from(message),
            internet_address_list_length(sender) > 0 || g_mime_message_get_subject(message) != nil
        else { return nil }
        return files(in: message, wanted)
    }

    private static func files(
        in message: UnsafeMutablePointer<GMimeMessage>, _ wanted: (String, String) -> Bool
    ) -> [ReceivedAttachment] {
        var found: [ReceivedAttachment] = []
        let top = UnsafeMutableRawPointer(message).assumingMemoryBound(to: GMimeObject.self)
        guard let parts = g_mime_part_iter_new(top) else { return [] }
        defer { g_mime_part_iter_free(parts) }
        var seen = 0
        repeat {
            seen += 1
            guard let part = g_mime_part_iter_get_current(parts), isFile(part) else { continue }
            let file = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimePart.self)
            let name = g_mime_part_get_filename(file).map { String(cString: $0) } ?? ""
            guard wanted(name, type(of: part)), let bytes = content(of: file) else { continue }
            found.append(ReceivedAttachment(name: name, bytes: bytes))
        } while seen < maximumParts && g_mime_part_iter_next(parts) != 0
        return found
    }

    private static func isFile(_ part: UnsafeMutablePointer<GMimeObject>) -> Bool {
        let instance = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GTypeInstance.self)
        return g_type_check_instance_is_a(instance, g_mime_part_get_type()) != 0
    }

    private static func type(of part: UnsafeMutablePointer<GMimeObject>) -> String {
        guard let type = g_mime_object_get_content_type(part),
            let text = g_mime_content_type_get_mime_type(type)
        else { return "" }
        defer { g_free(text) }
        return String(cString: text).lowercased()
    }

    /// Decoded; nil for a part without content.
    private static func content(of part: UnsafeMutablePointer<GMimePart>) -> [UInt8]? {
        guard let wrapper = g_mime_part_get_content(part), let out = g_mime_stream_mem_new() else {
            return nil
        }
        defer { g_object_unref(out) }
        guard g_mime_data_wrapper_write_to_stream(wrapper, out) >= 0 else { return nil }
        let memory = UnsafeMutableRawPointer(out).assumingMemoryBound(to: GMimeStreamMem.self)
        guard let array = g_mime_stream_mem_get_byte_array(memory) else { return nil }
        return Array(
            UnsafeBufferPointer(start: array.pointee.data, count: Int(array.pointee.len)))
    }
}
