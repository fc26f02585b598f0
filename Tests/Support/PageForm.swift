/// A form as it stands in a page: where it goes, and what its fields hold.
public struct PageForm: Sendable {
    public var action: String
    public var method: String
    /// In the order of the page; boxes that are not ticked and buttons are left out.
    public var fields: [(name: String, value: String)] = []
    /// The names of the fields that take a text, hidden ones left out.
    public var textFields: [String] = []
    /// Where a script sends it while it is being filled in.
    public var preview: String?

    public subscript(_ name: String) -> String? { fields.last { $0.name == name }?.value }

    /// Sets a field, or adds it as a script or a ticked box would.
    public mutating func set(_ name: String, _ value: String) {
        if let index = fields.firstIndex(where: { $0.name == name }) {
            fields[index].value = value
        } else {
            fields.append((name, value))
        }
    }

    static func all(in page: String) -> [PageForm] {
        var forms: [PageForm] = []
        var isInForm = false
        var select: (name: String, value: String?, first: String?)?
        var tags = TagReader(page)
        while let tag = tags.next() {
            switch tag.name {
            case "form":
                forms.append(
                    PageForm(
                        action: tag["action"] ?? "", method: tag["method"]?.lowercased() ?? "get",
                        preview: tag["data-preview"]))
                isInForm = true
            case "/form": isInForm = false
            case "input" where isInForm:
                guard let name = tag["name"] else { break }
                let isChoice = ["checkbox", "radio"].contains(tag["type"])
                if isChoice && !tag.has("checked") || tag["type"] == "file" { break }
                if isText(tag) { forms[forms.count - 1].textFields.append(name) }
                forms[forms.count - 1].fields.append((name, tag["value"] ?? (isChoice ? "on" : "")))
            case "textarea" where isInForm:
                guard let name = tag["name"] else { break }
                forms[forms.count - 1].textFields.append(name)
                forms[forms.count - 1].fields.append((name, tags.text(before: "</textarea")))
            case "select" where isInForm: select = tag["name"].map { ($0, nil, nil) }
            case "option":
                let value = tag["value"] ?? ""
                if select?.first == nil { select?.first = value }
                if tag.has("selected") { select?.value = value }
            case "/select":
                if let (name, value, first) = select, isInForm {
                    forms[forms.count - 1].fields.append((name, value ?? first ?? ""))
                }
                select = nil
            default: break
            }
        }
        return forms
    }

    private static func isText(_ input: TagReader.Tag) -> Bool {
        ["text", "search", "email", "tel", "url", "password"].contains(input["type"] ?? "text")
    }
}

/// Reads the tags of a page one by one; enough for our own markup, which a test keeps well formed.
struct TagReader {
    struct Tag {
        var name: String
        var attributes: [(name: String, value: String)] = []
        subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
        func has(_ name: String) -> Bool { attributes.contains { $0.name == name } }
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ page: String) { bytes = Array(page.utf8) }

    mutating func next() -> Tag? {
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
        guard position < bytes.count else { return nil }
        position += 1
        var tag = Tag(name: word { !TagReader.isSpace($0) && $0 != UInt8(ascii: ">") }.lowercased())
        while true {
            skipSpace()
            guard position < bytes.count else { return tag }
            if bytes[position] == UInt8(ascii: ">") {
                position += 1
                return tag
            }
            let name = word {
                !TagReader.isSpace($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "=")
            }
            tag.attributes.append((name.lowercased(), value()))
        }
    }

    /// The text up to an end tag, as a person reads it.
    mutating func text(before end: String) -> String {
        let end = Array(end.utf8)
        let start = position
        while position < bytes.count, !bytes[position...].starts(with: end) { position += 1 }
        return TagReader.unescaped(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func value() -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return "" }
        position += 1
        guard position < bytes.count else { return "" }
        let quote = bytes[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return TagReader.unescaped(
                word { !TagReader.isSpace($0) && $0 != UInt8(ascii: ">") })
        }
        position += 1
        let text = word { $0 != quote }
        position += 1
        return TagReader.unescaped(text)
    }

    private mutating func word(_ isPart: (UInt8) -> Bool) -> String {
        let start = position
        repeat { position += 1 } while position < bytes.count && isPart(bytes[position])
        // An empty value ends where it begins.
        if start < bytes.count, !isPart(bytes[start]) {
            position = start
            return ""
        }
        return String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
    }

    private mutating func skipSpace() {
        while position < bytes.count, TagReader.isSpace(bytes[position]) { position += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var out = text
        for (entity, character) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            out = out.split(separator: entity, omittingEmptySubsequences: false)
                .joined(separator: character)
        }
        return out
    }
}
