import CPango
import CQRCode

extension PDFDocument {
    /// Draws a straight line.
    /// - Parameter width: thickness, in points.
    public func line(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), width: Double = 0.6,
        color: Color = .hairline
    ) {
        requirePage()
        setColor(color)
        cairo_set_line_width(context, width)
        cairo_move_to(context, start.x, start.y)
        cairo_line_to(context, end.x, end.y)
        cairo_stroke(context)
    }

    /// Draws a rectangle: filled, outlined, or both.
    /// - Parameters:
    ///   - stroke: colour and thickness (points) of the outline, centred on the edge.
    ///   - radius: of the corners, in points; at most half the shorter side.
    public func rectangle(
        x: Double, y: Double, width: Double, height: Double, fill: Color? = nil,
        stroke: (color: Color, width: Double)? = nil, radius: Double = 0
    ) {
        requirePage()
        let radius = min(max(radius, 0), min(width, height) / 2)
        if radius > 0 {
            roundedPath(x: x, y: y, width: width, height: height, radius: radius)
        } else {
            cairo_rectangle(context, x, y, width, height)
        }
        if let fill {
            setColor(fill)
            cairo_fill_preserve(context)
        }
        if let stroke {
            setColor(stroke.color)
            cairo_set_line_width(context, stroke.width)
            cairo_stroke_preserve(context)
        }
        cairo_new_path(context)
    }

    /// Draws a picture with its own proportions.
    /// - Parameter width: on the page, in points.
    /// - Returns: the height on the page, in points.
    @discardableResult
    public func image(_ image: Image, x: Double, y: Double, width: Double) -> Double {
        requirePage()
        let scale = width / Double(image.width)
        guard scale > 0, scale.isFinite, let picture = surface(of: image) else { return 0 }
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, scale, scale)
        cairo_set_source_surface(context, picture, 0, 0)
        // With any other filter cairo writes /Interpolate true, which PDF/A forbids.
        cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
        cairo_paint(context)
        cairo_restore(context)
        return scale * Double(image.height)
    }

    /// Draws a QR code (error correction M, black). Readers want four modules of white around it.
    /// - Parameters:
    ///   - text: as UTF-8 bytes, at most 2,331 of them.
    ///   - side: of the square, in points.
    /// - Throws: `DrawingError.qrCodeTooLong`.
    public func qrCode(
        _ text: String, x: Double, y: Double, side: Double
    ) throws(DrawingError) {
        requirePage()
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 2_331,
            let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M)
        else { throw .qrCodeTooLong }
        defer { QRcode_free(code) }
        let count = Int(code.pointee.width)
        let module = side / Double(count)
        func isDark(_ row: Int, _ column: Int) -> Bool {
            column < count && code.pointee.data[row * count + column] & 1 == 1
        }
        for row in 0..<count {
            var column = 0
            while column < count {
                let start = column
                while isDark(row, column) { column += 1 }
                // Neighbours in a row are one rectangle: smaller, and without seams.
                if column > start {
                    cairo_rectangle(
                        context, x + Double(start) * module, y + Double(row) * module,
                        Double(column - start) * module, module)
                }
                column += 1
            }
        }
        setColor(.black)
        cairo_fill(context)
    }

    func setColor(_ color: Color) {
        cairo_set_source_rgb(context, color.red, color.green, color.blue)
    }

    private func roundedPath(x: Double, y: Double, width: Double, height: Double, radius: Double) {
        let right = x + width - radius
        let bottom = y + height - radius
        cairo_new_sub_path(context)
        cairo_arc(context, right, y + radius, radius, -.pi / 2, 0)
        cairo_arc(context, right, bottom, radius, 0, .pi / 2)
        cairo_arc(context, x + radius, bottom, radius, .pi / 2, .pi)
        cairo_arc(context, x + radius, y + radius, radius, .pi, 3 * .pi / 2)
        cairo_close_path(context)
    }
}
