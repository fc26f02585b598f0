import Testing

@testable import Drawing

@Suite struct PictureTests {
    private let good = PNGWriter.rgb(width: 3, height: 2) { x, y in (UInt8(x), UInt8(y), 200) }

    @Test func pictureKeepsItsProportionsAndIsNotSmoothed() throws {
        let image = try Image(png: good)
        #expect(image.width == 3 && image.height == 2)
        let pdf = try page {
            #expect($0.image(image, x: 10, y: 10, width: 90) == 60)
        }
        let folder = Folder()
        let file = folder.write(pdf, as: "a.pdf")
        let list = try run("pdfimages", "-list", file).split(separator: "\n").dropFirst(2)
        #expect(list.count == 1)
        // Columns: page, number, type, width, height, colour, components, bits, encoding, interpolated.
        let fields = try #require(list.first).split(separator: " ")
        #expect(fields[3] == "3" && fields[4] == "2" && fields[9] == "no")
    }

    @Test func pictureOnTwoPagesIsEmbeddedOnce() throws {
        let image = try Image(
            png: PNGWriter.rgb(width: 200, height: 200) { x, y in
                (UInt8(truncatingIfNeeded: x * y * 31), UInt8(x), UInt8(y))
            })
        func size(pages: Int) throws -> Int {
            let document = try newDocument()
            for _ in 0..<pages {
                document.beginPage()
                document.image(image, x: 0, y: 0, width: 100)
            }
            return try document.finish().count
        }
        #expect(try size(pages: 5) - size(pages: 1) < 5_000)
    }

    @Test func whatIsNoPNGIsRefused() {
        #expect(throws: DrawingError.notPNG) { try Image(png: []) }
        #expect(throws: DrawingError.notPNG) { try Image(png: [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]) }
        #expect(throws: DrawingError.notPNG) { try Image(png: Array("<svg></svg>".utf8)) }
    }

    @Test func cutPictureIsRefusedAtEveryLength() {
        for length in 0..<good.count {
            #expect(throws: DrawingError.notPNG) { try Image(png: Array(good.prefix(length))) }
        }
    }

    @Test func damagedBytesNeverCrash() {
        for index in good.indices {
            var damaged = good
            damaged[index] ^= 0x55
            _ = try? Image(png: damaged)
        }
        var damaged = good
        // A byte of the header: its checksum no longer agrees.
        damaged[24] ^= 1
        #expect(throws: DrawingError.notPNG) { try Image(png: damaged) }
    }

    @Test func moreRowsThanThePictureHasAreNotUnpacked() throws {
        func picture(bytes count: Int) -> [UInt8] {
            var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            file += PNGWriter.chunk(
                "IHDR", PNGWriter.four(2) + PNGWriter.four(2) + [8, 2, 0, 0, 0])
            file += PNGWriter.chunk("IDAT", PNGWriter.stored([UInt8](repeating: 0, count: count)))
            return file + PNGWriter.chunk("IEND", [])
        }
        #expect(try Image(png: picture(bytes: 14)).width == 2)
        #expect(try Image(png: picture(bytes: 100)).width == 2)
        #expect(throws: DrawingError.notPNG) { try Image(png: picture(bytes: 200_000)) }
    }

    @Test func hugeDimensionsAreRefusedBeforeDecoding() {
        for (width, height) in [(100_000, 1), (1, 100_000), (4_000, 4_000), (1 << 31, 1 << 31)] {
            var bomb: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            bomb += PNGWriter.chunk(
                "IHDR", PNGWriter.four(width) + PNGWriter.four(height) + [8, 6, 0, 0, 0])
            bomb += PNGWriter.chunk("IDAT", []) + PNGWriter.chunk("IEND", [])
            #expect(throws: DrawingError.imageTooLarge) { try Image(png: bomb) }
        }
        let long = [UInt8](repeating: 0, count: Image.maximumBytes + 1)
        #expect(throws: DrawingError.imageTooLarge) { try Image(png: long) }
    }

    @Test func commentsAreNotUnpacked() throws {
        let comment = Array("Comment\0\0not zlib at all".utf8)
        let png = PNGWriter.rgb(width: 2, height: 2, extraChunk: ("zTXt", comment)) { _, _ in
            (1, 2, 3)
        }
        #expect(try Image(png: png).width == 2)
        let kept = try PNGFile.essentialChunks(of: png)
        #expect(!String(decoding: kept, as: UTF8.self).contains("Comment"))
    }

    @Test func qrCodeIsReadBackExactly() throws {
        let payment = [
            "BCD", "002", "1", "SCT", "AGRIFRPP", "Électricité Gérard",
            "FR7630006000011234567890189",
            "EUR1234.56", "", "", "F-2026-0042",
        ].joined(separator: "\n")
        let pdf = try page { try $0.qrCode(payment, x: 60, y: 60, side: 76) }
        let folder = Folder()
        let file = folder.write(pdf, as: "a.pdf")
        _ = try run("pdftoppm", "-r", "200", "-png", "-singlefile", file, folder.path + "/a")
        // Raw bytes: zbarimg guesses Japanese where a payment app reads the declared UTF-8.
        let read = try run("zbarimg", "-q", "--raw", "-Sbinary", folder.path + "/a.png")
        #expect(read == payment)
    }

    @Test func qrCodeHasALimit() throws {
        let document = try newDocument()
        document.beginPage()
        for text in [
            "", String(repeating: "x", count: 2_332), String(repeating: "é", count: 1_200),
        ] {
            #expect(throws: DrawingError.qrCodeTooLong) {
                try document.qrCode(text, x: 0, y: 0, side: 100)
            }
        }
        try document.qrCode(String(repeating: "x", count: 2_331), x: 0, y: 0, side: 100)
    }
}
