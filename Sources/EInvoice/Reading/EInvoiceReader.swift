/// Reads an invoice from XML in either syntax of EN 16931.
public enum EInvoiceReader {
    public enum Syntax: String, Sendable { case cii = "CII", ubl = "UBL" }

    /// - Throws: `EInvoiceFault` when it is no invoice that could be read. What is merely missing or
    ///   wrong in it is for the rules to say.
    public static func read(_ xml: [UInt8]) throws(EInvoiceFault) -> (EInvoice, Syntax) {
        let root = try XMLReader.read(xml)
        switch (root.name, root.namespace) {
        case ("CrossIndustryInvoice", CIIReader.namespace):
            return (try CIIReader(root).invoice(), .cii)
        case ("Invoice", UBLReader.invoiceNamespace), ("CreditNote", UBLReader.creditNoteNamespace):
            return (try UBLReader(root).invoice(), .ubl)
        default: throw .notAnInvoice(root: root.name)
        }
    }
}

extension XMLElement {
    /// Its text with the attribute that names its scheme.
    func identifier(_ attribute: String = "schemeID") -> EInvoice.Identifier? {
        guard !text.isEmpty else { return nil }
        return EInvoice.Identifier(text, scheme: attributes[attribute])
    }

    /// Where a list has elements, as in `map`, but with typed errors.
    func each<Value>(
        _ name: String, _ read: (XMLElement) throws(EInvoiceFault) -> Value
    ) throws(EInvoiceFault) -> [Value] {
        var values: [Value] = []
        for child in children where child.name == name { values.append(try read(child)) }
        return values
    }
}
