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

/// One file of a form.
public struct UploadedFile: Sendable {
    /// The name of the form's field.
    public let name: String
    /// The name to show: no folder, no control or direction characters, 1 to 200 bytes. It is still
    /// the sender's text: show it, never open a file by it.
    public let filename: String
    /// The type that the sender claims; look at the bytes before believing it.
    public let contentType: String
    /// The content.
    public let bytes: [UInt8]

    /// - Parameters:
    ///   - name: the name of the form's field.
    ///   - filename: the name to show.
    ///   - contentType: the claimed type.
    ///   - bytes: the content.
    public init(name: String, filename: String, contentType: String, bytes: [UInt8]) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        self.bytes = bytes
    }
}

/// How much one form may hold. Its size in bytes is limited by the server already.
public struct FormLimits: Sendable {
    /// The highest number of text fields.
    public var fields: Int
    /// The highest number of files.
    public var files: Int

    /// - Parameters:
    ///   - fields: the highest number of text fields.
    ///   - files: the highest number of files.
    public init(fields: Int = Fields.standardLimit, files: Int = 50) {
        self.fields = fields
        self.files = files
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
            if body.isEmpty { return Form() }
            throw HTTPError(status: 415, message: "The form has no content type.")
        }
        let type = HeaderParameters(parsing: contentType)
        switch type?.value {
        case "application/x-www-form-urlencoded":
            return Form(fields: try Fields(parsing: body, limit: limits.fields))
        case "multipart/form-data":
            guard let boundary = type?["boundary"], isBoundary(boundary.utf8) else {
                throw .badRequest("The form has no valid boundary.")
            }
            var reader = MultipartReader(body: body, boundary: boundary, limits: limits)
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
