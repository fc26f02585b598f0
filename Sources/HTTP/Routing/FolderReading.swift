import Glibc

/// Reads the regular files of a folder and of those below it.
enum FolderReading {
    /// Files up to this size stay in memory; larger ones are sent from disk.
    private static let memoryLimit = 256 * 1_024
    /// Folders nested deeper are an accident.
    private static let maxDepth = 8

    struct File {
        let name: String
        let body: HTTPResponse.Body
        let contentHash: String
    }

    static func files(in folder: String) throws(HTTPSetupError) -> [File] {
        try files(in: folder, prefix: "", depth: 0)
    }

    private static func files(
        in folder: String, prefix: String, depth: Int
    ) throws(HTTPSetupError) -> [File] {
        guard depth <= maxDepth else { throw HTTPSetupError("\(folder) is nested too deeply.") }
        var result: [File] = []
        for entry in try entries(of: folder) {
            let path = "\(folder)/\(entry)"
            var status = stat()
            guard lstat(path, &status) == 0 else { throw failure("examine", path) }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                result += try files(in: path, prefix: "\(prefix)\(entry)/", depth: depth + 1)
            case S_IFREG:
                let bytes = try contents(of: path)
                result.append(
                    File(
                        name: prefix + entry,
                        body: bytes.count <= memoryLimit
                            ? .bytes(bytes) : .file(path: path, size: bytes.count),
                        contentHash: contentHash(bytes)))
            default:
                continue
            }
        }
        return result
    }

    private static func entries(of folder: String) throws(HTTPSetupError) -> [String] {
        guard let stream = opendir(folder) else { throw failure("open the folder", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func contents(of path: String) throws(HTTPSetupError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    private static func failure(_ verb: String, _ path: String) -> HTTPSetupError {
        HTTPSetupError("Cannot \(verb) \(path): \(String(cString: strerror(errno))).")
    }
}

/// FNV-1a over 128 bits, in hexadecimal. It tells our own files apart; it resists no adversary, and
/// need not.
private func contentHash(_ bytes: [UInt8]) -> String {
    let prime: UInt128 = 1 << 88 | 0x13B
    var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
    bytes.withUnsafeBufferPointer { bytes in
        for byte in bytes { hash = (hash ^ UInt128(byte)) &* prime }
    }
    return hexadecimal(hash, digits: 32)
}
