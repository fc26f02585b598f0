import CZlib

/// Compresses whole answers into the gzip format (RFC 1952).
enum Gzip {
    /// On pages of 27 to 69 kB the lowest level takes half the time of zlib's usual 6 and leaves a
    /// tenth to a sixth more bytes; the worker that waits is dearer (docs/decisions/0008).
    private static let level: Int32 = 1
    /// The window of 32 kB that every client has, plus 16: with the header and trailer of gzip.
    private static let windowBits: Int32 = 15 + 16
    /// Streams kept for reuse. Each holds 256 kB, which are dear to ask of the system each time.
    private static let mostKept = 16
    private static let kept = Monitor<[Stream]>([])

    /// Nil when zlib has no memory, or when the result would not be smaller.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        let stream = kept.change(waking: false) { $0.popLast() } ?? Stream()
        guard let stream else { return nil }
        defer {
            kept.change(waking: false) { if $0.count < mostKept { $0.append(stream) } }
        }
        return stream.compressed(bytes)
    }

    /// A zlib stream, used by one thread at a time.
    private final class Stream: @unchecked Sendable {
        // On the heap: zlib keeps its address.
        private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

        init?() {
            stream.initialize(to: z_stream())
            guard comptoir_deflate_init(stream, Gzip.level, Gzip.windowBits) == Z_OK else {
                stream.deallocate()
                return nil
            }
        }

        deinit {
            deflateEnd(stream)
            stream.deallocate()
        }

        func compressed(_ bytes: [UInt8]) -> [UInt8]? {
            guard bytes.count <= Int(UInt32.max), deflateReset(stream) == Z_OK else { return nil }
            var isWhole = false
            // A result that does not fit is no gain.
            let result = [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
                bytes.withUnsafeBufferPointer { input in
                    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                    stream.pointee.avail_in = UInt32(input.count)
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    isWhole = deflate(stream, Z_FINISH) == Z_STREAM_END
                }
                count = output.count - Int(stream.pointee.avail_out)
            }
            return isWhole && result.count < bytes.count ? result : nil
        }
    }
}
