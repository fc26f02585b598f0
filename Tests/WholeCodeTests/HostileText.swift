/// What nobody types by mistake.
enum HostileText {
    /// A field may take it: the words of somebody who hopes that a page or a spreadsheet runs them.
    static let plain = "=cmd|' /C calc'!A0 <script>alert(1)</script>\"'&amp;{{7*7}} 😀\u{202E}txt"

    /// No page may ever hold this.
    static let tag = "<script>alert"
    /// The same as pages show it.
    static let shown = "&lt;script&gt;alert"

    static let all = [
        plain,
        "'; DROP TABLE clients; --",
        "<script>alert(1)</script>\u{0}\u{1}\u{7F}\u{FFFE}",
        "a\r\nSet-Cookie: x=1\r\n\r\n<script>alert(1)</script>",
        String(repeating: "<script>alert(1)</script>é", count: 400),
        "-99999999999999999999999999", "1e308", "%00%0d%0a${x}\\",
    ]
}
