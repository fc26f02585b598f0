import Basics
import CArgon2
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Passwords, kept as Argon2id hashes (RFC 9106).
public struct PasswordHasher: Sendable {
    public static let minimumLength = 12
    /// Long enough for any passphrase, short enough that hashing it costs nothing more.
    public static let maximumBytes = 1024

    /// Kibibytes and passes: OWASP's recommendation for Argon2id with one lane.
    private let memory: UInt32
    private let passes: UInt32
    private let turns: Turns

    /// How many hashes it has computed, right or wrong: tests count that each sign-in costs one.
    var runs: Int { turns.taken }

    public init(memoryKibibytes: Int = 19_456, passes: Int = 2, parallel: Int = 2) {
        memory = UInt32(memoryKibibytes)
        self.passes = UInt32(passes)
        turns = Turns(parallel)
    }

    /// The encoded hash, with its parameters and salt.
    public func hash(_ password: String) -> String {
        turns.take {
            let salt = Random.bytes(16)
            let bytes = Array(password.utf8)
            var encoded = [CChar](repeating: 0, count: 256)
            let result = argon2id_hash_encoded(
                passes, memory, 1, bytes, bytes.count, salt, salt.count, 32, &encoded,
                encoded.count)
            precondition(result == ARGON2_OK.rawValue, "argon2 failed: \(result)")
            return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        }
    }

    /// An unknown account costs as much time as a wrong password: pass nil for its hash. So does one whose
    /// hash no password fits, such as that of an erased account.
    public func verify(_ password: String, against encoded: String?) -> Bool {
        let bytes = Array(password.utf8)
        guard bytes.count <= PasswordHasher.maximumBytes else { return false }
        guard let encoded, encoded.hasPrefix(PasswordHasher.start) else {
            _ = hash(password)
            return false
        }
        return turns.take {
            argon2id_verify(encoded, bytes, bytes.count) == ARGON2_OK.rawValue
        }
    }

    /// Of every hash that is one: anything else, Argon2 turns down without computing.
    private static let start = "$argon2id$"
}

/// Lets so many threads through at once; the others wait. Each hash takes 19 MB and 30 ms of a core.
private final class Turns: @unchecked Sendable {
    // Safe to share: a POSIX semaphore is made to be used by several threads.
    private let semaphore: UnsafeMutablePointer<sem_t>
    private let count = Atomic<Int>(0)

    var taken: Int { count.load(ordering: .relaxed) }

    init(_ count: Int) {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, UInt32(count))
    }
    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }
    func take<T>(_ body: () -> T) -> T {
        while sem_wait(semaphore) != 0 {}
        defer { sem_post(semaphore) }
        count.add(1, ordering: .relaxed)
        return body()
    }
}
