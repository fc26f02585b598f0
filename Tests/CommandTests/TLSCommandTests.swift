import DatabaseTesting
import Foundation
import TestSupport
import Testing

/// `comptoir serve` with a certificate, asked by curl and OpenSSL as anybody would.
@Suite struct TLSCommandTests {
    @Test func theProgramSpeaksTLSByItselfAndTakesANewCertificateAtSIGHUP() throws {
        let place = try Place(named: "data")
        try makeCertificate(in: place, serial: 1)
        let manager = place.folder + "/certificate.pem"
        let server = try RunningServer(
            data: place.data,
            environment: [
                "COMPTOIR_TLS_CERTIFICATE": manager, "COMPTOIR_TLS_KEY": place.folder + "/key.pem",
            ])
        #expect(server.url == "https://127.0.0.1:\(server.port)")
        let page = try curl(place, server, "/sign-in")
        #expect(page.contains("strict-transport-security: max-age=31536000"))
        #expect(page.contains("location: /welcome"))
        #expect(try curl(place, server, "/health", "--tlsv1.2", "--tls-max", "1.2").hasSuffix("ok"))
        #expect(try serial(place, server) == "serial=01")
        try makeCertificate(in: place, serial: 2)
        kill(server.process.processIdentifier, SIGHUP)
        eventually("it is read again") { server.log.contains("the certificate was read again") }
        #expect(try serial(place, server) == "serial=02")
        try "nothing".write(toFile: manager, atomically: true, encoding: .utf8)
        kill(server.process.processIdentifier, SIGHUP)
        eventually("a bad one is said") { server.log.contains("stays the one of before") }
        #expect(try serial(place, server) == "serial=02")
        #expect(server.stop() == 0)
        #expect(!server.log.contains("PRIVATE KEY") && !server.output.contains("PRIVATE KEY"))
    }

    @Test func aCertificateWithoutItsKeyIsAWrongCommand() throws {
        let place = try Place(named: "data")
        let half = try place.run(["serve", "--tls-certificate", "/nowhere.pem"])
        #expect(half.code == 2)
        #expect(half.complaints.contains("--tls-certificate and --tls-key go together"))
        let absent = try place.run(
            ["serve", "--port", "0", "--tls-certificate", "/nowhere.pem", "--tls-key", "/no.pem"])
        #expect(absent.code == 1)
        #expect(absent.complaints.contains("/nowhere.pem holds no certificate"))
    }

    private func curl(
        _ place: Place, _ server: RunningServer, _ path: String, _ more: String...
    ) throws -> String {
        try output(
            place,
            ["curl", "-s", "-i", "--max-time", "20", "--cacert", place.folder + "/certificate.pem"]
                + more + ["https://localhost:\(server.port)\(path)"]
        ).replacingOccurrences(of: "\r", with: "").split(separator: "\n").map { line in
            guard let colon = line.firstIndex(of: ":") else { return String(line) }
            return line[..<colon].lowercased() + line[colon...]
        }.joined(separator: "\n")
    }

    private func serial(_ place: Place, _ server: RunningServer) throws -> String {
        try output(
            place,
            [
                "sh", "-c",
                "openssl s_client -connect 127.0.0.1:\(server.port) </dev/null 2>/dev/null"
                    + " | openssl x509 -noout -serial",
            ]
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func makeCertificate(in place: Place, serial: Int) throws {
        _ = try output(
            place,
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost", "-set_serial", "\(serial)",
                "-keyout", place.folder + "/key.pem", "-out", place.folder + "/certificate.pem",
            ])
    }

    private func output(_ place: Place, _ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let file = try TestCluster.makeFolder() + "/output"
        FileManager.default.createFile(atPath: file, contents: nil)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: file)
        process.standardError = FileHandle.nullDevice
        try process.run()
        _ = process.exitCode()
        return try String(contentsOfFile: file, encoding: .utf8)
    }
}
