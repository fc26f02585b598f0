import Testing

@testable import Basics

/// Against the vectors of RFC 8032, RFC 8037 and RFC 7515.
struct JSONWebTokenTests {
    private let seed = bytes(
        hexadecimal: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")!

    @Test func ed25519IsThatOfTheStandard() {
        let key = SigningKey(seed: seed)
        #expect(
            hexadecimal(key.publicKey)
                == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(
            hexadecimal(key.sign([]))
                == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        )
    }

    @Test func aTokenOfRFC8037IsRead() throws {
        let key = try #require(
            JSONWebKey([
                "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            ]))
        // The payload of the standard's example is no JSON: our own is signed with its key.
        let token = JSONWebToken.signed(
            ["a": 1], type: "JWT", by: SigningKey(seed: seed), id: "")
        let read = try #require(JSONWebToken(token))
        #expect(read.isSigned(by: [JSONWebKey(id: "", key.key)]))
        #expect(read.claims == ["a": 1])
    }

    /// RFC 7515, appendix A.2: RS256.
    private static let rsaKey: JSON = [
        "kty": "RSA", "e": "AQAB",
        "n":
            "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    ]
    private static let rsaToken =
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

    @Test func anRSATokenOfTheStandardIsProved() throws {
        let key = try #require(JSONWebKey(Self.rsaKey))
        let token = try #require(JSONWebToken(Self.rsaToken))
        #expect(token.isSigned(by: [key]))
        #expect(token.claims["iss"]?.string == "joe")
        let changed = try #require(
            JSONWebToken(Self.rsaToken.replacing("eyJpc3MiOiJqb2Ui", with: "eyJpc3MiOiJqb2Yi")))
        #expect(!changed.isSigned(by: [key]))
    }

    @Test func whatATokenSaysOfItselfDecidesNothing() throws {
        let ours = JSONWebKey(id: "k", .ed25519(SigningKey(seed: seed).publicKey))
        let good = JSONWebToken.signed(
            ["sub": "a"], type: "JWT", by: SigningKey(seed: seed), id: "k")
        let parts = good.split(separator: ".").map(String.init)
        func isAccepted(_ header: JSON, _ signature: String) -> Bool {
            JSONWebToken(Base64URL.text(header.bytes) + "." + parts[1] + "." + signature)?
                .isSigned(by: [ours]) ?? false
        }
        #expect(JSONWebToken(good)?.isSigned(by: [ours]) == true)
        // The public key as a shared secret.
        let shared: JSON = ["alg": "HS256"]
        let mac = Digest.hmac(
            key: SigningKey(seed: seed).publicKey,
            Array((Base64URL.text(shared.bytes) + "." + parts[1]).utf8))
        let forged: [(JSON, String)] = [
            (["alg": "none", "kid": "k"], ""), (["alg": "none"], parts[2]),
            (["alg": "RS256", "kid": "k"], parts[2]), (shared, Base64URL.text(mac)),
            (["alg": "EdDSA", "kid": "other"], parts[2]),
            (["alg": "EdDSA", "kid": "k", "crit": ["exp"]], parts[2]),
        ]
        let accepted = forged.filter(isAccepted)
        print(
            "figure: tokens: \(forged.count) tokens that lie of themselves, accepted \(accepted.count)"
        )
        #expect(accepted.isEmpty, "\(accepted)")
    }

    @Test(arguments: ["", "a.b", "..", "e30.e30", "e30.e30.e30.e30", "e30.W10.AA", "e30=.e30.AA"])
    func whatIsNoTokenIsNone(text: String) { #expect(JSONWebToken(text) == nil) }

    @Test func shortKeysProveNothing() {
        let weak = VerificationKey.rsa(modulus: [UInt8](repeating: 0xC5, count: 128), exponent: [3])
        #expect(!weak.verifies([UInt8](repeating: 0, count: 128), of: [1]))
    }
}
