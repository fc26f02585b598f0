import Basics

/// A look to begin with. Choosing one leaves the texts and words alone.
public enum LayoutPreset: String, Sendable, CaseIterable {
    case classic, modern, plain

    var label: Text {
        switch self {
        case .classic: Text("Classique", "Classic")
        case .modern: Text("Moderne", "Modern")
        case .plain: Text("Sobre", "Plain")
        }
    }

    var explanation: Text {
        switch self {
        case .classic:
            Text("Bandeau de couleur, filets fins", "A band of colour, thin rules")
        case .modern:
            Text("Filet à gauche, titres sur fond coloré", "A bar at the left, headings on colour")
        case .plain:
            Text("Empattements, lignes serrées, sans couleur", "Serif, close lines, no colour")
        }
    }

    func applied(to layout: DocumentLayout) -> DocumentLayout {
        var out = layout
        switch self {
        case .classic:
            (out.typeface, out.accent, out.table) = (.sans, .band, .ruled)
            (out.density, out.logoSide, out.logoSize) = (.comfortable, .left, .medium)
        case .modern:
            (out.typeface, out.accent, out.table) = (.modern, .side, .filled)
            (out.density, out.logoSide, out.logoSize) = (.comfortable, .left, .large)
        case .plain:
            (out.typeface, out.accent, out.table) = (.serif, .none, .ruled)
            (out.density, out.logoSide, out.logoSize) = (.compact, .right, .small)
        }
        return out
    }
}
