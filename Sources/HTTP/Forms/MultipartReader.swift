/// Reads a `multipart/form-data` body (RFC 7578). Files are left where they are, in memory or on the
/// disk; only fields and the headers of parts are read.
///
/// It is stricter than the grammar: nothing may precede the first boundary and no blanks may follow
/// one, since no browser sends them and they only serve to hide parts from a filter.
struct MultipartReader {
    /// The header block of one part may not be longer.
    private static let maxPartHeaderBytes = 8_192

    private let body: SentBytes
    private let delimiter: [UInt8]
    private let limits: FormLimits
    private var position = 0
    private var fields: [Fields.Field] = []
    private var files: [UploadedFile] = []
    private var textBytes = 0

    init(body: SentBytes, boundary: String, limits: FormLimits) {
        self.body = body
        self.limits = limits
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    mutating func form() throws(HTTPError) -> Form {
        let first = try body.read(at: 0, count: delimiter.count - 2)
        guard first.elementsEqual(delimiter.dropFirst(2)) else {
            throw .badRequest("The form does not begin with its boundary.")
        }
        position = delimiter.count - 2
        while try !isLastBoundary() {
            try readPart()
        }
        return Form(fields: Fields(fields), files: files)
    }

    /// Reads what follows a boundary: `--` after the last, a line break before another part.
    private mutating func isLastBoundary() throws(HTTPError) -> Bool {
        let end = try body.read(at: position, count: 2)
        position += 2
        if end.elementsEqual("--".utf8) { return true }
        guard end.elementsEqual("\r\n".utf8) else {
            throw .badRequest("The form is cut short or a boundary is malformed.")
        }
        return false
    }

    private mutating func readPart() throws(HTTPError) {
        let headers = try partHeaders()
        guard let end = try body.firstIndex(of: delimiter, from: position) else {
            throw .badRequest("The form is cut short.")
        }
        let content = body.slice(position..<end)
        position = end + delimiter.count
        guard let disposition = headers["Content-Disposition"].flatMap(HeaderParameters.init),
            disposition.value == "form-data", let name = disposition["name"]
        else { throw .badRequest("A part of the form has no name.") }
        if let filename = disposition["filename"] {
            try addFile(
                field: name, filename: filename, type: headers["Content-Type"], content: content)
        } else {
            try addField(name, content)
        }
    }

    private mutating func partHeaders() throws(HTTPError) -> HTTPHeaders {
        let block = SentBytes(try body.read(at: position, count: Self.maxPartHeaderBytes + 3))
        guard let end = try block.firstIndex(of: Array("\r\n\r\n".utf8), from: 0) else {
            throw .badRequest("The header of a part is malformed or too long.")
        }
        var headers = HTTPHeaders()
        for line in try block.read(at: 0, count: end).split(separator: 0x0A) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard parts.count == 2, isToken(parts[0]),
                let value = plainText(
                    trimmed(parts[1].last == 0x0D ? parts[1].dropLast() : parts[1])),
                isFieldValue(value.utf8)
            else { throw .badRequest("The header of a part is malformed.") }
            headers.append(String(decoding: parts[0], as: UTF8.self), value)
        }
        guard headers.all(named: "Content-Disposition").count == 1 else {
            throw .badRequest("A part of the form must have one disposition.")
        }
        position += end + 4
        return headers
    }

    private mutating func addField(
        _ name: String, _ content: SentBytes
    ) throws(HTTPError) {
        guard fields.count < limits.fields else { throw .tooLarge("There are too many fields.") }
        textBytes += content.count
        guard textBytes <= limits.textBytes else {
            throw .tooLarge("The form holds too much text.")
        }
        guard let value = plainText(try content.bytes) else {
            throw .badRequest("A field is not UTF-8 text.")
        }
        fields.append(Fields.Field(name: unescaped(name), value: value))
    }

    private mutating func addFile(
        field: String, filename: String, type: String?, content: SentBytes
    ) throws(HTTPError) {
        // A file input left empty is sent as a part without name and content.
        if filename.isEmpty && content.isEmpty { return }
        guard files.count < limits.files else { throw .tooLarge("There are too many files.") }
        files.append(
            UploadedFile(
                name: unescaped(field), filename: safeFileName(unescaped(filename)),
                contentType: type ?? "application/octet-stream", content: content))
    }
}

/// Browsers escape exactly these three characters in names (WHATWG HTML, multipart encoding).
private func unescaped(_ name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: "%")) else { return name }
    var result: [UInt8] = []
    var bytes = Array(name.utf8)[...]
    let escapes: [(text: [UInt8], byte: UInt8)] = [
        (Array("%22".utf8), 0x22), (Array("%0D".utf8), 0x0D), (Array("%0A".utf8), 0x0A),
    ]
    while let first = bytes.first {
        if let escape = escapes.first(where: { bytes.starts(with: $0.text) }) {
            result.append(escape.byte)
            bytes = bytes.dropFirst(escape.text.count)
        } else {
            result.append(first)
            bytes.removeFirst()
        }
    }
    return String(decoding: result, as: UTF8.self)
}
