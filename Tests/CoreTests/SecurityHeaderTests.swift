@testable import Core
import HTTP
import TestSupport
import Testing

/// What every answer tells browsers, whoever asks and however it ends.
@Suite struct SecurityHeaderTests {
    @Test(arguments: [
        "/", "/sign-in", "/nowhere", "/settings/logo", "/clients/new", "/logo", "/assets/none.css",
        "/api/v1/mails", "/api/v1/nowhere", "/api/docs", "/api/openapi.json", "/health",
    ])
    func everyAnswerAllowsNothingFromElsewhereAndNothingUnsafe(target: String) throws {
        let test = try TestApplication()
        for role in [Role.owner, nil] {
            let headers = try test.get(target, as: role).response.headers
            let policy = try #require(headers["Content-Security-Policy"], "\(target)")
            #expect(policy.hasPrefix("default-src 'self';"))
            #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("://"))
            for part in [
                "object-src 'none'", "base-uri 'none'", "form-action 'self'",
                "frame-ancestors 'self'",
            ] { #expect(policy.contains(part), "\(target) lacks \(part)") }
            #expect(headers["X-Frame-Options"] == "SAMEORIGIN")
            #expect(headers["Referrer-Policy"] == "same-origin")
            #expect(headers["Cross-Origin-Opener-Policy"] == "same-origin")
            #expect(headers["Server"] == nil)
        }
    }

    @Test func browsersAreToldToKeepToTLSWhereItIsSpokenAndNowhereElse() throws {
        let test = try TestApplication()
        for isSecure in [true, false] {
            let request = try HTTPRequest(method: .get, target: "/sign-in", isSecure: isSecure)
            let told = test.application.respond(request).headers["Strict-Transport-Security"]
            #expect((told != nil) == isSecure)
        }
    }
}
