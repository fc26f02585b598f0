import Testing

@testable import HTTP

@Suite struct FormTests {
    private func form(
        _ body: String, boundary: String = "XX", limits: FormLimits = FormLimits()
    ) throws -> Form {
        try form(Array(body.utf8), "multipart/form-data; boundary=\(boundary)", limits: limits)
    }

    private func form(
        _ body: [UInt8], _ contentType: String, limits: FormLimits = FormLimits()
    ) throws -> Form {
        try HTTPRequest(method: .post, headers: ["Content-Type": contentType], body: body)
            .form(limits: limits)
    }

    private func part(_ disposition: String, _ content: String, more: String = "") -> String {
        "--XX\r\nContent-Disposition: form-data; \(disposition)\r\n\(more)\r\n\(content)\r\n"
    }

    @Test func urlencodedFormsAreRead() throws {
        for type in [
            "application/x-www-form-urlencoded", "APPLICATION/x-www-form-urlencoded; charset=UTF-8",
        ] {
            let form = try form(Array("name=D%C3%A9lia+B&line=1&line=2".utf8), type)
            #expect(form.fields["name"] == "Délia B")
            #expect(form.fields.all("line") == ["1", "2"])
        }
    }

    @Test func otherContentTypesAreRefused() throws {
        for type in ["application/json", "text/plain", "", "multipart/mixed; boundary=XX"] {
            #expect(
                throws: HTTPError(status: 415, message: "The content type is not that of a form.")
            ) {
                try form([1], type)
            }
        }
        #expect(try HTTPRequest(method: .post).form().fields.pairs.isEmpty)
        #expect(throws: HTTPError.self) { try HTTPRequest(method: .post, body: [1]).form() }
    }

    @Test func multipartFormsGiveFieldsAndFiles() throws {
        let body =
            part("name=\"title\"", "Été\r\nand --XX more") + part("name=empty", "")
            + part(
                "name=\"logo\"; filename=\"a b.png\"", "\r\n--X\r\n",
                more: "Content-Type: image/png\r\n")
            + part("name=\"none\"; filename=\"\"", "") + "--XX--\r\n"
        let form = try form(body)
        #expect(form.fields.pairs.map(\.name) == ["title", "empty"])
        #expect(form.fields["title"] == "Été\r\nand --XX more")
        #expect(form.fields["empty"] == "")
        let file = try #require(form.files.first)
        #expect(form.files.count == 1)
        #expect(
            file.name == "logo" && file.filename == "a b.png" && file.contentType == "image/png")
        #expect(try file.bytes == Array("\r\n--X\r\n".utf8))
    }

    @Test func namesAreUnescapedAsBrowsersEscapeThem() throws {
        let body = part("name=\"a%22b%0D%0Ac%41\"; filename=\"x\\\"y.txt\"", "1") + "--XX--"
        let file = try #require(try form(body).files.first)
        #expect(file.name == "a\"b\r\nc%41")
        #expect(file.filename == "xy.txt")
    }

    @Test(arguments: [
        ("../../etc/passwd", "passwd"), ("C:\\\\Users\\\\me\\\\a.pdf", "a.pdf"), ("..", "file"),
        ("/", "file"), ("  a.txt ", "a.txt"), ("a\u{202E}gpj.exe", "agpj.exe"),
        ("a\u{1}b\u{7F}.txt", "ab.txt"), ("a%0D%0AX: y.txt", "aX y.txt"), ("été.pdf", "été.pdf"),
        ("a/b/", "b"), ("\u{200B}\u{FEFF}", "file"), ("<b>|.txt", "b.txt"),
    ]) func fileNamesAreMadeHarmless(_ sent: String, _ kept: String) throws {
        // Control characters cannot stand in a header; the name itself is tested then.
        let name =
            isFieldValue(sent.utf8)
            ? try form(part("name=f; filename=\"\(sent)\"", "1") + "--XX--").files[0].filename
            : safeFileName(sent)
        #expect(name == kept)
    }

    @Test func longFileNamesKeepTheirEnding() {
        let name = safeFileName(String(repeating: "é", count: 500) + ".pdf")
        #expect(name.utf8.count <= 200 && name.hasSuffix("é.pdf"))
        #expect(safeFileName("a." + String(repeating: "b", count: 500)).utf8.count == 200)
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=a b",
        "multipart/form-data; boundary=\"a\\\"b\"", "multipart/form-data; boundary=XX; boundary=YY",
        "multipart/form-data; boundary=" + String(repeating: "a", count: 71),
    ]) func aMissingOrStrangeBoundaryIsRefused(_ type: String) {
        #expect(throws: HTTPError.self) { try form(Array("--XX--".utf8), type) }
    }

    @Test(arguments: [
        "", "--XX", "--YY--", "x--XX--", "--XX\r\n", "--XX\r\n\r\n", "--XX\nContent-Disposition: x",
        "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nunfinished",
        "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XX",
        "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XX  \r\n",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b"
            + "\r\n\r\nx\r\n--XX--",
        "--XX\r\nX-Other: 1\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition : form-data; name=a\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nnul\0\r\n--XX--",
    ]) func malformedMultipartBodiesAreRefused(_ body: String) {
        #expect(throws: HTTPError.self) { try form(body) }
    }

    @Test func fieldsThatAreNotTextAreRefusedButFilesAreNot() throws {
        let bytes = { (disposition: String) -> [UInt8] in
            Array("--XX\r\nContent-Disposition: form-data; \(disposition)\r\n\r\n".utf8)
                + [0xFF, 0, 0xFE] + Array("\r\n--XX--".utf8)
        }
        let type = "multipart/form-data; boundary=XX"
        #expect(throws: HTTPError.self) { try form(bytes("name=a"), type) }
        #expect(try form(bytes("name=a; filename=b"), type).files[0].bytes == [0xFF, 0, 0xFE])
    }

    @Test func aHugeNumberOfPartsIsRefused() throws {
        let fields = String(repeating: part("name=a", "1"), count: 101) + "--XX--"
        #expect(throws: HTTPError(status: 413, message: "There are too many fields.")) {
            try form(fields, limits: FormLimits(fields: 100))
        }
        #expect(try form(fields, limits: FormLimits(fields: 101)).fields.pairs.count == 101)
        let files = String(repeating: part("name=a; filename=b", "1"), count: 51) + "--XX--"
        #expect(throws: HTTPError(status: 413, message: "There are too many files.")) {
            try form(files)
        }
    }

    @Test func aLongPartHeaderIsRefused() {
        let more = "X: " + String(repeating: "a", count: 8_192) + "\r\n"
        #expect(throws: HTTPError.self) { try form(part("name=a", "1", more: more) + "--XX--") }
    }
}
