import CExpat

/// Reads XML that strangers wrote. A document type is refused where it begins, so that no entity is
/// ever declared, expanded or fetched; size, depth and number of elements are bounded.
enum XMLReader {
    /// An invoice of ten thousand lines takes about this many bytes.
    static let maximumBytes = 20_000_000
    static let maximumDepth = 64
    static let maximumElements = 400_000

    /// The root element.
    static func read(_ bytes: [UInt8]) throws(EInvoiceFault) -> XMLElement {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= maximumBytes else { throw .tooLarge }
        // Names come as "namespace name": neither may hold a space.
        guard let parser = XML_ParserCreateNS(nil, XML_Char(UInt8(ascii: " "))) else {
            throw .tooLarge
        }
        defer { XML_ParserFree(parser) }
        let tree = XMLTree(parser)
        let status = withExtendedLifetime(tree) {
            XML_SetUserData(parser, Unmanaged.passUnretained(tree).toOpaque())
            XML_SetElementHandler(parser, startElement, endElement)
            XML_SetCharacterDataHandler(parser, addCharacters)
            XML_SetStartDoctypeDeclHandler(parser, refuseDocumentType)
            return bytes.withUnsafeBytes {
                XML_Parse(
                    parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(bytes.count), 1)
            }
        }
        if let fault = tree.fault { throw fault }
        guard status == XML_STATUS_OK, let root = tree.root else { throw fault(of: parser) }
        return root
    }

    private static func fault(of parser: XML_Parser) -> EInvoiceFault {
        let code = XML_GetErrorCode(parser)
        switch code {
        case XML_ERROR_UNKNOWN_ENCODING, XML_ERROR_INCORRECT_ENCODING: return .encoding
        default:
            let reason = XML_ErrorString(code).map { String(cString: $0) } ?? ""
            return .notXML(line: Int(XML_GetCurrentLineNumber(parser)), reason: reason)
        }
    }
}

/// The tree that grows while a file is parsed.
private final class XMLTree {
    private(set) var root: XMLElement?
    private(set) var fault: EInvoiceFault?
    private var open: [XMLElement] = []
    private var count = 0
    private let parser: XML_Parser

    init(_ parser: XML_Parser) { self.parser = parser }

    func stop(_ reason: EInvoiceFault) {
        if fault == nil { fault = reason }
        XML_StopParser(parser, XML_Bool(XML_FALSE))
    }

    func begin(_ element: XMLElement) {
        count += 1
        guard count <= XMLReader.maximumElements else { return stop(.tooManyElements) }
        guard open.count < XMLReader.maximumDepth else { return stop(.tooDeep) }
        if let parent = open.last { parent.append(element) } else { root = element }
        open.append(element)
    }

    func end() { open.removeLast() }

    func add(_ text: String) { open.last?.append(characters: text) }
}

private func tree(_ pointer: UnsafeMutableRawPointer?) -> XMLTree? {
    pointer.map { Unmanaged<XMLTree>.fromOpaque($0).takeUnretainedValue() }
}

/// `namespace name`, or a name alone.
private func split(_ text: UnsafePointer<XML_Char>) -> (namespace: String, name: String) {
    let whole = String(cString: text)
    guard let space = whole.firstIndex(of: " ") else { return ("", whole) }
    return (String(whole[..<space]), String(whole[whole.index(after: space)...]))
}

private func startElement(
    _ data: UnsafeMutableRawPointer?, _ name: UnsafePointer<XML_Char>?,
    _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
) {
    guard let name, let tree = tree(data) else { return }
    var values: [String: String] = [:]
    var pair = attributes
    while let key = pair?[0], let value = pair?[1] {
        values[split(key).name] = String(cString: value)
        pair = pair?.advanced(by: 2)
    }
    let (namespace, local) = split(name)
    tree.begin(XMLElement(name: local, namespace: namespace, attributes: values))
}

private func endElement(_ data: UnsafeMutableRawPointer?, _ name: UnsafePointer<XML_Char>?) {
    tree(data)?.end()
}

private func addCharacters(
    _ data: UnsafeMutableRawPointer?, _ text: UnsafePointer<XML_Char>?, _ count: Int32
) {
    guard let text, let tree = tree(data) else { return }
    let bytes = UnsafeBufferPointer(start: text, count: Int(count)).map { UInt8(bitPattern: $0) }
    tree.add(String(decoding: bytes, as: UTF8.self))
}

private func refuseDocumentType(
    _ data: UnsafeMutableRawPointer?, _ name: UnsafePointer<XML_Char>?,
    _ system: UnsafePointer<XML_Char>?, _ publicID: UnsafePointer<XML_Char>?, _ hasSubset: Int32
) {
    tree(data)?.stop(.documentType)
}
