import Basics
import Database

/// The colour of headings and rules on documents.
public struct ColorDraft: OrganisationDraft {
    public var accentColor: String

    /// Text of that colour must be readable on white paper: WCAG's least contrast for large text.
    static let leastContrastHundredths = 300
    static let proposed = ["#2350c8", "#1f6f5c", "#6b3fa0", "#b3402e", "#262a33"]

    public init(_ input: inout Input, _ organisation: Organisation) {
        accentColor = input.line("accent_color", most: 7).lowercased()
        guard let color = bytes(hexadecimal: String(accentColor.dropFirst())),
            accentColor.hasPrefix("#"), color.count == 3
        else {
            input.refuse(
                "accent_color",
                Text("Couleur attendue, comme #2350c8.", "A colour such as #2350c8 is expected."))
            return
        }
        if ColorDraft.contrastHundredths(color) < ColorDraft.leastContrastHundredths {
            input.refuse(
                "accent_color",
                Text(
                    "Cette couleur est trop claire pour être lue sur du papier.",
                    "This colour is too light to be read on paper."))
        }
    }

    public func update(_ id: Organisation.ID) -> SQL {
        """
        UPDATE organisations SET accent_color = \(accentColor), version = version + 1
        WHERE id = \(id)
        """
    }

    /// Hundredths of the ratio to white, with luminance after sRGB's square, near enough here.
    private static func contrastHundredths(_ color: [UInt8]) -> Int {
        let weights = [2126, 7152, 722]
        let luminance = zip(color, weights).reduce(0) { sum, part in
            sum + Int(part.0) * Int(part.0) * part.1
        }
        // Of 255² × 10 000, plus WCAG's 5 % on both sides.
        let white = 255 * 255 * 10_000
        return 105 * white / (luminance + white / 20)
    }
}
