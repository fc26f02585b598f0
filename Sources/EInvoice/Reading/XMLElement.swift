/// An element of an XML file that was read.
final class XMLElement {
    /// Without prefix.
    let name: String
    let namespace: String
    let attributes: [String: String]
    fileprivate(set) var children: [XMLElement] = []
    fileprivate var characters = ""

    init(name: String, namespace: String, attributes: [String: String]) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
    }

    /// The text directly inside, without blanks around it.
    var text: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0.isNewline || $0 == "\t" }
        let start = characters.drop(while: isBlank)
        guard let end = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...end])
    }

    /// The first child of a name.
    subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The element at the end of a path of first children.
    func at(_ path: String...) -> XMLElement? {
        path.reduce(self as XMLElement?) { element, name in element?[name] }
    }

    /// The text of a child; nil when there is no such child or it is empty.
    func text(_ path: String...) -> String? {
        let found = path.reduce(self as XMLElement?) { element, name in element?[name] }
        return found.flatMap { $0.text.isEmpty ? nil : $0.text }
    }

    func number(_ path: String...) throws(EInvoiceFault) -> Numeral? {
        let found = path.reduce(self as XMLElement?) { element, name in element?[name] }
        return try found?.number()
    }

    /// Nil when it is empty.
    func number() throws(EInvoiceFault) -> Numeral? {
        guard !text.isEmpty else { return nil }
        guard let number = Numeral(text) else {
            throw .notANumber(element: name, text: String(text.prefix(40)))
        }
        return number
    }

    func append(_ child: XMLElement) { children.append(child) }
    func append(characters text: String) { characters += text }
}
