import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

/// What the API refuses, and what it tells apart.
@Suite struct APIStrictnessTests {
    private static func program() throws -> (TestApplication, TestProgram) {
        let test = try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self, Payments.self,
            Receivables.self, Sending.self)
        return (test, try test.program())
    }

    private static func send(
        _ test: TestApplication, _ program: TestProgram, _ body: [UInt8],
        headers: HTTPHeaders = [:]
    ) throws -> Answer {
        var headers = headers
        headers.set("Authorization", "Bearer \(program.secret)")
        headers.set("Content-Type", "application/json")
        return test.answer(
            to: try HTTPRequest(
                method: .post, target: "/api/v1/clients", headers: headers, body: body))
    }

    @Test func aBodyThatCouldBeReadInTwoWaysChangesNothing() throws {
        let (test, program) = try APIStrictnessTests.program()
        let twice = Array("{\"name\":\"Aubrac\",\"name\":\"Delmas\"}".utf8)
        #expect(try APIStrictnessTests.send(test, program, twice).status == 400)
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 200_000)
        #expect(try APIStrictnessTests.send(test, program, deep).status == 400)
        let packed = try APIStrictnessTests.send(
            test, program, [0x1F, 0x8B], headers: ["Content-Encoding": "gzip"])
        #expect(packed.status == 415)
        #expect(packed.response.headers["Accept-Encoding"] == "identity")
        #expect(try program.get("/clients").json?["data"]?.array?.isEmpty == true)
    }

    @Test func charactersThatCannotBeSeenAreRemovedAndDoNotMakeAName() throws {
        let (_, program) = try APIStrictnessTests.program()
        let kept = try program.post("/clients", ["name": "Au\u{0}br\u{202E}ac\u{7}"])
        #expect(kept.json?["name"]?.string == "Aubrac", "\(kept.text)")
        for name in ["", "  ", "\u{0}", "\u{202E}\u{85}"] {
            #expect(try program.post("/clients", ["name": .string(name)]).status == 422)
        }
    }

    @Test func aWeakOrOldVersionNeitherChangesNorRemoves() throws {
        let (test, program) = try APIStrictnessTests.program()
        let draft = try test.draft(for: test.client())
        let path = "/invoices/\(draft.id)"
        let tag = try #require(try program.get(path).response.headers["ETag"])
        let weak = try program.patch(path, ["subject": "A"], headers: ["If-Match": "W/" + tag])
        #expect(weak.status == 412)
        #expect(try program.patch(path, ["subject": "A"], headers: ["If-Match": "1"]).status == 400)
        #expect(try program.patch(path, ["subject": "A"], headers: ["If-Match": tag]).status == 200)
        let late = try program.call(.delete, path, headers: ["If-Match": tag])
        #expect(late.status == 412)
        #expect(try program.call(.delete, path, headers: ["If-Match": "*"]).status == 204)
        #expect(try program.call(.delete, path, headers: ["If-Match": "*"]).status == 404)
    }

    @Test func aVersionThatTheRecordCannotHaveIsNotPassedOver() throws {
        let (test, program) = try APIStrictnessTests.program()
        let made = try program.post("/clients", ["name": "A"], headers: ["If-Match": "\"1\""])
        #expect(made.status == 412, "a list has no version")
        #expect(try program.get("/clients").json?["data"]?.array?.isEmpty == true)
        _ = test
    }

    @Test func aKeyIsTheTokensOwn() throws {
        let (test, program) = try APIStrictnessTests.program()
        let headers: HTTPHeaders = ["Idempotency-Key": "commande-17"]
        let first = try program.post("/clients", ["name": "Aubrac"], headers: headers)
        let second = try test.program().post("/clients", ["name": "Delmas"], headers: headers)
        #expect(first.status == 201 && second.status == 201)
        #expect(first.location != second.location)
        let elsewhere = try program.post(
            "/items", ["label": "A", "unit_price": "1"], headers: headers)
        #expect(elsewhere.status == 422, "the key stands for a request to another address")
        for key in ["", String(repeating: "k", count: 256)] {
            let refused = try program.post(
                "/clients", ["name": "B"], headers: ["Idempotency-Key": key])
            #expect(refused.status == 400)
        }
    }

    @Test func clientsByDayOfCreationArePagedThrough() throws {
        let (test, program) = try APIStrictnessTests.program()
        for number in 0..<60 {
            test.clock.advance(seconds: 1)
            try test.client("Client \(number)") { $0.siren = "" }
        }
        var seen: [String] = []
        var address: String? = "/clients?sort=-created"
        while let next = address {
            let page = try #require(try program.get(next).json)
            seen += page["data"]?.array?.compactMap { $0["name"]?.string } ?? []
            address = page["next_cursor"]?.string.map { "/clients?sort=-created&after=\($0)" }
        }
        #expect(seen == (0..<60).reversed().map { "Client \($0)" })
        let wrong = PagePosition(value: "demain", id: UniqueID(high: 1, low: 1)).text
        #expect(try program.get("/clients?sort=created&after=\(wrong)").status == 200)
    }

    @Test func boundsOfTotalsMayBeNegative() throws {
        let (_, program) = try APIStrictnessTests.program()
        #expect(try program.get("/invoices?min=-12.50&max=5").status == 200)
        #expect(try program.get("/invoices?min=--1").status == 422)
    }
}
