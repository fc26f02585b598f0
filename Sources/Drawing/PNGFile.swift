/// Looks through a PNG file before a decoder may, so that neither a huge picture in few bytes nor a
/// compressed comment of gigabytes is ever unpacked.
enum PNGFile {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    /// What is needed to draw: header, palette, transparency, pixels, end.
    private static let essential: Set<String> = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]

    /// The file with nothing but its essential chunks.
    /// - Throws: `notPNG` when the chunks do not follow each other up to `IEND`; `imageTooLarge`.
    static func essentialChunks(of file: [UInt8], checksPixels: Bool = true)
        throws(DrawingError) -> [UInt8]
    {
        guard file.count <= Image.maximumBytes else { throw .imageTooLarge }
        guard file.starts(with: signature) else { throw .notPNG }
        var result = signature
        var position = signature.count
        var isFirst = true
        var (header, pixels): ([UInt8], [UInt8]) = ([], [])
        while file.count - position >= 12 {
            let length = number(in: file, at: position)
            guard length <= file.count - position - 12 else { throw .notPNG }
            let name = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
            if isFirst {
                guard name == "IHDR", length == 13 else { throw .notPNG }
                try checkDimensions(in: file, at: position + 8)
                header = Array(file[position + 8..<position + 21])
                isFirst = false
            }
            if name == "IDAT", checksPixels { pixels += file[position + 8..<position + 8 + length] }
            if essential.contains(name) { result += file[position..<position + 12 + length] }
            if name == "IEND" {
                if checksPixels { try checkPixels(pixels, header) }
                return result
            }
            position += 12 + length
        }
        throw .notPNG
    }

    private static func checkDimensions(in file: [UInt8], at offset: Int) throws(DrawingError) {
        let width = number(in: file, at: offset)
        let height = number(in: file, at: offset + 4)
        guard width > 0, height > 0 else { throw .notPNG }
        guard width <= Image.maximumSide, height <= Image.maximumSide,
            width * height <= Image.maximumPixels
        else { throw .imageTooLarge }
    }

    /// Beyond the last row a decoder would unpack whatever follows, gigabytes too.
    private static func checkPixels(_ packed: [UInt8], _ header: [UInt8]) throws(DrawingError) {
        let width = number(in: header, at: 0), height = number(in: header, at: 4)
        // By the type of colour: grey, true colour, palette, grey and true colour with transparency.
        let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][header[9]] ?? 4
        let row = 1 + (width * channels * Int(header[8]) + 7) / 8
        do {
            // In seven passes more rows begin, with a byte each.
            try Inflate.unpack(packed, limit: 2 * height * row + slackBytes) { _ in }
        } catch {
            throw .notPNG
        }
    }

    /// What some programs leave behind the last row.
    private static let slackBytes = 65_536

    /// Four bytes, most significant first.
    private static func number(in file: [UInt8], at offset: Int) -> Int {
        file[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
