import Glibc

@testable import HTTP

/// A folder that lives as long as the test.
final class TestFolder {
    let path: String

    init() throws {
        var template = Array("\(P_tmpdir)/comptoir-http-XXXXXX".utf8CString)
        guard let name = mkdtemp(&template) else {
            throw HTTPSetupError("mkdtemp: \(String(cString: strerror(errno)))")
        }
        path = String(cString: name)
    }

    deinit { Self.remove(path) }

    func write(_ name: String, _ bytes: [UInt8]) {
        if let slash = name.lastIndex(of: "/") { mkdir("\(path)/\(name[..<slash])", 0o700) }
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        _ = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
    }

    func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

    func link(_ name: String, to target: String) { symlink(target, "\(path)/\(name)") }

    private static func remove(_ path: String) {
        guard let stream = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let child = "\(path)/\(name)"
            if name == "." || name == ".." { continue }
            if unlink(child) != 0 { remove(child) }
        }
        closedir(stream)
        rmdir(path)
    }
}
