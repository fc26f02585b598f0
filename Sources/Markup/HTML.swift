/// A piece of HTML. In a literal, strings that are interpolated are escaped by their type: only
/// another `HTML` goes in as it is, so a name that holds `<script>` shows as text.
///
///     let row: HTML = "<tr><td>\(client.name)</td></tr>"
public struct HTML: ExpressibleByStringInterpolation, Sendable {
    /// UTF-8.
    public private(set) var bytes: [UInt8]

    public static let empty = HTML(bytes: [])

    init(bytes: [UInt8]) { self.bytes = bytes }
    public init(stringLiteral text: String) { bytes = Array(text.utf8) }
    public init(stringInterpolation interpolation: StringInterpolation) {
        bytes = interpolation.bytes
    }

    /// Text, escaped.
    public init(text: String) {
        bytes = []
        HTML.escape(text, into: &bytes)
    }

    /// Markup made by a program that is known to be safe, such as a drawing of our own.
    public init(trusted markup: String) { bytes = Array(markup.utf8) }

    public var string: String { String(decoding: bytes, as: UTF8.self) }
    public var isEmpty: Bool { bytes.isEmpty }

    public static func + (left: HTML, right: HTML) -> HTML { HTML(bytes: left.bytes + right.bytes) }
    public static func += (left: inout HTML, right: HTML) { left.bytes += right.bytes }

    public struct StringInterpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 48)
        }
        public mutating func appendLiteral(_ text: String) {
            bytes.append(contentsOf: text.utf8)
        }
        public mutating func appendInterpolation(_ text: String) {
            HTML.escape(text, into: &bytes)
        }
        public mutating func appendInterpolation(_ text: String?) {
            if let text { HTML.escape(text, into: &bytes) }
        }
        public mutating func appendInterpolation(_ number: Int) {
            bytes.append(contentsOf: String(number).utf8)
        }
        public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            HTML.escape(value.description, into: &bytes)
        }
        public mutating func appendInterpolation(_ markup: HTML) {
            bytes.append(contentsOf: markup.bytes)
        }
        public mutating func appendInterpolation(_ markup: HTML?) {
            if let markup { bytes.append(contentsOf: markup.bytes) }
        }
        /// Each element in turn: `\(clients) { "<li>\($0.name)</li>" }`
        public mutating func appendInterpolation<Elements: Sequence>(
            _ elements: Elements, _ markup: (Elements.Element) throws -> HTML
        ) rethrows {
            for element in elements { bytes.append(contentsOf: try markup(element).bytes) }
        }
        /// Only when the condition holds: `\(if: invoice.isOverdue, "<b>…</b>")`
        public mutating func appendInterpolation(
            if condition: Bool, _ markup: @autoclosure () -> HTML
        ) {
            if condition { bytes.append(contentsOf: markup().bytes) }
        }
        /// A boolean attribute with its leading space: `<option\(attribute: "selected", if: …)>`
        public mutating func appendInterpolation(attribute name: StaticString, if condition: Bool) {
            guard condition else { return }
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: name.description.utf8)
        }
        /// An attribute with its leading space, left out when the value is nil.
        public mutating func appendInterpolation(attribute name: StaticString, _ value: String?) {
            guard let value else { return }
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: name.description.utf8)
            bytes.append(contentsOf: "=\"".utf8)
            HTML.escape(value, into: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// Safe both between tags and inside quoted attributes.
    static func escape(_ text: String, into out: inout [UInt8]) {
        var text = text
        text.withUTF8 { source in
            var start = 0
            for index in 0..<source.count {
                let replacement: StaticString
                switch source[index] {
                case UInt8(ascii: "&"): replacement = "&amp;"
                case UInt8(ascii: "<"): replacement = "&lt;"
                case UInt8(ascii: ">"): replacement = "&gt;"
                case UInt8(ascii: "\""): replacement = "&quot;"
                case UInt8(ascii: "'"): replacement = "&#39;"
                default: continue
                }
                out.append(contentsOf: UnsafeBufferPointer(rebasing: source[start..<index]))
                out.append(
                    contentsOf: UnsafeBufferPointer(
                        start: replacement.utf8Start, count: replacement.utf8CodeUnitCount))
                start = index + 1
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: source[start...]))
        }
    }
}

extension Sequence<HTML> {
    public func joined() -> HTML { reduce(into: HTML.empty) { $0 += $1 } }
}
