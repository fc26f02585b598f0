import CPango
import Glibc
import Synchronization

/// The fonts of the documents: the given TrueType files and no other, whatever the machine has
/// installed, so that the same document has the same bytes everywhere.
///
/// Make one and share it between threads. Pango's fonts must not be used by two threads at once;
/// each `PDFDocument` therefore borrows a typesetter of its own for as long as it is being drawn,
/// and gives it back, warm, when it is finished. As many documents as there are threads can be
/// drawn at the same time, each by one thread.
public final class FontSet: Sendable {
    /// The family asked for first; letters it lacks are taken from the other files.
    public let family: String
    private let files: [String]
    private let idle = Mutex<[Typesetter]>([])

    /// Typesetters kept warm between documents, about 2 MB each.
    private static let maximumIdle = 8

    /// - Parameters:
    ///   - family: the family name inside the files, such as `Liberation Sans`.
    ///   - files: paths of TrueType files (`.ttf`). OpenType files with CFF outlines are refused:
    ///     cairo embeds them in a way that PDF/A validators dispute.
    /// - Throws: `DrawingError.font` naming the first file that cannot be used.
    public init(family: String, files: [String]) throws(DrawingError) {
        for file in files where !Self.isTrueType(file) { throw .font(path: file) }
        guard !files.isEmpty else { throw .font(path: family) }
        self.family = family
        self.files = files
        giveBack(try Typesetter(family: family, files: files))
    }

    /// Liberation Sans, in Debian's package `fonts-liberation2`.
    /// - Throws: `DrawingError.font` when the package is not installed.
    public static func liberationSans(
        folder: String = "/usr/share/fonts/truetype/liberation2"
    ) throws(DrawingError) -> FontSet {
        try FontSet(
            family: "Liberation Sans", files: faces("\(folder)/LiberationSans-"))
    }

    /// Liberation Serif, of the same package; letters it lacks come from Liberation Sans.
    /// - Throws: `DrawingError.font` when the package is not installed.
    public static func liberationSerif(
        folder: String = "/usr/share/fonts/truetype/liberation2"
    ) throws(DrawingError) -> FontSet {
        try FontSet(
            family: "Liberation Serif",
            files: faces("\(folder)/LiberationSerif-") + faces("\(folder)/LiberationSans-"))
    }

    /// Lato, in Debian's package `fonts-lato`; letters it lacks come from Liberation Sans.
    /// - Throws: `DrawingError.font` when one of the two packages is not installed.
    public static func lato(
        folder: String = "/usr/share/fonts/truetype"
    ) throws(DrawingError) -> FontSet {
        let styles = ["Semibold", "SemiboldItalic"].map { "\(folder)/lato/Lato-\($0).ttf" }
        return try FontSet(
            family: "Lato",
            files: faces("\(folder)/lato/Lato-") + styles
                + faces("\(folder)/liberation2/LiberationSans-"))
    }

    /// The four files of a family, by the beginning of their paths.
    private static func faces(_ beginning: String) -> [String] {
        ["Regular", "Bold", "Italic", "BoldItalic"].map { beginning + $0 + ".ttf" }
    }

    func borrow() throws(DrawingError) -> Typesetter {
        if let warm = idle.withLock({ $0.popLast() }) { return warm }
        return try Typesetter(family: family, files: files)
    }

    func giveBack(_ typesetter: Typesetter) {
        idle.withLock { if $0.count < Self.maximumIdle { $0.append(typesetter) } }
    }

    /// fontconfig takes any file without complaint, so the first four bytes are looked at here.
    private static func isTrueType(_ path: String) -> Bool {
        guard let file = fopen(path, "rb") else { return false }
        defer { fclose(file) }
        var signature: [UInt8] = [0, 0, 0, 0]
        guard fread(&signature, 1, 4, file) == 4 else { return false }
        return signature == [0, 1, 0, 0] || signature == Array("true".utf8)
    }
}
