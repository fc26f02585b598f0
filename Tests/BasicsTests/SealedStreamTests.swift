import Foundation
import Testing

@testable import Basics

@Suite struct SealedStreamTests {
    static let secret = Result { try RecipientSecret(bits: 3072) }
    static let other = Result { try RecipientSecret(bits: 3072) }

    /// Encrypts `bytes`, handed over in pieces of `piece`.
    private func sealed(_ bytes: [UInt8], piece: Int = 300_000) throws -> [UInt8] {
        var rest = bytes[...]
        var out: [UInt8] = []
        _ = try SealedStream.seal(
            for: try Self.secret.get().publicKey,
            read: {
                defer { rest = rest.dropFirst(piece) }
                return Array(rest.prefix(piece))
            }, write: { out += $0 })
        return out
    }

    private func opened(_ bytes: [UInt8], _ secret: RecipientSecret? = nil) throws -> [UInt8] {
        var rest = bytes[...]
        // Files and pipes answer less than they are asked for.
        func next(_ count: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(min(count, 200_001)) }
            return Array(rest.prefix(min(count, 200_001)))
        }
        var out: [UInt8] = []
        let header = try SealedStream.header(next)
        let key = try SealedStream.key(header, secret ?? Self.secret.get())
        try SealedStream.open(header, key: key, read: next, write: { out += $0 })
        return out
    }

    private static let chunk = SealedStream.chunkBytes
    private static let headerBytes = 51 + 3072 / 8

    @Test(arguments: [0, 1, 1000, chunk - 1, chunk, chunk + 1, 2 * chunk, 2 * chunk + 17])
    func whatIsSealedOpens(count: Int) throws {
        let bytes = Random.bytes(max(count, 1)).prefix(count)
        #expect(try opened(sealed(Array(bytes))) == Array(bytes))
    }

    @Test func anotherKeyOpensNothingAndSaysWhichIsWanted() throws {
        let wanted = hexadecimal(try Self.secret.get().publicKey.fingerprint)
        let given = hexadecimal(try Self.other.get().publicKey.fingerprint)
        #expect(throws: SealedStreamError.otherKey(wanted: wanted, given: given)) {
            try opened(sealed([1, 2, 3]), Self.other.get())
        }
    }

    @Test func everyCutIsNoticed() throws {
        let whole = try sealed([UInt8](repeating: 7, count: 2 * Self.chunk + 17))
        let step = Self.chunk + 16
        // At the ends of chunks, where nothing else would show it, and anywhere else.
        for count in [Self.headerBytes, Self.headerBytes + step, Self.headerBytes + 2 * step] {
            #expect(throws: SealedStreamError.cutShort) { try opened(Array(whole.prefix(count))) }
        }
        for count in [16, 40, 60, Self.headerBytes + 5, Self.headerBytes + step + 5] {
            #expect(throws: SealedStreamError.self) { try opened(Array(whole.prefix(count))) }
        }
        #expect(throws: SealedStreamError.self) { try opened(whole + [0]) }
    }

    @Test(arguments: [16, 20, 49, 60, 51 + 384 + 3, 51 + 384 + 1_048_576 + 16 + 40])
    func aChangedByteAnywhereIsNoticed(position: Int) throws {
        var bytes = try sealed([UInt8](repeating: 7, count: 2 * Self.chunk))
        bytes[position] ^= 1
        #expect(throws: SealedStreamError.self) { try opened(bytes) }
    }

    @Test func chunksInAnotherOrderOpenNothing() throws {
        let bytes = try sealed([UInt8](repeating: 7, count: 3 * Self.chunk))
        let step = Self.chunk + 16
        let start = Self.headerBytes
        let swapped =
            bytes[..<start] + bytes[(start + step)..<(start + 2 * step)]
            + bytes[start..<(start + step)] + bytes[(start + 2 * step)...]
        #expect(throws: SealedStreamError.damaged(chunk: 0)) { try opened(Array(swapped)) }
        let shortened = bytes[..<(start + step)] + bytes[(start + 2 * step)...]
        #expect(throws: SealedStreamError.damaged(chunk: 1)) { try opened(Array(shortened)) }
    }

    @Test func chunksUnderAnotherHeaderOpenNothing() throws {
        let one = try sealed([1, 2, 3])
        let two = try sealed([1, 2, 3])
        let mixed = one.prefix(Self.headerBytes) + two.dropFirst(Self.headerBytes)
        #expect(throws: SealedStreamError.damaged(chunk: 0)) { try opened(Array(mixed)) }
    }

    @Test func whatIsNotSealedIsNotTakenForIt() {
        #expect(throws: SealedStreamError.notSealed) { try opened(Array("PGDMP".utf8)) }
        #expect(throws: SealedStreamError.newer(version: 9)) {
            var bytes = try sealed([1])
            bytes[16] = 9
            _ = try opened(bytes)
        }
    }
}

