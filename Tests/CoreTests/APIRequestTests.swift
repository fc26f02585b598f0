import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

/// What the API makes of requests as such, whichever record they are about.
@Suite struct APIRequestTests {
    @Test(arguments: [
        ("*", true), ("\"3\"", true), ("\"2\", \"3\"", true), ("\"2\" ,\"3\"", true),
        ("W/\"3\"", false), ("\"4\"", false), ("\"\"", false), ("\"a,b\", \"3\"", true),
    ]) func aVersionIsComparedStrongly(_ header: String, _ matches: Bool) throws {
        let tags = try EntityTags("If-Match", HTTPRequest(headers: ["If-Match": header]))
        #expect(tags?.matches(version: 3) == matches)
        #expect(tags?.matches(version: nil) == (header == "*"))
    }

    @Test(arguments: ["3", "\"3", "*, \"3\"", "\"3\"\"4\"", "\"3\";", "w/\"3\"", ""])
    func aMalformedVersionIsABadRequest(_ header: String) throws {
        let request = try HTTPRequest(headers: ["If-Match": header])
        #expect(throws: Problem.self) { try EntityTags("If-Match", request) }
    }

    @Test func anAddressThatCannotBeReadIsAProblemForProgramsAndTextForOthers() throws {
        let application = try TestApplication().application
        let error = HTTPError(status: 400, message: "The path is not valid.")
        let answer = application.refuse(error, "/api/v1/mails/%00?a=1")
        #expect(answer.status == 400)
        #expect(answer.headers["Content-Type"] == "application/problem+json")
        guard case .bytes(let bytes) = answer.body else { throw Problem.notFound }
        #expect(JSON(parsing: bytes)?["instance"]?.string == "/api/v1/mails/%00")
        let other = application.refuse(error, "/clients/%00")
        #expect(other.headers["Content-Type"]?.hasPrefix("text/plain") == true)
    }

    @Test func nothingIsSaidToProgramsOfOtherOrigins() throws {
        let test = try TestApplication()
        let program = try test.program()
        let asked = try program.get("/mails", headers: ["Origin": "https://elsewhere.example"])
        let before = try program.call(
            .options, "/mails",
            headers: [
                "Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET",
            ])
        #expect(asked.status == 200 && before.status == 405)
        for answer in [asked, before] {
            let names = answer.response.headers.fields.map { $0.name.lowercased() }
            #expect(!names.contains { $0.hasPrefix("access-control-") })
        }
    }

    @Test func headAnswersAsGetAndTellsTheSame() throws {
        let program = try TestApplication().program()
        let (get, head) = (try program.get("/mails"), try program.call(.head, "/mails"))
        #expect(head.status == 200)
        #expect(head.response.headers["Content-Type"] == get.response.headers["Content-Type"])
        #expect(try program.call(.put, "/mails").response.headers["Allow"] == "GET, HEAD")
    }

    @Test func aMailPositionThatWasMadeUpIsNoFault() throws {
        let program = try TestApplication().program()
        for value in ["demain", "", "9223372036854775807", "-9223372036854775808", "0"] {
            let position = PagePosition(value: value + "x", id: UniqueID(high: 1, low: 1))
            #expect(try program.get("/mails?after=\(position.text)").status == 200, "\(value)")
            let plain = PagePosition(value: value, id: UniqueID(high: 1, low: 1))
            #expect(try program.get("/mails?after=\(plain.text)").status < 500, "\(value)")
        }
    }

    @Test func theDocumentationIsDrawnFromOurOwnOriginAlone() throws {
        let test = try TestApplication()
        let answer = try test.respond(.get, "/api/docs")
        #expect(answer.status == 200)
        #expect(!answer.text.contains("://"))
        #expect(answer.text.contains("<noscript>"))
        #expect(answer.text.contains("href=\"/api/openapi.json\""))
        let policy = try #require(answer.response.headers["Content-Security-Policy"])
        #expect(policy.hasPrefix("default-src 'self';") && !policy.contains("unsafe"))
    }
}
