import Foundation
import TestSupport

/// Certificates for 127.0.0.1, made once: `ca.pem` signed `server.pem`, `stranger.pem` did not.
enum Certificates {
    private static let folder = Result {
        let folder = TemporaryFolder("mailer")
        func path(_ name: String) -> String { folder.path + "/" + name }
        for name in ["ca", "stranger"] {
            _ = try runTool(
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path(name + ".key"), "-out",
                path(name + ".pem"), "-days", "2", "-subj", "/CN=\(name)")
        }
        _ = try runTool(
            "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", path("server.key"), "-out", path("server.csr"), "-subj",
            "/CN=127.0.0.1")
        try Data("subjectAltName=IP:127.0.0.1\n".utf8)
            .write(to: URL(fileURLWithPath: path("names")))
        _ = try runTool(
            "openssl", "x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey",
            path("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", path("names"), "-out",
            path("server.pem"))
        return folder
    }
    static func path(_ name: String) throws -> String { try folder.get().path + "/" + name }
}
