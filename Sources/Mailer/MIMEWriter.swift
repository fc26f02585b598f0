import CGMime

/// Writes a checked message with GMime, which folds and encodes headers in ways that every reader
/// takes back exactly.
enum MIMEWriter {
    /// GMime's tables are made once, before their first use by any thread.
    private static let library: Void = g_mime_init()

    static func write(_ message: MailMessage) -> [UInt8] {
        library
        let mime = g_mime_message_new(1)!
        defer { g_object_unref(mime) }
        writeHeaders(of: message, to: mime)
        let content = content(of: message)
        defer { g_object_unref(content) }
        g_mime_message_set_mime_part(mime, content)
        return bytes(of: object(mime))
    }

    private static func writeHeaders(
        of message: MailMessage, to mime: UnsafeMutablePointer<GMimeMessage>
    ) {
        func add(_ type: GMimeAddressType, _ addresses: [MailAddress]) {
            for address in addresses {
                g_mime_message_add_mailbox(mime, type, address.name, address.address)
            }
        }
        add(GMIME_ADDRESS_TYPE_FROM, [message.from])
        add(GMIME_ADDRESS_TYPE_REPLY_TO, message.replyTo.map { [$0] } ?? [])
        add(GMIME_ADDRESS_TYPE_TO, message.to)
        add(GMIME_ADDRESS_TYPE_CC, message.cc)
        g_mime_message_set_subject(mime, message.subject, "utf-8")
        let date = g_date_time_new_from_unix_utc(Int(message.date))
        if let date {
            g_mime_message_set_date(mime, date)
            g_date_time_unref(date)
        }
        g_mime_message_set_message_id(mime, message.messageID)
        for header in message.headers {
            g_mime_object_append_header(object(mime), header.name, header.value, "utf-8")
        }
    }

    /// Text, or text and HTML as alternatives, and the attachments after them.
    private static func content(of message: MailMessage) -> UnsafeMutablePointer<GMimeObject> {
        var body = textPart(message.text, subtype: "plain")
        if let html = message.html {
            let parts = [body, textPart(html, subtype: "html")]
            body = multipart("alternative", parts: parts, messageID: message.messageID)
        }
        if message.attachments.isEmpty { return body }
        let files = message.attachments.map(filePart)
        return multipart("mixed", parts: [body] + files, messageID: message.messageID)
    }

    private static func textPart(
        _ text: String, subtype: String
    ) -> UnsafeMutablePointer<GMimeObject> {
        let part = g_mime_text_part_new_with_subtype(subtype)!
        g_mime_text_part_set_charset(part, "utf-8")
        // C would end the text at a NUL; a lone CR would be repaired differently by each server.
        var scalars = String.UnicodeScalarView()
        var afterCarriageReturn = false
        for scalar in text.unicodeScalars where scalar != "\u{0}" {
            if !(scalar == "\n" && afterCarriageReturn) {
                scalars.append(scalar == "\r" ? "\n" : scalar)
            }
            afterCarriageReturn = scalar == "\r"
        }
        g_mime_text_part_set_text(part, String(scalars))
        let mimePart = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimePart.self)
        g_mime_part_set_content_encoding(mimePart, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        return object(part)
    }

    private static func filePart(_ file: Attachment) -> UnsafeMutablePointer<GMimeObject> {
        let type = file.contentType.split(separator: "/").map(String.init)
        let part = g_mime_part_new_with_type(type[0], type[1])!
        let stream = file.bytes.withUnsafeBytes {
            // GMime copies the bytes.
            g_mime_stream_mem_new_with_buffer(
                $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        let content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT)
        g_mime_part_set_content(part, content)
        g_object_unref(content)
        g_object_unref(stream)
        g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64)
        g_mime_object_set_disposition(object(part), "attachment")
        g_mime_part_set_filename(part, file.filename)
        return object(part)
    }

    /// A multipart that takes over the references to its parts.
    private static func multipart(
        _ subtype: String, parts: [UnsafeMutablePointer<GMimeObject>], messageID: String
    ) -> UnsafeMutablePointer<GMimeObject> {
        let multipart = g_mime_multipart_new_with_subtype(subtype)!
        // Neither quoted-printable nor base64 can produce "=_", so that no text can forge the
        // boundary though it can be foreseen.
        g_mime_multipart_set_boundary(multipart, "=_\(subtype)_\(fingerprint(messageID))")
        for part in parts {
            g_mime_multipart_add(multipart, part)
            g_object_unref(part)
        }
        return object(multipart)
    }

    /// FNV-1a: tells the boundaries of two messages apart, nothing more.
    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }

    private static func bytes(of mime: UnsafeMutablePointer<GMimeObject>) -> [UInt8] {
        let options = g_mime_format_options_new()
        defer { g_mime_format_options_free(options) }
        g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS)
        let stream = g_mime_stream_mem_new()!
        defer { g_object_unref(stream) }
        g_mime_object_write_to_stream(mime, options, stream)
        let memory = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: GMimeStreamMem.self)
        guard let array = g_mime_stream_mem_get_byte_array(memory) else { return [] }
        return Array(
            UnsafeBufferPointer(start: array.pointee.data, count: Int(array.pointee.len)))
    }

    /// Any of GMime's classes seen as their common ancestor.
    private static func object<Class>(
        _ pointer: UnsafeMutablePointer<Class>
    ) -> UnsafeMutablePointer<GMimeObject> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: GMimeObject.self)
    }
}
