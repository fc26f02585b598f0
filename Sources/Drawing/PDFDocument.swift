import CPango

/// Width and height of a page, in points (1/72 inch).
public struct PageSize: Sendable, Hashable {
    public let width: Double, height: Double
    public init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }
    /// 210 × 297 mm.
    public static let a4 = PageSize(width: 595.276, height: 841.89)
    /// 8.5 × 11 inches.
    public static let letter = PageSize(width: 612, height: 792)
}

/// A PDF drawn page after page, in points from the top left corner of the page.
///
/// Drawing belongs between `beginPage()` and `finish()`; measuring is allowed from the start. A
/// document is used by one thread at a time; different documents are independent. The same calls
/// give the same bytes.
public final class PDFDocument {
    public let pageSize: PageSize
    /// Pages begun so far.
    public private(set) var pageCount = 0

    /// What `finish()` answers.
    public enum Output: Sendable {
        case pdf
        /// A PNG file: the first pages beneath each other, `scale` pixels a point.
        case picture(scale: Double, mostPages: Int)
    }

    let typesetter: Typesetter
    let context: OpaquePointer
    private let fonts: FontSet
    private let surface: OpaquePointer
    private let sink: ByteSink
    private let output: Output
    private var imageSurfaces: [ObjectIdentifier: (surface: OpaquePointer, pixels: Pixels)] = [:]
    private var isFinished = false

    /// - Parameters:
    ///   - language: BCP 47 tag of the text, such as `fr`; it guides the shaping of letters.
    ///   - createdAt: seconds since 1970, written as the date of creation; nil writes none, so that
    ///     the bytes depend on the content alone.
    /// - Throws: `DrawingError.font` when the font files have gone, `DrawingError.cairo`.
    public init(
        title: String, author: String, subject: String = "", language: String = "fr",
        fonts: FontSet, pageSize: PageSize = .a4, createdAt: Int64? = nil, as output: Output = .pdf
    ) throws(DrawingError) {
        self.fonts = fonts
        self.pageSize = pageSize
        self.output = output
        sink = ByteSink()
        typesetter = try fonts.borrow()
        typesetter.setLanguage(language)
        switch output {
        case .pdf:
            surface = cairo_pdf_surface_create_for_stream(
                writeBytes, Unmanaged.passUnretained(sink).toOpaque(), pageSize.width,
                pageSize.height)
            cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5)
        case .picture(let scale, let mostPages):
            surface = cairo_image_surface_create(
                CAIRO_FORMAT_RGB24, PagePicture.pixels(pageSize.width, scale),
                PagePicture.pixels(pageSize.height, scale) * Int32(mostPages))
        }
        context = cairo_create(surface)
        guard case .pdf = output else { return }
        set(CAIRO_PDF_METADATA_TITLE, title)
        set(CAIRO_PDF_METADATA_AUTHOR, author)
        set(CAIRO_PDF_METADATA_SUBJECT, subject)
        // Without one cairo would write the present time.
        set(CAIRO_PDF_METADATA_CREATE_DATE, createdAt.map(timestamp) ?? "")
    }

    deinit { close() }

    /// Ends the page before, if any, and begins a blank one.
    public func beginPage() {
        precondition(!isFinished, "the document is finished")
        if pageCount > 0 { cairo_show_page(context) }
        pageCount += 1
        if case .picture(let scale, _) = output { beginPicture(scale) }
    }

    /// White paper beneath the page before.
    private func beginPicture(_ scale: Double) {
        let top = Double(PagePicture.pixels(pageSize.height, scale)) * Double(pageCount - 1)
        cairo_identity_matrix(context)
        cairo_translate(context, 0, top)
        cairo_scale(context, scale, scale)
        rectangle(
            x: 0, y: 0, width: pageSize.width, height: pageSize.height, fill: .white)
        guard pageCount > 1 else { return }
        line(from: (0, 0), to: (pageSize.width, 0), width: 2, color: .hairline)
    }

    /// Ends the document. A document without a page gets a blank one.
    /// - Returns: the bytes of the PDF file, or of the picture.
    /// - Throws: `DrawingError.cairo` when something drawn before was refused (memory, a coordinate
    ///   that is no number).
    public func finish() throws(DrawingError) -> [UInt8] {
        precondition(!isFinished, "the document is finished")
        if pageCount == 0 { beginPage() }
        cairo_show_page(context)
        var status = cairo_status(context)
        if status == CAIRO_STATUS_SUCCESS { status = writePicture() }
        cairo_surface_finish(surface)
        if status == CAIRO_STATUS_SUCCESS { status = cairo_surface_status(surface) }
        close()
        guard status == CAIRO_STATUS_SUCCESS else {
            throw .cairo(String(cString: cairo_status_to_string(status)))
        }
        return sink.bytes
    }

    /// The pages that were begun, of the picture; nothing for a PDF, which is written as it is drawn.
    private func writePicture() -> cairo_status_t {
        guard case .picture(let scale, let mostPages) = output else { return CAIRO_STATUS_SUCCESS }
        let (width, height) = (
            PagePicture.pixels(pageSize.width, scale), PagePicture.pixels(pageSize.height, scale)
        )
        cairo_surface_flush(surface)
        let used = cairo_image_surface_create_for_data(
            cairo_image_surface_get_data(surface), CAIRO_FORMAT_RGB24, width,
            height * Int32(min(pageCount, mostPages)), cairo_image_surface_get_stride(surface))
        defer { cairo_surface_destroy(used) }
        return cairo_surface_write_to_png_stream(
            used, writeBytes, Unmanaged.passUnretained(sink).toOpaque())
    }

    /// The picture as a surface of this document: made once, so that it is embedded once however
    /// many pages show it.
    func surface(of image: Image) -> OpaquePointer? {
        let key = ObjectIdentifier(image.pixels)
        if let known = imageSurfaces[key] { return known.surface }
        guard let new = image.pixels.makeSurface() else { return nil }
        imageSurfaces[key] = (new, image.pixels)
        return new
    }

    func requirePage() {
        precondition(pageCount > 0 && !isFinished, "draw between beginPage() and finish()")
    }

    private func close() {
        guard !isFinished else { return }
        isFinished = true
        cairo_destroy(context)
        cairo_surface_destroy(surface)
        imageSurfaces.values.forEach { cairo_surface_destroy($0.surface) }
        imageSurfaces = [:]
        fonts.giveBack(typesetter)
    }

    private func set(_ key: cairo_pdf_metadata_t, _ value: String) {
        cairo_pdf_surface_set_metadata(surface, key, PlainText.line(value))
    }
}

private enum PagePicture {
    static func pixels(_ points: Double, _ scale: Double) -> Int32 {
        Int32((points * scale).rounded(.up))
    }
}

private final class ByteSink {
    var bytes: [UInt8] = []
}

private func writeBytes(
    _ closure: UnsafeMutableRawPointer?, _ data: UnsafePointer<UInt8>?, _ count: UInt32
) -> cairo_status_t {
    guard let closure else { return CAIRO_STATUS_WRITE_ERROR }
    let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
    sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
}

/// Seconds since 1970 as `2026-11-21T10:00:00Z`, by the arithmetic of the Gregorian calendar.
func timestamp(_ seconds: Int64) -> String {
    let day = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
    let time = Int(seconds) - day * 86_400
    // Eras of 400 years that begin on 1 March, so that a leap day is the last of its year.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
        (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = "\(year)-\(two(month))-\(two(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1))"
    return "\(date)T\(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60))Z"
}
