import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

@Suite struct LogoTests {
    @Test func aLogoIsKeptServedToMembersAndDeleted() throws {
        let test = try TestApplication()
        #expect(try test.get("/logo").status == 404)
        #expect(try test.upload(Picture.dot).status == 303)
        let served = try test.get("/logo", as: .accountant)
        #expect(served.status == 200)
        #expect(served.bytes == Picture.dot)
        #expect(served.response.headers["Content-Type"] == "image/png")
        #expect(try test.get("/logo", as: nil).status == 303, "only members see it")
        let tag = try #require(served.response.headers["ETag"])
        #expect(try test.get("/logo", headers: ["If-None-Match": tag]).status == 304)
        #expect(try test.post("/settings/logo/delete").status == 303)
        #expect(try test.get("/logo").status == 404)
    }

    @Test func aFileThatIsNoPictureIsRefused() throws {
        let test = try TestApplication()
        let answer = try test.upload(Array("<svg onload=alert(1)>".utf8))
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-logo-e\""))
        #expect(try test.get("/logo").status == 404)
    }

    /// Its field says what the file is, whatever it is called and whatever the browser said of it.
    @Test(arguments: [
        (
            Array("GIF89a/*".utf8) + [1, 0] + Array("*/=1;alert(1);//".utf8),
            "a picture of another kind"
        ),
        (
            Array("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8),
            "a picture of another kind"
        ),
        (Array("<!DOCTYPE html><script>alert(1)</script>".utf8), "a web page"),
        ([0x50, 0x4B, 3, 4, 20, 0, 0, 0], "an archive"), (Array("%PDF-1.7\n".utf8), "a PDF"),
    ])
    func whatIsCalledAPictureAndIsNoneIsNamed(content: [UInt8], name: String) throws {
        let problem = #expect(throws: Problem.self) { try Logo(uploaded: content) }
        #expect(problem?.fields.map(\.field) == ["logo"])
        #expect(problem?.fields.first?.message.english.contains(name) == true)
    }

    @Test func aPictureThatIsAlsoAnotherFileIsKeptAsThePictureAlone() throws {
        let test = try TestApplication()
        let archive: [UInt8] = [0x50, 0x4B, 3, 4] + Array("<script>alert(1)</script>".utf8)
        #expect(try test.upload(Picture.dot + archive).status == 303)
        #expect(try test.get("/logo").bytes == Picture.dot)
        let comment = Picture.withComment("<?php system($_GET[0]); ?> 48.8584, 2.2945")
        #expect(try test.upload(comment).status == 303)
        #expect(try test.get("/logo").bytes == Picture.dot, "no comment, no place")
    }

    @Test func aDamagedPictureIsRefused() throws {
        let test = try TestApplication()
        #expect(try test.upload(Array(Picture.dot.dropLast(20))).status == 422)
        #expect(try test.get("/logo").status == 404)
    }

    @Test func aPictureOfMoreThanAMegabyteIsRefused() throws {
        let test = try TestApplication()
        let answer = try test.upload(
            Picture.dot + [UInt8](repeating: 0, count: Logo.maximumBytes))
        #expect(answer.status == 413)
        #expect(answer.text.contains("id=\"f-logo-e\""))
    }

    @Test func aHugePictureInFewBytesIsRefused() throws {
        let test = try TestApplication()
        let answer = try test.upload(Picture.sized(20_000, 20_000))
        #expect(answer.status == 422)
        #expect(answer.text.contains("4096"))
    }

    @Test func noFileIsSaidSo() throws {
        let test = try TestApplication()
        #expect(try test.upload(nil).status == 422)
    }

    @Test func agentsCannotChangeIt() throws {
        let test = try TestApplication()
        #expect(try test.upload(Picture.dot, as: .agent).status == 403)
    }
}

extension TestApplication {
    fileprivate func upload(_ content: [UInt8]?, as role: Role = .owner) throws -> Answer {
        let token = people[role]?.token ?? ""
        let boundary = "edge"
        func part(_ head: String) -> [UInt8] {
            Array("--\(boundary)\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8)
        }
        var body = part("name=\"_token\"") + Array((formToken(of: token) + "\r\n").utf8)
        if let content {
            body += part("name=\"logo\"; filename=\"logo.png\"") + content + Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        let request = try HTTPRequest(
            method: .post, target: "/settings/logo",
            headers: [
                "Cookie": "\(Session.cookieName)=\(token)",
                "Content-Type": "multipart/form-data; boundary=\(boundary)",
            ], body: body)
        return answer(to: request)
    }
}

/// PNG files, made by hand.
enum Picture {
    /// One black pixel: grey of 8 bits, its row stored uncompressed in a zlib stream.
    static let dot = sized(1, 1)

    static func withComment(_ text: String) -> [UInt8] {
        sized(1, 1, chunk("tEXt", Array("Comment\0\(text)".utf8)))
    }

    static func sized(_ width: Int, _ height: Int, _ more: [UInt8] = []) -> [UInt8] {
        let head = big(width) + big(height) + [8, 0, 0, 0, 0]
        let row: [UInt8] = [0x78, 0x01, 0x01, 2, 0, 0xFD, 0xFF, 0, 0, 0x00, 0x02, 0x00, 0x01]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", head) + more + chunk("IDAT", row) + chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return big(content.count) + body + big(Int(checksum(body)))
    }

    private static func big(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// CRC-32 as PNG has it.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
                sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1
            }
        }
    }
}
