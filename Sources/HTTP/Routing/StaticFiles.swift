/// The files of one folder, read when the program starts.
///
/// A file `app.css.gz` beside `app.css` is its compressed form, made once and well when the files were
/// staged; clients that take gzip get it. It has no address of its own.
///
/// A request names an entry of a table, never a path: no name leads outside the folder. Symbolic
/// links and names that begin with a dot are left out.
public struct StaticFiles: Sendable {
    private struct File: Sendable {
        let body: HTTPResponse.Body
        let contentType: String
        let entityTag: String
        let cacheControl: String
        let packed: HTTPResponse.Body?
    }

    private static let packedSuffix = ".gz"

    /// Browsers may keep a file for a year when its name changes with its content.
    private static let immutableCaching = "public, max-age=31536000, immutable"
    /// Otherwise they ask every time, and mostly hear 304.
    private static let revalidated = "no-cache"

    private var files: [String: File] = [:]

    /// Reads a folder and those below it.
    ///
    /// - Parameters:
    ///   - folder: the path of the folder.
    ///   - immutable: whether names that hold a content hash, such as `app.3f2a91c0d2.css`, are
    ///     declared immutable; pass false while the files are being edited.
    /// - Throws: when the folder or a file in it cannot be read.
    public init(folder: String, immutable: Bool = true) throws(HTTPSetupError) {
        let found = try FolderReading.files(in: folder)
        let bodies = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.body) })
        for file in found {
            if file.name.hasSuffix(Self.packedSuffix),
                bodies[String(file.name.dropLast(Self.packedSuffix.utf8.count))] != nil
            {
                continue
            }
            files[file.name] = File(
                body: file.body, contentType: contentType(ofFileNamed: file.name),
                entityTag: "\"\(file.contentHash)\"",
                cacheControl: immutable && holdsContentHash(file.name)
                    ? Self.immutableCaching : Self.revalidated,
                packed: bodies[file.name + Self.packedSuffix])
        }
    }

    /// The names in order, folders joined by slashes: `icons/plus.svg`.
    public var names: [String] { files.keys.sorted() }

    /// Answers a request for a file: 200, or 304 when the client has that content already.
    ///
    /// - Parameters:
    ///   - name: the decoded name below the folder, such as a router's rest parameter.
    ///   - request: whose `If-None-Match` counts.
    /// - Returns: nil when there is no such file.
    public func response(for name: String, request: HTTPRequest) -> HTTPResponse? {
        guard let file = files[name] else { return nil }
        var headers: HTTPHeaders = [
            "Content-Type": file.contentType, "ETag": file.entityTag,
            "Cache-Control": file.cacheControl,
        ]
        if matches(request.headers.all(named: "If-None-Match"), file.entityTag) {
            return HTTPResponse(status: 304, headers: headers)
        }
        // These files hold nobody's secrets, so who asks for them does not matter.
        guard let packed = file.packed, AcceptedCoding(request.headers).wantsGzip else {
            return HTTPResponse(status: 200, headers: headers, body: file.body)
        }
        headers.set("Content-Encoding", "gzip")
        headers.set("Vary", "Accept-Encoding")
        headers.set("ETag", Compression.marked(file.entityTag))
        return HTTPResponse(status: 200, headers: headers, body: packed)
    }
}

/// Whether a name holds, between two dots, at least eight lower-case hexadecimal digits.
private func holdsContentHash(_ name: String) -> Bool {
    let last = name.split(separator: "/").last ?? ""
    return last.split(separator: ".").dropFirst().dropLast().contains { part in
        part.utf8.count >= 8
            && part.utf8.allSatisfy { hexadecimalDigit($0) != nil && lowercased($0) == $0 }
    }
}

/// RFC 9110, section 13.1.2: a list of tags or `*`, compared without the mark of weakness.
private func matches(_ headers: [String], _ entityTag: String) -> Bool {
    headers.contains { header in
        header.split(separator: ",").contains { candidate in
            var tag = candidate.drop { $0 == " " || $0 == "\t" }
            while tag.last == " " || tag.last == "\t" { tag.removeLast() }
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            return tag == "*" || tag == entityTag
        }
    }
}
