/// What a file is, told by its bytes. Neither its name nor what its sender calls it has a say.
public enum FileKind: Sendable, Equatable {
    case empty
    case text
    case png
    /// Any other picture, SVG included.
    case picture
    case pdf
    case xml
    case html
    case mail
    /// Of Excel, LibreOffice or the like.
    case workbook
    /// Of Word, LibreOffice or the like.
    case document
    case archive
    /// What a machine would run.
    case program
    case soundOrFilm
    /// Bytes that mean nothing to us.
    case unknown

    /// Looks at the first 64 kB.
    public init(of bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else {
            self = .empty
            return
        }
        let start = Array(bytes.prefix(MagicDatabase.lookedAtBytes))
        let told = FileKind(type: MagicDatabase.shared.type(of: start) ?? "")
        switch told {
        case _ where start.starts(with: officeMark): self = .document
        case nil where start.starts(with: archiveMark): self = .archive
        // A table whose cells hold HTML is a table: browsers are never left to guess.
        case .html where !beginsWithTag(start): self = .text
        case .some(let kind): self = kind
        // Nobody asks about this type. Where every byte is text, it is one.
        case nil: self = isPlain(start) ? .text : .unknown
        }
    }

    /// Nil for types that nobody asks about.
    private init?(type: String) {
        switch type {
        case "image/png", "image/apng": self = .png
        case "application/pdf": self = .pdf
        case "text/xml", "application/xml": self = .xml
        case "text/html", "application/xhtml+xml": self = .html
        case "message/rfc822": self = .mail
        case "text/rtf": self = .document
        case let type where type.hasPrefix("image/"): self = .picture
        case let type where type.hasPrefix("audio/") || type.hasPrefix("video/"):
            self = .soundOrFilm
        case let type where FileKind.names(FileKind.workbooks, type): self = .workbook
        case let type where FileKind.names(FileKind.documents, type): self = .document
        case let type where FileKind.names(FileKind.archives, type): self = .archive
        case let type where FileKind.names(FileKind.programs, type): self = .program
        case let type where type.hasPrefix("text/"): self = .text
        default: return nil
        }
    }

    private static func names(_ words: [String], _ type: String) -> Bool {
        type.hasPrefix("application/") && words.contains { type.contains($0) }
    }

    private static let workbooks = ["spreadsheet", "ms-excel"]
    private static let documents = [
        "wordprocessing", "msword", "opendocument", "presentation", "ms-office", "postscript",
        "epub",
    ]
    private static let archives = [
        "zip", "x-tar", "x-xz", "zstd", "x-7z", "rar", "x-lz", "java-archive", "x-cpio",
        "vnd.debian", "x-compress", "cab",
    ]
    private static let programs = ["executable", "x-dosexec", "sharedlib", "x-mach", "x-object"]
}

/// Whether every byte may stand in a text, whatever its encoding.
private func isPlain(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0C, 0x0D].contains($0) }
}

/// How a ZIP file begins, and with it many others, of which libmagic wants to see more.
private let archiveMark: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

/// How files of Excel and Word before 2007 begin; libmagic would have to read them to know more.
private let officeMark: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

private func beginsWithTag(_ bytes: [UInt8]) -> Bool {
    let skipped: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0x09, 0x0A, 0x0D, 0x20]
    return bytes.first { !skipped.contains($0) } == UInt8(ascii: "<")
}
