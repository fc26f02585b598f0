/// Why something could not be drawn.
public enum DrawingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A font file is missing, unreadable or not TrueType.
    case font(path: String)
    /// The bytes are not a PNG image, or are cut or damaged.
    case notPNG
    /// The image is larger than `Image.maximumSide`, `maximumPixels` or `maximumBytes` allow.
    case imageTooLarge
    /// The text holds more than a QR code can.
    case qrCodeTooLong
    /// cairo refused, with its own words.
    case cairo(String)
    /// The profile of the colours is missing.
    case colors(path: String)
    /// The bytes are no PDF that can be read: qpdf's words.
    case notPDF(String)
    /// The file is larger than `PDFFile.maximumBytes`, or unpacks to more.
    case pdfTooLarge
    /// qpdf refused, with its own words.
    case pdf(String)

    public var description: String {
        switch self {
        case .font(let path): "font file cannot be used (TrueType expected): \(path)"
        case .notPNG: "not a PNG image, or a damaged one"
        case .imageTooLarge: "image too large"
        case .qrCodeTooLong: "text too long for a QR code"
        case .cairo(let message), .pdf(let message): "drawing failed: \(message)"
        case .colors(let path): "colour profile cannot be read: \(path)"
        case .notPDF(let message): "not a PDF that can be read: \(message)"
        case .pdfTooLarge: "PDF too large"
        }
    }
}
