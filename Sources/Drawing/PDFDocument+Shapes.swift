import CPango

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
        let code = try QRCode(text)
        let module = side / Double(code.size)
        for row in 0..<code.size {
            // Neighbours in a row are one rectangle: smaller, and without seams.
            for run in code.runs(row: row) {
                cairo_rectangle(
                    context, x + Double(run.lowerBound) * module, y + Double(row) * module,
                    Double(run.count) * module, module)
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
