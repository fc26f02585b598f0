/// The longest file name kept, in bytes of UTF-8.
private let maxFileNameBytes = 200

extension UploadedFile {
    /// The name of a file that came another way, such as in a mail, made safe as `filename` is.
    public static func safeName(_ name: String) -> String { safeFileName(name) }
}

/// A file name that is safe to show and to send back in a header: the last component only, without
/// control characters, quotes and characters that change the direction of text (they make
/// `gpj.exe` read as `exe.jpg`).
func safeFileName(_ name: String) -> String {
    let component = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
    var scalars = String.UnicodeScalarView()
    for scalar in component.unicodeScalars where isPlain(scalar) {
        scalars.append(scalar)
    }
    var result = String(scalars)
    while result.first == " " { result.removeFirst() }
    while result.last == " " { result.removeLast() }
    if result.allSatisfy({ $0 == "." }) { return "file" }
    return shortened(result)
}

private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        false
    default:
        scalar != "\"" && scalar != ":" && scalar != "<" && scalar != ">" && scalar != "|"
    }
}

/// Cuts the stem rather than the ending, by which people and programs know the kind of file.
private func shortened(_ name: String) -> String {
    guard name.utf8.count > maxFileNameBytes else { return name }
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    let ending = name[dot...].utf8.count <= 16 ? name[dot...] : ""
    var stem = name[..<(ending.isEmpty ? name.endIndex : dot)]
    while stem.utf8.count + ending.utf8.count > maxFileNameBytes { stem.removeLast() }
    return String(stem + ending)
}
