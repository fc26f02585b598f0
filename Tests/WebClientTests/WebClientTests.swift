import Testing
import TestSupport

@testable import WebClient

/// Against a real server on this machine.
struct WebClientTests {
    private func post(
        _ address: String, _ client: WebClient = WebClient(allowsLoopback: true)
    ) throws -> WebAnswer {
        try client.post(
            try #require(WebAddress(address)), headers: [("X-Test", "é")], body: Array("{}".utf8))
    }

    private func failure(_ body: () throws -> WebAnswer) throws -> WebFailure.Kind? {
        do {
            _ = try body()
            return nil
        } catch let failure as WebFailure {
            return failure.kind
        }
    }

    @Test func aRequestArrivesAndIsAnswered() throws {
        let sink = try WebSink()
        let answer = try post(sink.address("/201/path?a=b"))
        #expect(answer.status == 201)
        #expect(String(decoding: answer.body, as: UTF8.self).hasSuffix("201"))
        let request = try #require(try sink.requests().first)
        #expect(request.path == "/201/path?a=b")
        #expect(request.body == "{}")
        #expect(request.headers["content-length"] == "2")
        #expect(request.headers["expect"] == nil)
        #expect(request.headers["cookie"] == nil)
    }

    @Test func noRedirectionIsFollowed() throws {
        let sink = try WebSink()
        #expect(try post(sink.address("/302")).status == 302)
        #expect(try sink.requests().count == 1)
    }

    @Test func ofALongAnswerTheBeginningIsKept() throws {
        let sink = try WebSink()
        let answer = try post(sink.address("/large"))
        #expect(answer.status == 200)
        #expect(answer.body.count == WebClient.answerBytes)
    }

    @Test func aServerThatNeverAnswersCostsNoMoreThanTheTimeLimit() throws {
        let sink = try WebSink()
        let client = WebClient(allowsLoopback: true, timeoutSeconds: 1)
        let started = ContinuousClock.now
        #expect(try failure { try post(sink.address("/slow"), client) } == .timeout)
        #expect(ContinuousClock.now - started < .seconds(10))
    }

    @Test func aConnectionClosedWithoutAnAnswerIsAFailure() throws {
        let sink = try WebSink()
        #expect(try failure { try post(sink.address("/dies")) } == .connection)
    }

    /// Names that lead to this machine whatever they are, and other ways to write its address: the
    /// form lets them pass, the connection does not.
    @Test(arguments: [
        "https://0x7f000001:PORT/", "https://2130706433:PORT/", "https://127.1:PORT/",
        "https://0177.0.0.1:PORT/", "https://0:PORT/", "https://ip6-localhost:PORT/",
    ])
    func theAddressConnectedToIsTheOneThatIsChecked(_ address: String) throws {
        let sink = try WebSink()
        let target = address.replacing("PORT", with: String(sink.port))
        #expect(WebClient().allows(try #require(WebAddress(target))))
        let kind = try failure { try post(target, WebClient()) }
        #expect(kind == .forbidden || kind == .name)
        #expect(try sink.requests().isEmpty)
    }

    @Test func aServerInClearIsNoEncryptedOne() throws {
        let sink = try WebSink()
        let address = sink.address("/200").replacing("http:", with: "https:")
        #expect(try failure { try post(address) } == .certificate)
    }
}
