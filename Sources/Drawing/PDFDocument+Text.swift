import CPango

extension PDFDocument {
    /// Draws text as it is, never read as markup. Long lines are broken at words, or inside a word
    /// that is wider than the box; nothing is drawn outside the box's width.
    /// - Parameters:
    ///   - x: left edge of the box.
    ///   - y: top of the first line.
    ///   - width: of the box, in points; nil reaches to the right edge of the page.
    ///   - maxLines: lines drawn at most; the last ends with an ellipsis if there is more.
    /// - Returns: the height drawn, in points.
    @discardableResult
    public func text(
        _ string: String, x: Double, y: Double, width: Double? = nil, style: TextStyle,
        maxLines: Int? = nil
    ) -> Double {
        requirePage()
        return compose(string, width: width ?? pageSize.width - x, style: style, maxLines: maxLines)
        { piece, width, ellipsized, offset in
            let layout = typesetter.lay(piece, width: width, style: style, ellipsized: ellipsized)
            show(layout, x: x, y: y + offset, width: width, color: style.color)
        }.height
    }

    /// The size `text` would take with the same arguments, in points. A page is not needed.
    /// - Parameter width: of the box, in points; nil is the width of the page.
    public func measure(
        _ string: String, width: Double? = nil, style: TextStyle, maxLines: Int? = nil
    ) -> (width: Double, height: Double) {
        compose(string, width: width ?? pageSize.width, style: style, maxLines: maxLines) {
            piece, width, ellipsized, _ in
            _ = typesetter.lay(piece, width: width, style: style, ellipsized: ellipsized)
        }
    }

    /// Cuts a text between two lines, for a box that goes on on the next page.
    /// - Parameter height: the room for the first part, in points. At least one line goes there
    ///   however small the room, so that repeated cutting comes to an end.
    /// - Returns: what fits, and the rest; the rest is nil when all of it fits.
    func split(
        _ string: String, width: Double, style: TextStyle, height: Double
    ) -> (head: String, tail: String?) {
        let text = PlainText.cleaned(string)
        _ = typesetter.lay(text, width: width, style: style)
        let lines = typesetter.lines()
        guard let firstBeyond = lines.dropFirst().first(where: { $0.foot > height }) else {
            return (text, nil)
        }
        return cut(text, at: firstBeyond.start)
    }

    /// Hands each piece of a text to `place` (piece, width, ellipsized, distance from the top) and
    /// adds up their size. There is one piece, or two when the last line must be cut short: pango
    /// counts its maximum of lines by paragraph, not by text.
    private func compose(
        _ string: String, width: Double, style: TextStyle, maxLines: Int?,
        place: (String, Double, Bool, Double) -> Void
    ) -> (width: Double, height: Double) {
        let text = PlainText.cleaned(string)
        guard let maxLines, maxLines > 0 else {
            place(text, width, false, 0)
            return typesetter.size
        }
        _ = typesetter.lay(text, width: width, style: style)
        let lines = typesetter.lines()
        guard lines.count > maxLines else {
            place(text, width, false, 0)
            return typesetter.size
        }
        let (head, rest) = cut(text, at: lines[maxLines - 1].start)
        var size = (width: 0.0, height: 0.0)
        if maxLines > 1 {
            place(head, width, false, 0)
            size = typesetter.size
            size.height += style.lineGap
        }
        // A line feed would begin a second paragraph, with a line of its own.
        let last = (rest ?? "").split(separator: "\n").joined(separator: " ")
        place(last + "…", width, true, size.height)
        return (max(size.width, typesetter.size.width), size.height + typesetter.size.height)
    }

    private func show(_ layout: OpaquePointer, x: Double, y: Double, width: Double, color: Color) {
        let size = typesetter.size
        // One letter may be wider than the box, and a chain of joined emoji counts as one letter.
        let mustClip = size.width > width + 0.01
        if mustClip {
            cairo_save(context)
            cairo_rectangle(context, x, y, max(width, 0), size.height)
            cairo_clip(context)
        }
        setColor(color)
        cairo_move_to(context, x, y)
        pango_cairo_show_layout(context, layout)
        // The current point would join the next shape to this text.
        cairo_new_path(context)
        if mustClip { cairo_restore(context) }
    }

    /// Both parts of a text; the line feed or space at the cut belongs to neither.
    private func cut(_ text: String, at byte: Int) -> (head: String, tail: String?) {
        let utf8 = Array(text.utf8)
        var headEnd = byte
        if headEnd > 0, utf8[headEnd - 1] == UInt8(ascii: "\n") { headEnd -= 1 }
        return (
            String(decoding: utf8[..<headEnd], as: UTF8.self),
            String(decoding: utf8[byte...], as: UTF8.self)
        )
    }
}
