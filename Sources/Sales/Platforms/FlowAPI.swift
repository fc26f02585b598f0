import Basics
import Core
import FoundationEssentials
import WebClient

/// A platform that is reached by the Flow Service of the standard AFNOR XP Z12-013 (annex A, 1.1.0): a
/// token by OAuth 2 client credentials, then flows that are posted, searched and fetched.
struct FlowAPI: PlatformConnector {
    /// The most that a search answers.
    static let pageSize = 100
    /// Of a token or of a page of flows.
    private static let mostAnswerBytes = 1_048_576

    private let client: WebClient
    private let flowURL: String
    private let token: String

    /// Asks for a token; it is good for all that follows.
    init(
        _ client: WebClient, flowURL: String, tokenURL: String, _ credentials: PlatformCredentials
    ) throws(PlatformFailure) {
        self.client = client
        self.flowURL = flowURL.hasSuffix("/") ? String(flowURL.dropLast()) : flowURL
        token = try Self.token(client, tokenURL, credentials)
    }

    func check() throws(PlatformFailure) { _ = try get("/v1/healthcheck", Self.mostAnswerBytes) }

    func submit(_ flow: OutgoingFlow) throws(PlatformFailure) -> String {
        let boundary = "comptoir-" + hexadecimal(Random.bytes(16))
        let info: JSON = [
            "trackingId": .string(flow.trackingID.description), "name": .string(flow.name),
            "processingRule": flow.syntax == .facturX ? "B2B" : "NotApplicable",
            "flowSyntax": .string(flow.syntax.rawValue),
            "sha256": .string(hexadecimal(Digest.sha256(flow.content))),
        ]
        var body = Self.part("flowInfo", nil, "application/json", boundary) + info.bytes
        body += Self.part("file", flow.name, flow.mediaType, boundary) + flow.content
        body += Array("\r\n--\(boundary)--\r\n".utf8)
        // The line's end before the first boundary belongs to nothing.
        let taken: FlowAnswer.Taken = try post(
            "/v1/flows", "multipart/form-data; boundary=\(boundary)", Array(body.dropFirst(2)))
        guard FlowAnswer.isID(taken.flowId) else { throw .unreadable }
        return taken.flowId
    }

    func flow(tracking id: UniqueID) throws(PlatformFailure) -> PlatformFlowState? {
        try search(["trackingId": .string(id.description)]).first
    }

    func changes(after moment: Instant) throws(PlatformFailure) -> [PlatformFlowState] {
        try search(["updatedAfter": .string(moment.rfc3339)])
            .sorted { $0.updatedAt < $1.updatedAt }
    }

    func content(of id: String) throws(PlatformFailure) -> [UInt8] {
        guard id.utf8.allSatisfy({ Self.isPlain($0) }) else { throw .unreadable }
        let answer = try get("/v1/flows/\(id)?docType=Original", InvoiceFile.maximumBytes + 1)
        return answer.body
    }

    private func search(_ filters: JSON) throws(PlatformFailure) -> [PlatformFlowState] {
        let question: JSON = ["limit": .int(Self.pageSize), "where": filters]
        let page: FlowAnswer.Page = try post(
            "/v1/flows/search", "application/json", question.bytes)
        return page.results.compactMap(\.state)
    }

    // MARK: requests

    private func get(_ path: String, _ most: Int) throws(PlatformFailure) -> WebAnswer {
        let address = try Self.address(flowURL + path)
        let answer: WebAnswer
        do { answer = try client.get(address, headers: headers(nil), mostBytes: most) } catch {
            throw .web(error.kind)
        }
        try Self.check(answer)
        return answer
    }

    private func post<Answer: Decodable>(_ path: String, _ type: String, _ body: [UInt8])
        throws(PlatformFailure) -> Answer
    {
        let address = try Self.address(flowURL + path)
        let answer: WebAnswer
        do {
            answer = try client.post(
                address, headers: headers(type), body: body, mostBytes: Self.mostAnswerBytes)
        } catch { throw .web(error.kind) }
        try Self.check(answer)
        return try Self.read(answer)
    }

    private static func read<Answer: Decodable>(_ answer: WebAnswer) throws(PlatformFailure)
        -> Answer
    {
        do { return try JSONDecoder().decode(Answer.self, from: Data(answer.body)) } catch {
            throw .unreadable
        }
    }

    private func headers(_ type: String?) -> [(name: String, value: String)] {
        [
            ("Authorization", "Bearer \(token)"), ("User-Agent", "Comptoir/\(Comptoir.version)"),
            ("Accept", "application/json, application/octet-stream"),
        ] + (type.map { [("Content-Type", $0)] } ?? [])
    }

    private static func token(
        _ client: WebClient, _ url: String, _ credentials: PlatformCredentials
    ) throws(PlatformFailure) -> String {
        var fields = [
            ("grant_type", "client_credentials"), ("client_id", credentials.id),
            ("client_secret", credentials.secret),
        ]
        if !credentials.scope.isEmpty { fields.append(("scope", credentials.scope)) }
        let form = fields.map { "\($0.0)=\(percentEncoded($0.1))" }.joined(separator: "&")
        let answer: WebAnswer
        do {
            answer = try client.post(
                address(url),
                headers: [
                    ("Content-Type", "application/x-www-form-urlencoded"),
                    ("Accept", "application/json"),
                    ("User-Agent", "Comptoir/\(Comptoir.version)"),
                ], body: Array(form.utf8), mostBytes: mostAnswerBytes)
        } catch let failure as WebFailure {
            throw .web(failure.kind)
        } catch { throw .unreadable }
        if [400, 401, 403].contains(answer.status) { throw .credentials }
        try check(answer)
        let granted: FlowAnswer.Token = try read(answer)
        let token = granted.accessToken
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .unreadable
        }
        return token
    }

    private static func address(_ text: String) throws(PlatformFailure) -> WebAddress {
        guard let address = WebAddress(text) else { throw .web(.forbidden) }
        return address
    }

    private static func check(_ answer: WebAnswer) throws(PlatformFailure) {
        switch answer.status {
        case 200...299: return
        case 401: throw .credentials
        case 408, 425, 429, 500...599: throw .busy(status: answer.status)
        case 300...399: throw .unreadable
        default:
            let said: FlowAnswer.Refusal? = try? read(answer)
            let words = [said?.errorCode, said?.errorMessage].compactMap(\.self)
            throw .refused(
                status: answer.status,
                message: String(PlainText.line(words.joined(separator: ": ")).prefix(500)))
        }
    }

    private static func part(
        _ name: String, _ file: String?, _ type: String, _ boundary: String
    ) -> [UInt8] {
        let fileName = file.map { "; filename=\"\($0)\"" } ?? ""
        return Array(
            """
            \r\n--\(boundary)\r
            Content-Disposition: form-data; name="\(name)"\(fileName)\r
            Content-Type: \(type)\r
            \r\n
            """.utf8)
    }

    /// Of a path that is put together here.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            isPlain(byte)
                ? String(UnicodeScalar(byte))
                : "%" + hexadecimal([byte]).uppercased()
        }.joined()
    }
}

/// What a platform knows the company by.
struct PlatformCredentials: Sendable {
    var id: String
    var secret: String
    var scope: String
}
