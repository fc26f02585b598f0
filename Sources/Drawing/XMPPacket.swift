/// The metadata of a standard of its own: a namespace with properties, each declared as PDF/A asks.
public struct XMPSchema: Sendable {
    public var prefix: String
    public var namespace: String
    public var title: String
    public var properties: [(name: String, value: String, meaning: String)]

    public init(
        prefix: String, namespace: String, title: String,
        properties: [(name: String, value: String, meaning: String)]
    ) {
        self.prefix = prefix
        self.namespace = namespace
        self.title = title
        self.properties = properties
    }
}

/// The metadata of a PDF/A-3b file, in Adobe's XMP.
struct XMPPacket {
    var title: String
    var author: String
    var producer: String
    /// `2026-11-21T10:00:00Z`
    var createdAt: String
    var schema: XMPSchema?

    var text: String {
        """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/">
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
        <pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
        </rdf:Description>
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <dc:format>application/pdf</dc:format>
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">\(escaped(title))</rdf:li></rdf:Alt></dc:title>
        <dc:creator><rdf:Seq><rdf:li>\(escaped(author))</rdf:li></rdf:Seq></dc:creator>
        </rdf:Description>
        <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
        <pdf:Producer>\(escaped(producer))</pdf:Producer>
        </rdf:Description>
        <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
        <xmp:CreatorTool>\(escaped(producer))</xmp:CreatorTool>
        <xmp:CreateDate>\(createdAt)</xmp:CreateDate><xmp:ModifyDate>\(createdAt)</xmp:ModifyDate>
        </rdf:Description>
        \(schema.map(describe) ?? "")</rdf:RDF>
        </x:xmpmeta>
        <?xpacket end="w"?>
        """
    }

    private func describe(_ schema: XMPSchema) -> String {
        let declared = schema.properties.map { property in
            """
            <rdf:li rdf:parseType="Resource"><pdfaProperty:name>\(property.name)</pdfaProperty:name>\
            <pdfaProperty:valueType>Text</pdfaProperty:valueType>\
            <pdfaProperty:category>external</pdfaProperty:category>\
            <pdfaProperty:description>\(escaped(property.meaning))</pdfaProperty:description></rdf:li>
            """
        }.joined()
        let values = schema.properties.map { property in
            let name = schema.prefix + ":" + property.name
            return "<\(name)>\(escaped(property.value))</\(name)>"
        }.joined()
        return """
            <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
            xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
            xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
            <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
            <pdfaSchema:schema>\(escaped(schema.title))</pdfaSchema:schema>
            <pdfaSchema:namespaceURI>\(escaped(schema.namespace))</pdfaSchema:namespaceURI>
            <pdfaSchema:prefix>\(schema.prefix)</pdfaSchema:prefix>
            <pdfaSchema:property><rdf:Seq>\(declared)</rdf:Seq></pdfaSchema:property>
            </rdf:li></rdf:Bag></pdfaExtension:schemas>
            </rdf:Description>
            <rdf:Description rdf:about="" xmlns:\(schema.prefix)="\(escaped(schema.namespace))">
            \(values)
            </rdf:Description>

            """
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in PlainText.cleaned(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
