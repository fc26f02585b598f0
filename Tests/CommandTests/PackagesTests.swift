import DatabaseTesting
import Foundation
import TestSupport
import Testing

/// What bin/run and bin/test say where Debian packages are missing.
struct PackagesTests {
    /// Asks `bin/lib/packages` as a user without rights, on a machine that lacks `missing`.
    private func ask(missing: String, id: String = "1000") throws -> (code: Int32, said: String) {
        let folder = try TestCluster.makeFolder()
        // Everything asked for is installed, but for one. Functions stand in for the programs: a script
        // just written cannot be run while another test's child still holds it open.
        let stubs = """
            dpkg-query() { shift 3; for name in "$@"; do
                [ "$name" = "\(missing)" ] || echo "$name installed"; done; }
            id() { echo \(id); }
            apt-get() { echo apt-get "$@"; }
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        let library = TestDatabase.repository + "/bin/lib/packages"
        process.arguments = ["-c", "\(stubs)\n. '\(library)'; need_packages test; echo all there"]
        process.environment = ["PATH": "/usr/bin:/bin"]
        let file = folder + "/said"
        FileManager.default.createFile(atPath: file, contents: nil)
        let output = FileHandle(forWritingAtPath: file)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return (process.exitCode(), try String(contentsOfFile: file, encoding: .utf8))
    }

    @Test func withoutRightsAPersonReadsTheOneCommandToAskFor() throws {
        let (code, said) = try ask(missing: "libgmime-3.0-dev")
        #expect(code == 2)
        #expect(said.hasSuffix("\n  sudo apt-get install libgmime-3.0-dev\n"), "\(said)")
    }

    @Test func rootInstallsWhatIsMissingAndNothingElse() throws {
        let (code, said) = try ask(missing: "qpdf", id: "0")
        #expect(code == 0)
        #expect(said.contains("apt-get install -y -q --no-install-recommends qpdf\nall there\n"))
    }

    @Test func whereAllIsThereNothingIsSaid() throws {
        let (code, said) = try ask(missing: "")
        #expect(code == 0)
        #expect(said == "all there\n")
    }
}
