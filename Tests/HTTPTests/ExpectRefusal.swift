import Testing

@testable import HTTP

/// Sends a request and another one behind it: the first must be refused with that status, the second
/// must not be heard, and the connection must end.
func expectRefusal(
    _ status: Int, of request: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send(request)
    client.send("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
    let answer = try client.answer(toHead: request.hasPrefix("HEAD"))
    #expect(answer.status == status, sourceLocation: sourceLocation)
    #expect(answer.headers["Connection"] == "close", sourceLocation: sourceLocation)
    client.finishSending()
    let rest = String(decoding: try client.untilClosed(), as: UTF8.self)
    #expect(!rest.contains("HTTP/1.1"), sourceLocation: sourceLocation)
    #expect(server.log.map(\.status) == [status], sourceLocation: sourceLocation)
}
