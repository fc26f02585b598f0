/// Which answers leave compressed, and what their headers then say.
///
/// An entity tag names bytes, and compressed bytes are others: the tag of a compressed answer ends
/// with a mark of its own, which is taken off again before a handler sees the tags that come back.
/// So handlers know one tag a version, and caches never take one form for the other.
enum Compression {
    /// Smaller answers fit into one packet either way.
    static let minBytes = 1_024
    private static let mark = "-gzip\""

    /// Compresses the answer when the client wants that, when its kind gains by it, and when
    /// nobody can have planted text in it to measure a secret by its length.
    static func apply(to response: inout HTTPResponse, for headers: HTTPHeaders) {
        guard let type = response.headers["Content-Type"], gains(type),
            response.headers["Content-Encoding"] == nil
        else { return }
        response.headers.append("Vary", "Accept-Encoding")
        let accepted = AcceptedCoding(headers)
        guard accepted.wantsGzip, !isLedByAnotherSite(headers), !mayNotChange(response) else {
            return
        }
        if response.status == 304 { return markTag(of: &response) }
        guard case .bytes(let bytes) = response.body, ![204, 206].contains(response.status),
            bytes.count >= minBytes || accepted.refusesIdentity,
            let packed = Gzip.compressed(bytes)
        else { return }
        response.body = .bytes(packed)
        response.headers.set("Content-Encoding", "gzip")
        markTag(of: &response)
    }

    /// The request as handlers see it: the tags that name compressed answers name the plain ones.
    static func withPlainTags(_ headers: HTTPHeaders) -> HTTPHeaders {
        guard headers.fields.contains(where: { holdsTags($0) && $0.value.contains(mark) }) else {
            return headers
        }
        var result = HTTPHeaders()
        for field in headers.fields {
            let value = holdsTags(field) ? withoutMarks(field.value) : field.value
            result.append(field.name, value)
        }
        return result
    }

    /// The tag of the compressed form.
    static func marked(_ tag: String) -> String {
        tag.hasSuffix("\"") && !tag.hasSuffix(mark) ? tag.dropLast() + mark : tag
    }

    /// Whether a kind of content shrinks: text, and what is written like text.
    static func gains(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        // A stream of events has no end to wait for.
        if type == "text/event-stream" { return false }
        return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml")
            || ["application/json", "application/javascript", "application/xml"].contains(type)
    }

    /// BREACH needs a victim whose browser asks, with its cookies, for addresses that another site
    /// chose. Browsers say so (Fetch Metadata); such answers travel as they are.
    private static func isLedByAnotherSite(_ headers: HTTPHeaders) -> Bool {
        ["cross-site", "same-site"].contains(headers["Sec-Fetch-Site"])
    }

    private static func mayNotChange(_ response: HTTPResponse) -> Bool {
        response.headers["Cache-Control"]?.contains("no-transform") == true
    }

    private static func markTag(of response: inout HTTPResponse) {
        if let tag = response.headers["ETag"] { response.headers.set("ETag", marked(tag)) }
    }

    private static func holdsTags(_ field: HTTPHeaders.Field) -> Bool {
        isSameName(field.name, "If-None-Match") || isSameName(field.name, "If-Match")
    }

    private static func withoutMarks(_ value: String) -> String {
        value.split(separator: ",", omittingEmptySubsequences: false).map { part in
            var tag = part
            while tag.last == " " || tag.last == "\t" { tag.removeLast() }
            return tag.hasSuffix(mark) ? tag.dropLast(mark.utf8.count) + "\"" : String(part)
        }.joined(separator: ",")
    }
}
