import Testing

@testable import Basics

struct SecretBoxTests {
    private func decoded(_ text: String) -> [UInt8] { bytes(hexadecimal: text) ?? [] }

    /// Cases 13, 14 and 16 of "The Galois/Counter Mode of Operation" (McGrew and Viega).
    @Test(arguments: [
        (
            String(repeating: "0", count: 64), String(repeating: "0", count: 24), "", "", "",
            "530f8afbc74536b9a963b4f1c4cb738b"
        ),
        (
            String(repeating: "0", count: 64), String(repeating: "0", count: 24),
            "00000000000000000000000000000000", "", "cea7403d4d606b6e074ec5d3baf39d18",
            "d0d1c8a799996bf0265b98b5d48ab919"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ])
    func publishedVectorsAgree(
        key: String, nonce: String, plain: String, place: String, encrypted: String, tag: String
    ) throws {
        let box = SecretBox(key: decoded(key))
        let sealed = box.seal(decoded(plain), for: decoded(place), nonce: decoded(nonce))
        #expect(hexadecimal(sealed) == nonce + encrypted + tag)
        #expect(try box.open(sealed, for: decoded(place)) == decoded(plain))
    }

    @Test(arguments: [0, 1, 15, 16, 17, 64, 10_000])
    func whatIsSealedOpensAgain(count: Int) throws {
        let box = SecretBox(key: Random.bytes(32))
        let secret = Random.bytes(count)
        let sealed = box.seal(secret, for: [1, 2, 3])
        #expect(sealed.count == count + 28)
        #expect(try box.open(sealed, for: [1, 2, 3]) == secret)
    }

    @Test func theSameSecretNeverLooksTheSame() {
        let box = SecretBox(key: Random.bytes(32))
        let secret = Array("hunter2".utf8)
        #expect(box.seal(secret, for: []) != box.seal(secret, for: []))
    }

    @Test func anotherKeyOrPlaceOpensNothing() throws {
        let key = Random.bytes(32)
        let sealed = SecretBox(key: key).seal(Array("hunter2".utf8), for: [1])
        for (box, place) in [
            (SecretBox(key: Random.bytes(32)), [UInt8(1)]), (SecretBox(key: key), [2]),
            (SecretBox(key: key), []),
        ] {
            #expect(throws: SecretBoxError.notOpened) { try box.open(sealed, for: place) }
        }
    }

    @Test func noByteCanBeChangedOrLeftOut() throws {
        let box = SecretBox(key: Random.bytes(32))
        let sealed = box.seal(Array("hunter2".utf8), for: [1])
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SecretBoxError.notOpened) { try box.open(changed, for: [1]) }
            let short = Array(sealed.prefix(index))
            #expect(throws: SecretBoxError.notOpened) { try box.open(short, for: [1]) }
        }
        #expect(throws: SecretBoxError.notOpened) { try box.open(sealed + [0], for: [1]) }
    }
}
