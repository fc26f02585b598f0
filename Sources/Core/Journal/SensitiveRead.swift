import Basics
import HTTP

/// Reading that the journal keeps: data that leave as a file, and documents that are opened. A route says so
/// where it is declared, and each file that it hands out is noted.
public struct SensitiveRead: Sendable {
    let action: Action
    let kind: SubjectKind

    /// A list that leaves as a file.
    public static func export(of kind: SubjectKind) -> SensitiveRead {
        SensitiveRead(action: .dataExported, kind: kind)
    }
    /// A document of one record.
    public static func document(of kind: SubjectKind) -> SensitiveRead {
        SensitiveRead(action: .documentOpened, kind: kind)
    }
}

extension Application {
    /// Notes that an answer was given, after it was made and before it leaves.
    func note(_ route: Routes.Route, _ request: Request, _ response: HTTPResponse) throws {
        // Asked for the head alone, nothing left.
        guard request.http.method == .get else { return }
        if let read = route.read,
            let file = response.headers["Content-Disposition"].flatMap(Self.fileName)
        {
            try note(read, file, request)
        }
        // Nor did anything where the reader has it already.
        if let shown = request.bankData.shown, response.status == 200 {
            try pool.transaction(request.scope, at: request.now) { try $0.note(shown) }
        }
    }

    private func note(_ read: SensitiveRead, _ file: String, _ request: Request) throws {
        let id = request.parameters["id"].flatMap { UniqueID($0) }
        let query = request.http.query.pairs.map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
        try pool.transaction(request.scope, at: request.now) {
            try $0.record(
                read.action, read.kind, id, label: file,
                details: query.isEmpty
                    ? .object([]) : ["note": .string(String(PlainText.line(query).prefix(500)))])
        }
    }

    private static func fileName(_ disposition: String) -> String? {
        disposition.firstRange(of: "filename=\"").map {
            String(disposition[$0.upperBound...].prefix { $0 != "\"" })
        }
    }
}

extension Action {
    static let dataExported = Action(
        "data.exported", Text("a exporté", "exported"), icon: "download", severity: .high)
    static let documentOpened = Action(
        "document.opened", Text("a ouvert", "opened"), icon: "eye")
}
