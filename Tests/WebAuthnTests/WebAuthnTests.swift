import Basics
import TestSupport
import Testing
import WebAuthn

/// Keys and signatures of a device made in the test, through libfido2.
struct WebAuthnTests {
    private static let clientData = Array("{\"type\":\"webauthn.get\"}".utf8)

    private func credential(_ device: SoftwareAuthenticator) throws -> NewCredential {
        try #require(
            NewCredential(authenticatorData: device.authenticatorData(withCredential: true)))
    }

    private func assertion(
        _ device: SoftwareAuthenticator, _ key: CredentialKey, at party: String = "localhost",
        of clientData: [UInt8] = WebAuthnTests.clientData, changing signature: Int? = nil
    ) -> Assertion? {
        let data = device.authenticatorData(withCredential: false)
        var signed = device.signature(over: data, WebAuthnTests.clientData)
        if let signature { signed[signature] ^= 1 }
        return Assertion(
            authenticatorData: data, clientDataHash: Digest.sha256(clientData), signature: signed,
            relyingParty: party, key: key)
    }

    @Test(arguments: CredentialKey.Algorithm.allCases)
    func aKeyOfEachKindIsReadAndItsSignatureIsRight(_ algorithm: CredentialKey.Algorithm) throws {
        let device = SoftwareAuthenticator(algorithm)
        device.signCount = 7
        let made = try credential(device)
        #expect(made.id == device.credential && made.key.algorithm == algorithm)
        #expect(made.relyingPartyHash == Digest.sha256("localhost") && made.signCount == 7)
        #expect(made.flags.isSuperset(of: [.userPresent, .userVerified]))
        #expect(assertion(device, made.key)?.signCount == 7)
        #expect(CredentialKey(algorithm, made.key.bytes) == made.key, "as the database keeps it")
    }

    @Test(arguments: CredentialKey.Algorithm.allCases)
    func whatWasChangedProvesNothing(_ algorithm: CredentialKey.Algorithm) throws {
        let device = SoftwareAuthenticator(algorithm)
        let key = try credential(device).key
        let other = try credential(SoftwareAuthenticator(algorithm)).key
        #expect(assertion(device, key) != nil)
        #expect(assertion(device, key, changing: 20) == nil, "signature")
        #expect(assertion(device, key, of: Array("{}".utf8)) == nil, "client data")
        #expect(assertion(device, key, at: "comptoir.example") == nil, "relying party")
        #expect(assertion(device, other) == nil, "another key")
        device.flags = SoftwareAuthenticator.present
        #expect(assertion(device, key) == nil, "not verified")
        device.flags = SoftwareAuthenticator.verified
        #expect(assertion(device, key) == nil, "not present")
    }

    @Test func dataThatAreCutOrHoldNoCredentialAreRefused() {
        let device = SoftwareAuthenticator()
        let data = device.authenticatorData(withCredential: true)
        for length in 0..<data.count {
            #expect(NewCredential(authenticatorData: Array(data.prefix(length))) == nil)
        }
        #expect(
            NewCredential(authenticatorData: device.authenticatorData(withCredential: false)) == nil
        )
        let large = data + [UInt8](repeating: 0, count: NewCredential.mostBytes)
        #expect(NewCredential(authenticatorData: large) == nil)
    }

    @Test func aPointBesideTheCurveAndAKeyOfAnotherLengthAreNone() {
        #expect(CredentialKey(.es256, [UInt8](repeating: 1, count: 64)) == nil)
        #expect(CredentialKey(.es256, [UInt8](repeating: 1, count: 63)) == nil)
        #expect(CredentialKey(.eddsa, [UInt8](repeating: 1, count: 33)) == nil)
        #expect(CredentialKey(.rs256, []) == nil)
    }
}
