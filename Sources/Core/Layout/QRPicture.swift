import Drawing
import Markup

/// A QR code within a page, dark on white in both themes: cameras read it so.
struct QRPicture {
    let code: QRCode?
    let label: String

    init(_ text: String, label: String) {
        code = try? QRCode(text)
        self.label = label
    }

    private static let quietSquares = 4

    var html: HTML {
        guard let code else { return .empty }
        let size = code.size + 2 * QRPicture.quietSquares
        let path = (0..<code.size).flatMap { row in
            code.runs(row: row).map { run in
                "M\(run.lowerBound + QRPicture.quietSquares) \(row + QRPicture.quietSquares)"
                    + "h\(run.count)v1h-\(run.count)z"
            }
        }.joined()
        return """
            <svg class="qr" viewBox="0 0 \(size) \(size)" role="img" aria-label="\(label)">\
            <rect width="\(size)" height="\(size)" fill="#fff"/><path d="\(path)" fill="#000"/></svg>
            """
    }
}
