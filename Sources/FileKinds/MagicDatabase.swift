import CMagic
import Synchronization

/// libmagic, which knows some thousand kinds of files by their bytes.
///
/// A handle of its serves one thread at a time; the one that there is waits its turn, a fraction of
/// a millisecond. Its readers of whole formats are off: archives, office files, programs and JSON are
/// told by their marks alone, and no byte of a stranger's file is unpacked.
final class MagicDatabase: Sendable {
    /// Bytes from the start of a file that are looked at.
    static let lookedAtBytes = 64 * 1_024

    static let shared = MagicDatabase()

    private struct Handle: @unchecked Sendable {
        // Touched under the lock only.
        let pointer: magic_t
    }

    private let handle: Mutex<Handle?>

    private init() { handle = Mutex(MagicDatabase.open()) }

    /// The MIME type of the bytes; nil where libmagic has no opinion or is not there.
    func type(of bytes: some Collection<UInt8>) -> String? {
        let start = Array(bytes.prefix(MagicDatabase.lookedAtBytes))
        return handle.withLock { handle in
            guard let handle else { return nil }
            return start.withUnsafeBytes {
                magic_buffer(handle.pointer, $0.baseAddress, $0.count).map { String(cString: $0) }
            }
        }
    }

    private static func open() -> Handle? {
        let off =
            MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF
            | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_CSV
        guard let pointer = magic_open(MAGIC_MIME_TYPE | off) else { return nil }
        guard magic_load(pointer, nil) == 0 else {
            magic_close(pointer)
            return nil
        }
        var most = lookedAtBytes
        magic_setparam(pointer, MAGIC_PARAM_BYTES_MAX, &most)
        return Handle(pointer: pointer)
    }
}
