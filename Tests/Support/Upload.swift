import Basics
@testable import Core
import HTTP

extension TestApplication {
    /// Sends a form with a file in its field `file`, as a browser does.
    public func upload(
        _ target: String, _ content: [UInt8], named name: String,
        _ fields: KeyValuePairs<String, String> = [:], as role: Role = .owner
    ) throws -> Answer {
        let token = people[role]?.token ?? ""
        let boundary = "edge-of-a-part"
        func part(_ head: String, _ content: [UInt8]) -> [UInt8] {
            Array("--\(boundary)\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8) + content
                + Array("\r\n".utf8)
        }
        var body = part("name=\"_token\"", Array(formToken(of: token).utf8))
        for (field, value) in fields { body += part("name=\"\(field)\"", Array(value.utf8)) }
        body += part("name=\"file\"; filename=\"\(name)\"", content)
        body += Array("--\(boundary)--\r\n".utf8)
        return answer(
            to: try HTTPRequest(
                method: .post, target: target,
                headers: [
                    "Cookie": "\(Session.cookieName)=\(token)",
                    "Content-Type": "multipart/form-data; boundary=\(boundary)",
                ], body: body))
    }
}
