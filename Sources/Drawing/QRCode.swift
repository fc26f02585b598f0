import CQRCode

/// A QR code as its squares, for drawings of every kind: a PDF, an SVG in a page.
public struct QRCode: Sendable, Hashable {
    /// Bytes that a code of error correction M holds at most.
    public static let maximumBytes = 2_331

    /// Squares along each side.
    public let size: Int
    private let dark: [Bool]

    /// Error correction M.
    /// - Parameter text: written as UTF-8, at most `maximumBytes`, not empty.
    /// - Throws: `DrawingError.qrCodeTooLong`.
    public init(_ text: String) throws(DrawingError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.maximumBytes,
            let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M)
        else { throw .qrCodeTooLong }
        defer { QRcode_free(code) }
        size = Int(code.pointee.width)
        dark = (0..<size * size).map { code.pointee.data[$0] & 1 == 1 }
    }

    /// The runs of dark squares of a row, from left to right.
    public func runs(row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var column = 0
        while column < size {
            let start = column
            while column < size, dark[row * size + column] { column += 1 }
            if column > start { runs.append(start..<column) }
            column += 1
        }
        return runs
    }
}
