/// A header value with parameters, such as `form-data; name="logo"; filename="a.png"`.
struct HeaderParameters {
    /// What stands before the first semicolon, in lower case.
    let value: String
    private var parameters: [String: String] = [:]

    /// Nil when the text is malformed or names a parameter twice: two readers of the same header
    /// must not be able to choose different values.
    init?(parsing text: String) {
        var bytes = Array(text.utf8)[...]
        let value = bytes.prefix { $0 != UInt8(ascii: ";") }
        bytes = bytes.dropFirst(value.count)
        self.value = String(decoding: trimmed(value).map(lowercased), as: UTF8.self)
        while bytes.first == UInt8(ascii: ";") {
            bytes = withoutLeadingBlanks(bytes.dropFirst())
            if bytes.isEmpty { break }
            guard let (name, content) = Self.takeParameter(from: &bytes),
                parameters.updateValue(content, forKey: name) == nil
            else { return nil }
            bytes = withoutLeadingBlanks(bytes)
        }
        guard bytes.isEmpty else { return nil }
    }

    /// The parameter of that name, written in lower case.
    subscript(name: String) -> String? { parameters[name] }

    private static func takeParameter(
        from bytes: inout ArraySlice<UInt8>
    ) -> (name: String, content: String)? {
        let name = bytes.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
        bytes = bytes.dropFirst(name.count)
        guard isToken(name), bytes.popFirst() == UInt8(ascii: "=") else { return nil }
        var content: [UInt8] = []
        if bytes.first == UInt8(ascii: "\"") {
            bytes.removeFirst()
            guard let quoted = takeQuoted(from: &bytes) else { return nil }
            content = quoted
        } else {
            content = Array(trimmed(bytes.prefix { $0 != UInt8(ascii: ";") }))
            bytes = bytes.drop { $0 != UInt8(ascii: ";") }
        }
        guard let text = plainText(content) else { return nil }
        return (String(decoding: name.map(lowercased), as: UTF8.self), text)
    }

    /// A backslash escapes only a quote or a backslash: some browsers send Windows paths as they
    /// are.
    private static func takeQuoted(from bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
        var content: [UInt8] = []
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "\"") { return content }
            if byte == UInt8(ascii: "\\"), let next = bytes.first,
                next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
            {
                bytes.removeFirst()
                content.append(next)
            } else {
                content.append(byte)
            }
        }
        return nil
    }
}

func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

func withoutLeadingBlanks(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes.drop(while: isBlank)
}

/// The bytes without blanks (space, tab) at either end.
func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = withoutLeadingBlanks(bytes)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return bytes
}

extension HTTPRequest {
    /// The content type of the body in lower case, without its parameters; nil when it has none.
    public var contentType: String? {
        headers["Content-Type"].flatMap { HeaderParameters(parsing: $0)?.value }
    }
}
