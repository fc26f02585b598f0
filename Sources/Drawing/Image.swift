import CPango

/// A picture read from a PNG file, decoded once and drawn in as many documents as needed.
public struct Image: Sendable {
    /// Pixels.
    public let width: Int, height: Int
    let pixels: Pixels

    /// Longest side, in pixels.
    public static let maximumSide = 4096
    /// Most pixels in all: 32 MB once decoded.
    public static let maximumPixels = 8_000_000
    /// Largest file, in bytes.
    public static let maximumBytes = 8_000_000

    /// A PNG file without what is not needed to draw it: no comment, no place, nothing behind its end.
    ///
    /// - Throws: as `init(png:)` does for files of strangers.
    public static func essentialPart(ofPNG file: [UInt8]) throws(DrawingError) -> [UInt8] {
        try PNGFile.essentialChunks(of: file)
    }

    /// - Parameter isKept: whether it is what `essentialPart` answered once: how far its pixels unpack was
    ///   looked at then, and is not for each document that draws it.
    /// - Throws: `DrawingError.notPNG` when the bytes are anything but an undamaged PNG image,
    ///   `DrawingError.imageTooLarge` when it is beyond the limits above, which is found out before
    ///   anything is decoded.
    public init(png: [UInt8], isKept: Bool = false) throws(DrawingError) {
        let essential = try PNGFile.essentialChunks(of: png, checksPixels: !isKept)
        let source = ByteSource(essential)
        let surface = withExtendedLifetime(source) {
            cairo_image_surface_create_from_png_stream(
                readBytes, Unmanaged.passUnretained(source).toOpaque())
        }
        defer { cairo_surface_destroy(surface) }
        guard let surface, cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
            throw .notPNG
        }
        width = Int(cairo_image_surface_get_width(surface))
        height = Int(cairo_image_surface_get_height(surface))
        let stride = Int(cairo_image_surface_get_stride(surface))
        let format = cairo_image_surface_get_format(surface)
        guard width > 0, height > 0, let data = cairo_image_surface_get_data(surface),
            format == CAIRO_FORMAT_ARGB32 || format == CAIRO_FORMAT_RGB24
        else { throw .notPNG }
        pixels = Pixels(
            bytes: Array(UnsafeBufferPointer(start: data, count: stride * height)),
            format: format, width: width, height: height, stride: stride)
    }
}

/// Decoded pixels. A cairo surface cannot be shared between threads, so each document makes its own
/// from these bytes.
final class Pixels: Sendable {
    private let bytes: [UInt8]
    private let format: cairo_format_t
    private let width: Int, height: Int, stride: Int

    init(bytes: [UInt8], format: cairo_format_t, width: Int, height: Int, stride: Int) {
        self.bytes = bytes
        self.format = format
        self.width = width
        self.height = height
        self.stride = stride
    }

    /// A new surface with a copy of the pixels, to be destroyed by the caller.
    func makeSurface() -> OpaquePointer? {
        let surface = cairo_image_surface_create(format, Int32(width), Int32(height))
        guard let target = cairo_image_surface_get_data(surface),
            cairo_image_surface_get_stride(surface) == stride
        else {
            cairo_surface_destroy(surface)
            return nil
        }
        bytes.withUnsafeBufferPointer { target.update(from: $0.baseAddress!, count: bytes.count) }
        cairo_surface_mark_dirty(surface)
        return surface
    }
}

private final class ByteSource {
    private let bytes: [UInt8]
    private var position = 0
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into target: UnsafeMutablePointer<UInt8>, count: Int) -> Bool {
        guard count <= bytes.count - position else { return false }
        bytes.withUnsafeBufferPointer {
            target.update(from: $0.baseAddress! + position, count: count)
        }
        position += count
        return true
    }
}

private func readBytes(
    _ closure: UnsafeMutableRawPointer?, _ target: UnsafeMutablePointer<UInt8>?, _ count: UInt32
) -> cairo_status_t {
    guard count > 0 else { return CAIRO_STATUS_SUCCESS }
    guard let closure, let target else { return CAIRO_STATUS_READ_ERROR }
    let source = Unmanaged<ByteSource>.fromOpaque(closure).takeUnretainedValue()
    return source.read(into: target, count: Int(count))
        ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_READ_ERROR
}
