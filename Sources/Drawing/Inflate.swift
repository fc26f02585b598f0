import CZlib

/// Unpacks what PDF files pack with Flate, up to a limit: a few bytes may stand for gigabytes.
enum Inflate {
    private static let bufferBytes = 65_536

    enum Fault: Error, Equatable { case damaged, tooLarge }

    static func unpack(_ packed: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
        var result: [UInt8] = []
        try unpack(packed, limit: limit) { result += $0 }
        return result
    }

    /// Hands over piece by piece what comes out.
    static func unpack(
        _ packed: [UInt8], limit: Int, _ take: (ArraySlice<UInt8>) -> Void
    ) throws(Fault) {
        var stream = z_stream()
        guard
            inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw .tooLarge }
        defer { inflateEnd(&stream) }
        var (packed, buffer) = (packed, [UInt8](repeating: 0, count: bufferBytes))
        var total = 0
        try packed.withUnsafeMutableBufferPointer { (input) throws(Fault) in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while true {
                let (status, count) = buffer.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    let status = inflate(&stream, Z_NO_FLUSH)
                    return (status, output.count - Int(stream.avail_out))
                }
                total += count
                guard total <= limit else { throw .tooLarge }
                take(buffer[..<count])
                if status == Z_STREAM_END { return }
                guard status == Z_OK, count > 0 || stream.avail_in > 0 else { throw .damaged }
            }
        }
    }
}
