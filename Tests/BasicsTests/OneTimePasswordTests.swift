import Testing

@testable import Basics

/// Against the vectors of RFC 6238, appendix B, and RFC 4648.
struct OneTimePasswordTests {
    private let password = OneTimePassword(secret: Array("12345678901234567890".utf8))

    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"),
        (1_234_567_890, "005924"), (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func passwordsAreThoseOfTheStandard(seconds: Int, expected: String) {
        let step = OneTimePassword.step(at: Instant(seconds: seconds))
        #expect(password.password(step: step) == expected)
    }

    @Test func aPasswordOpensOnceAndForAboutAMinute() {
        let now = Instant(seconds: 1_234_567_890)
        let step = OneTimePassword.step(at: now)
        #expect(password.step(of: " 005 924 ", at: now, after: 0) == step)
        #expect(password.step(of: "005924", at: now, after: step) == nil, "used already")
        #expect(password.step(of: "005924", at: now.adding(seconds: 30), after: 0) == step)
        #expect(password.step(of: "005924", at: now.adding(seconds: -30), after: 0) == step)
        #expect(password.step(of: "005924", at: now.adding(seconds: 60), after: 0) == nil)
        for wrong in ["005925", "5924", "", "0059240", "００５９２４"] {
            #expect(password.step(of: wrong, at: now, after: 0) == nil)
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"),
        ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
    ])
    func base32IsThatOfTheStandard(text: String, expected: String) {
        #expect(Base32.encoded(Array(text.utf8)) == expected)
    }

    @Test func theAddressNamesProgramAndAccount() {
        let address = password.address(issuer: "Comptoir", account: "a+b@c.example")
        #expect(
            address
                == "otpauth://totp/Comptoir:a%2Bb%40c.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Comptoir&algorithm=SHA1&digits=6&period=30")
    }
}
