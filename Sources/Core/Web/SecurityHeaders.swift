import HTTP

/// What browsers are told of every answer.
enum SecurityHeaders {
    static func add(to response: inout HTTPResponse, _ request: HTTPRequest) {
        response.headers.set(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                + "form-action 'self'; frame-ancestors 'self'")
        response.headers.set("Referrer-Policy", "same-origin")
        response.headers.set("X-Frame-Options", "SAMEORIGIN")
        response.headers.set("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.set(
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=(), publickey-credentials-create=(self), "
                + "publickey-credentials-get=(self)")
        if request.isSecure {
            response.headers.set("Strict-Transport-Security", "max-age=31536000")
        }
    }
}
