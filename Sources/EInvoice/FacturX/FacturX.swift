/// What makes a PDF/A-3 with an attached Cross Industry Invoice a Factur-X document: names and metadata
/// that Factur-X 1.0 and ZUGFeRD 2 fix.
public enum FacturX {
    public static let fileName = CIIWriter.fileName
    public static let namespace = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
    public static let prefix = "fx"
    public static let schema = "Factur-X PDFA Extension Schema"

    /// Names under which documents attach their invoice: Factur-X, ZUGFeRD and XRechnung.
    public static let attachmentNames = [
        fileName, "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml",
    ]

    /// The properties that the metadata of the PDF state, each with what it means.
    public static let properties = [
        (
            name: "DocumentType", value: "INVOICE",
            meaning: "The type of the hybrid document in capital letters"
        ),
        (
            name: "DocumentFileName", value: fileName,
            meaning: "The name of the embedded XML document"
        ),
        (
            name: "Version", value: "1.0",
            meaning: "The version of the standard applying to the embedded XML document"
        ),
        (
            name: "ConformanceLevel", value: "EN 16931",
            meaning: "The conformance level of the embedded XML document"
        ),
    ]
}
