import Testing

@testable import Basics

struct VCardTests {
    private func entries(_ bytes: [UInt8], pieces: Int = .max) -> [VCard.Entry] {
        var reader = VCard.Reader()
        var entries: [VCard.Entry] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            try? reader.read(rest.prefix(pieces)) { entries.append($0) }
            rest = rest.dropFirst(pieces)
        }
        try? reader.finish { entries.append($0) }
        return entries
    }

    private func cards(_ text: String) -> [VCard] {
        entries(Array(text.utf8)).compactMap(\.card)
    }

    @Test func aCardOfVersion3IsRead() throws {
        let card = try #require(
            cards(
                """
                BEGIN:VCARD\r
                VERSION:3.0\r
                N:Roux;Jeanne;Marie;Mme;\r
                FN:Jeanne Roux\r
                ORG:Menuiserie Aubrac\\, père et fils;Ateliers\r
                TITLE:Gérante\r
                TEL;TYPE=HOME,VOICE:04 99 00 12 00\r
                TEL;TYPE=WORK:04 99 00 12 34\r
                item1.EMAIL;TYPE=INTERNET,PREF:jeanne@aubrac.example\r
                EMAIL:autre@aubrac.example\r
                ADR;TYPE=WORK:;Bâtiment B;14 rue des Artisans;Villeurbanne;;69100;France\r
                NOTE:Première ligne\\nSeconde\\; et la su\r
                 ite\r
                END:VCARD\r

                """
            ).first)
        #expect(card.name == "Jeanne Roux")
        #expect(card.organisation == "Menuiserie Aubrac, père et fils")
        #expect(card.position == "Gérante")
        #expect(card.phone == "04 99 00 12 34")
        #expect(card.email == "jeanne@aubrac.example")
        #expect(card.street == "14 rue des Artisans")
        #expect(card.streetMore == "Bâtiment B")
        #expect([card.postalCode, card.city, card.country] == ["69100", "Villeurbanne", "France"])
        #expect(card.note == "Première ligne\nSeconde; et la suite")
    }

    @Test func quotedPrintableOfVersion21IsReadInItsCharacters() throws {
        let text = """
            BEGIN:VCARD
            VERSION:2.1
            N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Lef=E8vre;Ren=E9e
            ORG;QUOTED-PRINTABLE;CHARSET=UTF-8:B=C3=A9ton et =
            Cie
            TEL;CELL:+33 6 39 98 00 00
            TEL;FAX;PREF:04 99 00 00 00
            END:VCARD
            """
        let card = try #require(cards(text).first)
        #expect(card.name == "Renée Lefèvre")
        #expect(card.organisation == "Béton et Cie")
        #expect(card.phone == "+33 6 39 98 00 00", "a fax is no telephone")
    }

    @Test func version4WritesAddressesOfMachines() throws {
        let card = try #require(
            cards(
                "BEGIN:VCARD\nVERSION:4.0\nFN:Ali\nTEL;VALUE=uri;PREF=1;TYPE=\"voice,work\":"
                    + "tel:+33-4-99-00-12-34;ext=5\nEMAIL:mailto:ali@nord.example\nEND:VCARD\n"
            ).first)
        #expect(card.phone == "+33-4-99-00-12-34")
        #expect(card.email == "ali@nord.example")
    }

    @Test func severalCardsComeOneByOneWithTheirLines() {
        let text = "BEGIN:VCARD\nFN:A\nEND:VCARD\n\nBEGIN:VCARD\nFN:B\nEND:VCARD"
        for pieces in [1, 7, 1000] {
            let found = entries(Array(text.utf8), pieces: pieces)
            #expect(found.map(\.line) == [1, 5])
            #expect(found.map { $0.card?.name } == ["A", "B"])
            #expect(found[0].text == "BEGIN:VCARD\nFN:A\nEND:VCARD\n")
        }
    }

    @Test func picturesArePassedOverHoweverLargeTheyAre() throws {
        let picture = String(repeating: "QUJD", count: 500_000)
        let text =
            "BEGIN:VCARD\nPHOTO;ENCODING=b:\(picture)\n \(picture)\nFN:A\nEND:VCARD\n"
            + "BEGIN:VCARD\nFN:B\nPHOTO;BASE64:\n AAAA\n BBBB\n\nEND:VCARD\n"
        let found = entries(Array(text.utf8))
        #expect(found.map { $0.card?.name } == ["A", "B"])
        #expect(found.allSatisfy { $0.text.utf8.count < 200 })
    }

    @Test func aCardInACardIsNotTheCard() throws {
        let found = cards(
            "BEGIN:VCARD\nFN:Chef\nAGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\nTITLE:Patron\nEND:VCARD\n"
        )
        #expect(found.map(\.name) == ["Chef"])
        #expect(found.first?.position == "Patron")
    }

    @Test func cardsThatBreakOffAreGivenAsSuch() {
        let text = "BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nFN:B\n"
        let found = entries(Array(text.utf8))
        #expect(found.map { $0.card?.name } == ["A", nil])
    }

    @Test func hostileBytesDoNoHarm() {
        var hostile: [[UInt8]] = [
            [], [0], [0xFF, 0xFE], Array("BEGIN:VCARD".utf8), Array("END:VCARD\nEND:VCARD\n".utf8),
            Array("BEGIN:VCARD\n;;;:::\nTEL\nN:;;;;;;;;\nADR:\nFN;=:x\nX\"\":\nEND:VCARD\n".utf8),
            Array("BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:=\n=\n=G1=4\nEND:VCARD\n".utf8),
            Array(repeating: UInt8(ascii: "A"), count: 2_000_000),
            Array(
                ("BEGIN:VCARD\nFN:" + String(repeating: "x", count: 1_000_000) + "\nEND:VCARD\n")
                    .utf8),
            Array(String(repeating: "BEGIN:VCARD\n", count: 10_000).utf8),
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let words = [
                "BEGIN:VCARD\n", "END:VCARD\n", "FN:", "=0D=0A=\n", ";", "\n ", "\u{0}", "é",
            ]
            let text = (0..<60).map { _ in words.randomElement(using: &random) ?? "" }.joined()
            hostile.append(Array(text.utf8))
        }
        for bytes in hostile {
            for entry in entries(bytes, pieces: 4096) {
                #expect(entry.text.utf8.count <= VCard.Reader.maximumCardBytes * 3)
            }
        }
    }
}

