import Basics
import HTTP
import Markup

/// What a handler answers. The same value serves people and programs.
public enum Reply {
    /// A whole page inside the shell.
    case page(Page, status: Int = 200)
    /// A part of a page, for a script of ours.
    case fragment(HTML)
    /// A record or list, for programs; see `Request.show`.
    case json(JSON)
    /// A change was made: people are led to `path`, with a word of confirmation; programs read the
    /// record at that path.
    case done(at: String, say: Text?)
    case file([UInt8], name: String, type: String, inline: Bool = false)
    /// For what fits none of these.
    case response(HTTPResponse)

    public static func done(at path: String) -> Reply { .done(at: path, say: nil) }
}

extension Reply {
    func response(to request: Request) -> HTTPResponse {
        switch self {
        case .page(let page, let status):
            var response = html(Shell.document(page, for: request), status: status, request)
            // A header works without a script, and is no element that a reader stumbles over.
            if let seconds = page.refreshSeconds {
                response.headers.set("Refresh", String(seconds))
            }
            return response
        case .fragment(let markup):
            return html(markup, status: 200, request)
        case .json(let json):
            return .json(json.bytes)
        case .done(let path, let text):
            var response = HTTPResponse.redirect(to: path)
            if let text, let cookie = Flash.cookie(request.say(text), request) {
                response.setCookie(cookie)
            }
            return response
        case .file(let bytes, let name, let type, let inline):
            return file(bytes, name: name, type: type, inline: inline)
        case .response(let response):
            return response
        }
    }

    private func html(_ markup: HTML, status: Int, _ request: Request) -> HTTPResponse {
        var response = HTTPResponse.html(ReachableLinks(request).kept(in: markup.bytes))
        response.status = status
        // Pages hold a company's data: no shared cache may keep them.
        response.headers.set("Cache-Control", "no-store")
        if request.http.cookies[Flash.cookieName] != nil, !request.wantsFragment {
            if let cleared = Flash.cleared(request) { response.setCookie(cleared) }
        }
        return response
    }

    private func file(_ bytes: [UInt8], name: String, type: String, inline: Bool) -> HTTPResponse {
        var response = HTTPResponse(status: 200, headers: HTTPHeaders(), body: .bytes(bytes))
        response.headers.set("Content-Type", type)
        let plain = String(
            name.unicodeScalars.map { scalar in
                scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-_.".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
            })
        response.headers.set(
            "Content-Disposition", "\(inline ? "inline" : "attachment"); filename=\"\(plain)\"")
        response.headers.set("Cache-Control", "no-store")
        return response
    }
}

/// One sentence shown on the next page, carried by a short-lived cookie.
enum Flash {
    static let cookieName = "comptoir_flash"

    static func cookie(_ text: String, _ request: Request) -> Cookie? {
        try? Cookie(
            name: cookieName, value: hexadecimal(text.utf8), maxAgeSeconds: 60,
            secure: request.http.isSecure)
    }
    static func cleared(_ request: Request) -> Cookie? {
        try? Cookie(
            name: cookieName, value: "", maxAgeSeconds: 0, secure: request.http.isSecure)
    }
    static func text(_ request: Request) -> String? {
        guard let value = request.http.cookies[cookieName], let text = bytes(hexadecimal: value),
            !text.isEmpty, text.count < 1000
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }
}
