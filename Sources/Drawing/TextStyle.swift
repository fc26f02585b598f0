/// How heavy the strokes of a letter are. A family without a semibold takes its bold.
public enum Weight: Sendable, Hashable { case regular, semibold, bold }

/// Where a line stands between the left and the right edge of its box.
public enum Alignment: Sendable, Hashable { case left, right, center }

/// The look of a piece of text.
public struct TextStyle: Sendable, Hashable {
    /// Points; brought into `TextStyle.sizes` when drawn.
    public var size: Double
    public var weight: Weight
    public var color: Color
    public var alignment: Alignment
    public var italic: Bool
    /// Points added between the lines of a text, above the distance the font asks for.
    public var lineGap: Double
    /// Points added between letters, for short labels in capitals.
    public var tracking: Double

    public init(
        size: Double = 9, weight: Weight = .regular, color: Color = .ink,
        alignment: Alignment = .left, italic: Bool = false, lineGap: Double = 0,
        tracking: Double = 0
    ) {
        self.size = size
        self.weight = weight
        self.color = color
        self.alignment = alignment
        self.italic = italic
        self.lineGap = lineGap
        self.tracking = tracking
    }

    /// The same style, aligned otherwise.
    public func aligned(_ alignment: Alignment) -> TextStyle {
        var copy = self
        copy.alignment = alignment
        return copy
    }

    /// The sizes that are drawn, in points; a size beyond is brought to the nearer end.
    public static let sizes: ClosedRange<Double> = 1...200
}