@Suite struct RecipientKeyTests {
    @Test func keysComeBackFromTheirFilesAndThoseOfOpenSSLAreTheSame() throws {
        let secret = try RecipientSecret(bits: 3072)
        let plain = secret.pem(passphrase: nil)
        #expect(plain.hasPrefix("-----BEGIN PRIVATE KEY-----"))
        let again = try RecipientSecret(pem: plain)
        #expect(again.publicKey == secret.publicKey)
        #expect(try RecipientKey(pem: secret.publicKey.pem) == secret.publicKey)
        #expect(again.unwrap(secret.publicKey.wrap([1, 2, 3])) == [1, 2, 3])
        let printed = try openssl(["pkey", "-pubout"], plain)
        #expect(printed == secret.publicKey.pem)
    }

    @Test func aPassphraseProtectsThePrivateKeyForOpenSSLToo() throws {
        let secret = try RecipientSecret(bits: 3072)
        let pem = secret.pem(passphrase: "une phrase de passe")
        #expect(pem.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        #expect(
            try RecipientSecret(pem: pem, passphrase: "une phrase de passe").publicKey
                == secret.publicKey)
        #expect(throws: RecipientKeyError.passphraseNeeded) { try RecipientSecret(pem: pem) }
        #expect(throws: RecipientKeyError.wrongPassphrase) {
            try RecipientSecret(pem: pem, passphrase: "une autre")
        }
        let printed = try openssl(
            ["pkey", "-pubout", "-passin", "pass:une phrase de passe"], pem)
        #expect(printed == secret.publicKey.pem)
    }

    @Test func whatIsNoPublicKeyIsRefusedByItsReason() throws {
        let secret = try RecipientSecret(bits: 3072)
        #expect(throws: RecipientKeyError.isPrivate) {
            try RecipientKey(pem: secret.pem(passphrase: nil))
        }
        #expect(throws: RecipientKeyError.notAPublicKey) { try RecipientKey(pem: "nonsense") }
        let short = try openssl(["genrsa", "2048"], "")
        #expect(throws: RecipientKeyError.tooShort(bits: 2048)) {
            try RecipientKey(pem: openssl(["pkey", "-pubout"], short))
        }
        let curve = try openssl(["genpkey", "-algorithm", "ed25519"], "")
        #expect(throws: RecipientKeyError.notAPublicKey) {
            try RecipientKey(pem: openssl(["pkey", "-pubout"], curve))
        }
        #expect(throws: RecipientKeyError.notAPrivateKey) { try RecipientSecret(pem: curve) }
        #expect(throws: RecipientKeyError.notAPrivateKey) {
            try RecipientSecret(pem: secret.publicKey.pem)
        }
    }

    /// What the program of OpenSSL prints of what it reads.
    private func openssl(_ arguments: [String], _ input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let (give, take) = (Pipe(), Pipe())
        process.standardInput = give
        process.standardOutput = take
        process.standardError = FileHandle.nullDevice
        try process.run()
        give.fileHandleForWriting.write(Data(input.utf8))
        try give.fileHandleForWriting.close()
        return String(decoding: take.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
