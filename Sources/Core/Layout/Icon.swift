import Basics
import Markup

/// A drawing of the sprite that `bin/assets` stages; names are those of `Resources/icons.txt`.
public struct Icon: Sendable {
    public enum Size: String, Sendable { case normal = "i", small = "i s", large = "i l" }

    private let sprite: String

    init(_ assets: Assets) { sprite = assets.path("icons.svg") }

    public func callAsFunction(_ name: StaticString, _ size: Size = .normal) -> HTML {
        self(named: name.description, size)
    }

    /// For a name that is only known when the program runs.
    public func callAsFunction(named name: String, _ size: Size = .normal) -> HTML {
        """
        <svg class="\(size.rawValue)" aria-hidden="true"><use href="\(sprite)#\(name)"/></svg>
        """
    }
}

extension Request {
    /// Draws icons: `\(request.icon("mail"))`.
    public var icon: Icon { Icon(application.assets) }
}
