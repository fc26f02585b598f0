/// What a form sent: its fields and its files.
public struct Form: Sendable {
    /// The text fields, in order.
    public let fields: Fields
    /// The files, in order; a file input left empty adds none.
    public let files: [UploadedFile]

    /// - Parameters:
    ///   - fields: the text fields.
    ///   - files: the files.
    public init(fields: Fields = Fields(), files: [UploadedFile] = []) {
        self.fields = fields
        self.files = files
    }
}

extension Form {
    /// The first file of a field; nil when none was sent. Large files stay on the disk: read them
    /// with `content.pieces`, or keep them with `content.write(toFileAt:)`.
    public func upload(_ field: String) -> UploadedFile? { files.first { $0.name == field } }
}

/// One file of a form.
public struct UploadedFile: Sendable {
    /// The name of the form's field.
    public let name: String
    /// The name to show: no folder, no control or direction characters, 1 to 200 bytes. It is still
    /// the sender's text: show it, never open a file by it.
    public let filename: String
    /// The type that the sender claims; look at the bytes before believing it.
    public let contentType: String
    /// The content, in memory or on the disk.
    public let content: SentBytes

    /// - Parameters:
    ///   - name: the name of the form's field.
    ///   - filename: the name to show.
    ///   - contentType: the claimed type.
    ///   - content: the content.
    public init(name: String, filename: String, contentType: String, content: SentBytes) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        self.content = content
    }

    /// The content in memory, for what is known to be small: look at `content.count` first.
    ///
    /// - Throws: 500 when it is on a disk that cannot be read.
    public var bytes: [UInt8] {
        get throws(HTTPError) { try content.bytes }
    }
}

/// How much one form may hold. Its size in bytes is limited by the server already.
public struct FormLimits: Sendable {
    /// The highest number of text fields.
    public var fields: Int
    /// The highest number of files.
    public var files: Int
    /// All text fields together, in bytes: they are read into memory, files are not.
    public var textBytes: Int

    /// - Parameters:
    ///   - fields: the highest number of text fields.
    ///   - files: the highest number of files.
    ///   - textBytes: the size of all text fields together.
    public init(
        fields: Int = Fields.standardLimit, files: Int = 50, textBytes: Int = 4 * 1_024 * 1_024
    ) {
        self.fields = fields
        self.files = files
        self.textBytes = textBytes
    }
}

extension HTTPRequest {
    /// Decodes the body as a form, `application/x-www-form-urlencoded` or `multipart/form-data`.
    ///
    /// - Parameter limits: how many fields and files are accepted.
    /// - Returns: the form; an empty one when the request has neither body nor content type.
    /// - Throws: 415 for another content type, 400 for a malformed body, 413 over the limits.
    public func form(limits: FormLimits = FormLimits()) throws(HTTPError) -> Form {
        guard let contentType = headers["Content-Type"] else {
            if content.isEmpty { return Form() }
            throw HTTPError(status: 415, message: "The form has no content type.")
        }
        let type = HeaderParameters(parsing: contentType)
        switch type?.value {
        case "application/x-www-form-urlencoded":
            guard content.count <= limits.textBytes else {
                throw .tooLarge("The form holds too much text.")
            }
            return Form(fields: try Fields(parsing: body, limit: limits.fields))
        case "multipart/form-data":
            guard let boundary = type?["boundary"], isBoundary(boundary.utf8) else {
                throw .badRequest("The form has no valid boundary.")
            }
            var reader = MultipartReader(body: content, boundary: boundary, limits: limits)
            return try reader.form()
        default:
            throw HTTPError(status: 415, message: "The content type is not that of a form.")
        }
    }
}

/// RFC 2046, section 5.1.1, without the space: 1 to 70 characters that need no escape anywhere.
private func isBoundary(_ bytes: String.UTF8View) -> Bool {
    let marks = Array("'()+_,-./:=?".utf8)
    return (1...70).contains(bytes.count)
        && bytes.allSatisfy {
            let letter = lowercased($0)
            return (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z"))
                || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || marks.contains($0)
        }
}
