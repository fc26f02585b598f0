import CArchive

/// A ZIP archive on the disk, written entry by entry: memory holds one entry, the file may pass 4 GB.
///
/// For one thread.
public final class ZIPFile {
    public struct Fault: Error, CustomStringConvertible {
        /// In the words of the library.
        public let description: String
    }

    private let archive: OpaquePointer
    private var isOpen = true

    /// Makes the file, or empties the one that is there.
    public init(path: String) throws(Fault) {
        guard let archive = archive_write_new() else { throw Fault(description: "no memory") }
        self.archive = archive
        try check(archive_write_set_format_zip(archive))
        try check(archive_write_open_filename(archive, path))
    }

    deinit { archive_write_free(archive) }

    /// - Parameters:
    ///   - name: with `/` between folders.
    ///   - isPacked: whether packing it makes it smaller; a PDF is packed already.
    ///   - seconds: since 1970, when it was changed.
    public func add(
        _ name: String, _ bytes: [UInt8], isPacked: Bool = false, seconds: Int
    ) throws(Fault) {
        guard let entry = archive_entry_new() else { throw Fault(description: "no memory") }
        defer { archive_entry_free(entry) }
        try check(
            isPacked
                ? archive_write_zip_set_compression_deflate(archive)
                : archive_write_zip_set_compression_store(archive))
        archive_entry_set_pathname_utf8(entry, name)
        archive_entry_set_size(entry, Int64(bytes.count))
        archive_entry_set_filetype(entry, UInt32(S_IFREG))
        archive_entry_set_perm(entry, 0o644)
        archive_entry_set_mtime(entry, time_t(seconds), 0)
        try check(archive_write_header(archive, entry))
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes {
                archive_write_data(archive, $0.baseAddress, $0.count)
            }
            guard written > 0 else { throw fault }
            rest = rest.dropFirst(written)
        }
    }

    /// Writes the list of entries; without it the file is no archive.
    public func close() throws(Fault) {
        guard isOpen else { return }
        isOpen = false
        try check(archive_write_close(archive))
    }

    private func check(_ status: Int32) throws(Fault) {
        guard status >= ARCHIVE_WARN else { throw fault }
    }

    private var fault: Fault {
        Fault(
            description: archive_error_string(archive).map { String(cString: $0) } ?? "not written")
    }
}
