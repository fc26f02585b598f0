import CPango

/// Pango with private fonts: turns text and a style into a layout that can be measured or shown.
///
/// It is unchecked Sendable because it passes from one thread to the next through `FontSet`, which
/// hands it to one document at a time; pango and cairo need no more than that.
final class Typesetter: @unchecked Sendable {
    private let map: UnsafeMutablePointer<PangoFontMap>
    private let context: OpaquePointer
    private let layout: OpaquePointer
    private let family: String
    private var descriptions: [Face: OpaquePointer] = [:]

    private struct Face: Hashable { var size: Double, weight: Weight, italic: Bool }
    /// Beyond this many sizes in use the descriptions are made anew; a document has about ten.
    private static let maximumDescriptions = 256
    /// Boxes are at most this wide, in points, so that pango's 32-bit units cannot overflow.
    static let maximumWidth = 20_000.0

    init(family: String, files: [String]) throws(DrawingError) {
        self.family = family
        let configuration = FcConfigCreate()
        // The font map keeps a reference of its own.
        defer { FcConfigDestroy(configuration) }
        for file in files where FcConfigAppFontAddFile(configuration, file) != FcTrue {
            throw .font(path: file)
        }
        map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)
        pango_fc_font_map_set_config(OpaquePointer(map), configuration)
        context = pango_font_map_create_context(map)
        // With hinting or rounding, advances snap to whole points and letter spacing is ugly.
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
        pango_context_set_round_glyph_positions(context, 0)
        layout = pango_layout_new(context)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    }

    deinit {
        descriptions.values.forEach { pango_font_description_free($0) }
        g_object_unref(UnsafeMutableRawPointer(layout))
        g_object_unref(UnsafeMutableRawPointer(context))
        g_object_unref(UnsafeMutableRawPointer(map))
    }

    /// The language decides hyphenation and the forms of letters: a BCP 47 tag such as `fr`.
    func setLanguage(_ tag: String) {
        pango_context_set_language(context, pango_language_from_string(PlainText.cleaned(tag)))
        pango_layout_context_changed(layout)
    }

    /// Lays out a cleaned text. The layout is the typesetter's only one: it is valid until the next
    /// call.
    /// - Parameters:
    ///   - width: of the box, in points.
    ///   - ellipsized: one line only, cut with an ellipsis where it is too long.
    func lay(
        _ text: String, width: Double, style: TextStyle, ellipsized: Bool = false
    ) -> OpaquePointer {
        pango_layout_set_font_description(layout, description(of: style))
        let points = width.isNaN ? 1 : min(max(width, 1), Self.maximumWidth)
        pango_layout_set_width(layout, units(points))
        pango_layout_set_ellipsize(
            layout, ellipsized ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE)
        pango_layout_set_spacing(layout, units(bounded(style.lineGap, within: 0...200)))
        let attributes = pango_attr_list_new()
        pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"))
        for figures in runsOfFigures(in: text) {
            // Kerning between figures would push columns of amounts out of line.
            let attribute = pango_attr_font_features_new("tnum=1, kern=0")!
            attribute.pointee.start_index = UInt32(figures.lowerBound)
            attribute.pointee.end_index = UInt32(figures.upperBound)
            pango_attr_list_change(attributes, attribute)
        }
        if style.tracking != 0 {
            let tracking = units(bounded(style.tracking, within: -10...50))
            pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(tracking))
        }
        pango_layout_set_attributes(layout, attributes)
        pango_attr_list_unref(attributes)
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                pango_layout_set_text(layout, characters.baseAddress, Int32(characters.count))
            }
        }
        pango_layout_set_alignment(layout, alignment(style.alignment))
        return layout
    }

    /// Width and height of the layout just made, in points.
    var size: (width: Double, height: Double) {
        var width: Int32 = 0
        var height: Int32 = 0
        pango_layout_get_size(layout, &width, &height)
        return (points(width), points(height))
    }

    /// For each line of the layout just made: the byte where it starts, and the distance in points
    /// from the top of the text to the line's foot.
    func lines() -> [(start: Int, foot: Double)] {
        var result: [(start: Int, foot: Double)] = []
        let iterator = pango_layout_get_iter(layout)
        defer { pango_layout_iter_free(iterator) }
        repeat {
            var logical = PangoRectangle()
            pango_layout_iter_get_line_extents(iterator, nil, &logical)
            guard let line = pango_layout_iter_get_line_readonly(iterator) else { break }
            result.append((Int(line.pointee.start_index), points(logical.y + logical.height)))
        } while pango_layout_iter_next_line(iterator) != 0
        return result
    }

    private func description(of style: TextStyle) -> OpaquePointer {
        let size = bounded(style.size, within: TextStyle.sizes)
        let face = Face(size: size, weight: style.weight, italic: style.italic)
        if let known = descriptions[face] { return known }
        if descriptions.count >= Self.maximumDescriptions {
            descriptions.values.forEach { pango_font_description_free($0) }
            descriptions = [:]
        }
        let description = pango_font_description_new()!
        pango_font_description_set_family(description, family)
        let weight =
            switch style.weight {
            case .regular: PANGO_WEIGHT_NORMAL
            case .semibold: PANGO_WEIGHT_SEMIBOLD
            case .bold: PANGO_WEIGHT_BOLD
            }
        pango_font_description_set_weight(description, weight)
        if style.italic { pango_font_description_set_style(description, PANGO_STYLE_ITALIC) }
        // One unit of a PDF page is one point, so that the size is absolute and no dpi enters.
        pango_font_description_set_absolute_size(description, size * Double(PANGO_SCALE))
        descriptions[face] = description
        return description
    }

    /// The bytes of numbers of two figures or more, with points and commas inside.
    private func runsOfFigures(in text: String) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        var end = 0
        func close() {
            if let start, end - start > 1 { runs.append(start..<end) }
            start = nil
        }
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if start == nil { start = index }
                end = index + 1
            case UInt8(ascii: "."), UInt8(ascii: ","): break
            default: close()
            }
        }
        close()
        return runs
    }

    /// In a paragraph that runs from right to left, pango's "left" means the right edge. Here left
    /// is always left, or an Arabic label would leave its column's edge.
    private func alignment(_ alignment: Alignment) -> PangoAlignment {
        let direction = pango_layout_get_direction(layout, 0)
        switch alignment {
        case .center: return PANGO_ALIGN_CENTER
        case .left: return direction == PANGO_DIRECTION_RTL ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT
        case .right: return direction == PANGO_DIRECTION_RTL ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT
        }
    }

    private func units(_ points: Double) -> Int32 { Int32(points * Double(PANGO_SCALE)) }
    private func points(_ units: Int32) -> Double { Double(units) / Double(PANGO_SCALE) }
    private func bounded(_ value: Double, within range: ClosedRange<Double>) -> Double {
        value.isNaN ? range.lowerBound : min(max(value, range.lowerBound), range.upperBound)
    }
}