struct TextEncodingTests {
    private func encoding(_ bytes: [UInt8], pieces: Int = .max) -> TextEncoding {
        var detector = TextEncoding.Detector()
        var rest = bytes[...]
        while !rest.isEmpty {
            detector.read(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
        }
        return detector.encoding
    }

    @Test func utf8IsKnownAlsoWhereAPieceEndsInACharacter() {
        let text = Array("Éts. Gérard — 12 € 🙂".utf8)
        for pieces in 1...7 { #expect(encoding(text, pieces: pieces) == .utf8) }
        #expect(encoding(Array("plain".utf8)) == .utf8)
    }

    @Test func olderEncodingsAreToldApart() {
        #expect(encoding(Array("Caf".utf8) + [0xE9]) == .windows1252)
        #expect(encoding(Array("12 ".utf8) + [0x80]) == .windows1252, "the euro of Windows")
        #expect(encoding(Array("12 ".utf8) + [0xA4, 0x20, 0xE9]) == .latin9, "the euro of Latin-9")
        #expect(encoding(Array("c".utf8) + [0xBD] + Array("ur ".utf8) + [0xE9]) == .latin9)
        #expect(encoding([0xC3]) == .windows1252, "half a character is no UTF-8")
        #expect(encoding([0xED, 0xA0, 0x80]) == .windows1252, "nor is a surrogate")
    }

    @Test func theirCharactersBecomeUTF8() {
        func text(_ bytes: [UInt8], _ encoding: TextEncoding) -> String {
            String(decoding: encoding.utf8(bytes[...]), as: UTF8.self)
        }
        #expect(text([0x80, 0x20, 0x9C, 0xE9], .windows1252) == "€ œé")
        #expect(text([0xA4, 0x20, 0xBD, 0xE9], .latin9) == "€ œé")
        #expect(text([0x81], .windows1252) == "\u{FFFD}")
    }

    @Test(arguments: [
        ("a;b,c;d\n1;2,5;3\n4;5,5;6\n", ";"), ("a,b,c\n1,2,3\n", ","), ("a\tb\n1\t2\n", "\t"),
        ("nom\nA\nB\n", ";"), ("a;b\n\"x,y,z\";2\n", ";"), ("a,b\n\"1;2;3\",4\n\"5;6;7\",8\n", ","),
    ])
    func theSeparatorIsTheOneThatCutsAlike(text: String, separator: String) {
        #expect(CSV.separator(of: Array(text.utf8)[...]) == separator.utf8.first)
    }
}
