import Testing

@testable import HTTP

@Suite struct RequestReaderTests {
    private let requests =
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
        + "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /"
        + "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "3\r\nabc\r\n02\r\n\r\n\r\n0\r\n\r\n"
        + "DELETE /d HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"

    private func reader(headers: Int = 1_000, body: Int = 100) -> RequestReader {
        RequestReader(
            limits: RequestReader.Limits(headerBytes: headers) { _ in body },
            spool: UploadSpool(HTTPServerConfiguration()))
    }

    private func read(_ text: String, inPiecesOf size: Int) throws -> [String] {
        var reader = self.reader()
        var found: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = bytes[start..<min(start + size, bytes.count)]
            try piece.withUnsafeBytes { try reader.read($0) }
            while let whole = reader.next() {
                let body = String(decoding: try whole.body.bytes, as: UTF8.self)
                found.append("\(whole.head.method.rawValue) \(whole.head.target) \(body)")
            }
        }
        #expect(reader.isBetweenRequests && reader.completed == found.count)
        return found
    }

    @Test(arguments: [1, 2, 3, 7, 64, 10_000])
    func requestsEndWhereTheyEndHoweverTheyAreCut(_ size: Int) throws {
        let expected = ["GET /a ", "POST /b GET /", "POST /c abc\r\n", "DELETE /d "]
        #expect(try read(requests, inPiecesOf: size) == expected)
    }

    @Test func aRequestHasBegunWithItsFirstByte() throws {
        var reader = self.reader()
        #expect(reader.isBetweenRequests)
        try Array("G".utf8).withUnsafeBytes { try reader.read($0) }
        #expect(!reader.isBetweenRequests && reader.completed == 0)
    }

    @Test func anyBytesAreReadOrRefusedButNeverCrash() {
        var random = SystemRandomNumberGenerator()
        let seeds = Array(requests.utf8)
        for _ in 1...2_000 {
            var bytes = seeds
            for _ in 0...Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            var reader = self.reader(headers: 200, body: 20)
            _ = try? bytes.withUnsafeBytes { try reader.read($0) }
            #expect(reader.completed <= 8)
        }
    }
}
