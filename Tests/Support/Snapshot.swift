import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Compares a text with the file of that name in `Tests/Snapshots`, where a change shows in review. With
/// COMPTOIR_RECORD=1 the file is written instead.
public func expectSnapshot(
    _ text: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let path = TestDatabase.repository + "/Tests/Snapshots/" + name
    if getenv("COMPTOIR_RECORD") != nil {
        let file = try #require(fopen(path, "w"), sourceLocation: sourceLocation)
        defer { fclose(file) }
        _ = text.withCString { fputs($0, file) }
        return
    }
    let kept = readFile(path)
    #expect(
        kept == text,
        "differs from Tests/Snapshots/\(name); if the change is wanted, run with COMPTOIR_RECORD=1",
        sourceLocation: sourceLocation)
}

private func readFile(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk[..<count]
    }
}
