import HTTP
import Markup

/// The button that offers all rows of a list as files.
public struct ExportMenu {
    let list: ListAddress
    let path: String
    /// A ghost with its sign only, for the head of a card.
    let isSmall: Bool
    let request: Request

    /// `path` is where the files are, usually `/export` below the list; the list's filters go with it.
    public init(
        _ list: ListAddress, at path: String? = nil, isSmall: Bool = false, _ request: Request
    ) {
        self.list = list
        self.path = path ?? list.path + "/export"
        self.isSmall = isSmall
        self.request = request
    }

    public var html: HTML {
        """
        <details class="menu">\(summary)<div class="pop">\(links)</div></details>
        """
    }

    /// One for each format, for a menu that holds more.
    public var links: HTML { "\(TableFile.Format.allCases, link)" }

    private var summary: HTML {
        let (label, sign) = (request.say("Exporter", "Export"), request.icon("download"))
        return isSmall
            ? "<summary class=\"btn g sm sq\" aria-label=\"\(label)\">\(sign)</summary>"
            : """
            <summary class="btn">\(sign)\(label)\(request.icon("chevron-down", .small))</summary>
            """
    }

    private func link(_ format: TableFile.Format) -> HTML {
        let icon: StaticString = format == .csv ? "file-text" : "file-spreadsheet"
        let address = PercentEncoding.query(path, list.with("format", format.rawValue))
        return """
            <a href="\(address)" download>\(request.icon(icon))\(request.say(format.label))</a>
            """
    }
}
