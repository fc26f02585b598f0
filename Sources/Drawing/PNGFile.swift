/// Looks through a PNG file before a decoder may, so that neither a huge picture in few bytes nor a
/// compressed comment of gigabytes is ever unpacked.
enum PNGFile {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    /// What is needed to draw: header, palette, transparency, pixels, end.
    private static let essential: Set<String> = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]

    /// The file with nothing but its essential chunks.
    /// - Throws: `notPNG` when the chunks do not follow each other up to `IEND`; `imageTooLarge`.
    static func essentialChunks(of file: [UInt8]) throws(DrawingError) -> [UInt8] {
        guard file.count <= Image.maximumBytes else { throw .imageTooLarge }
        guard file.starts(with: signature) else { throw .notPNG }
        var result = signature
        var position = signature.count
        var isFirst = true
        while file.count - position >= 12 {
            let length = number(in: file, at: position)
            guard length <= file.count - position - 12 else { throw .notPNG }
            let name = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
            if isFirst {
                guard name == "IHDR", length == 13 else { throw .notPNG }
                try checkDimensions(in: file, at: position + 8)
                isFirst = false
            }
            if essential.contains(name) { result += file[position..<position + 12 + length] }
            if name == "IEND" { return result }
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

    /// Four bytes, most significant first.
    private static func number(in file: [UInt8], at offset: Int) -> Int {
        file[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
