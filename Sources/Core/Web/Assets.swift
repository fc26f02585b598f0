import Basics
import HTTP

/// Style sheet, scripts, font and icons, staged by `bin/assets` under names that hold their hash.
public struct Assets: Sendable {
    private let files: StaticFiles
    private let names: [String: String]
    public let commonPasswords: CommonPasswords

    /// `folder` holds `manifest.txt` (lines `app.css app.3f2a91c0d2.css`), `static/` and
    /// `common-passwords.txt`.
    public init(folder: String) throws {
        var names: [String: String] = [:]
        let manifest = readWholeFile(folder + "/manifest.txt", limit: 1 << 20) ?? []
        for line in String(decoding: manifest, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count == 2 { names[String(parts[0])] = String(parts[1]) }
        }
        self.names = names
        commonPasswords = CommonPasswords(file: folder + "/common-passwords.txt")
        files = try StaticFiles(folder: folder + "/static")
    }

    /// The address of an asset: `app.css` becomes `/assets/app.3f2a91c0d2.css`.
    public func path(_ name: String) -> String { "/assets/" + (names[name] ?? name) }

    func response(to request: HTTPRequest) -> HTTPResponse? {
        guard request.segments.first == "assets", request.segments.count == 2 else { return nil }
        guard request.method == .get || request.method == .head else { return nil }
        return files.response(for: request.segments[1], request: request)
    }
}
