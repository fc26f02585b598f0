import Glibc

/// What a helper may use of the machine. It takes the limits upon itself before it reads a byte.
public enum ResourceLimits {
    /// Everything that is mapped, the program and its libraries included, in bytes.
    public static let memoryBytes = 1_500_000_000
    public static let computingSeconds = 20
    /// RLIMIT_NPROC, which Swift does not import.
    private static let processes: UInt32 = 6

    /// - Throws: `HelperFailure.notStarted`: without its limits a helper does nothing.
    public static func apply() throws(HelperFailure) {
        let limits: [(UInt32, Int)] = [
            (RLIMIT_AS.rawValue, memoryBytes), (RLIMIT_CPU.rawValue, computingSeconds),
            (RLIMIT_CORE.rawValue, 0),
            // It writes no file, opens few, and starts nothing.
            (RLIMIT_FSIZE.rawValue, 0), (RLIMIT_NOFILE.rawValue, 16), (processes, 0),
        ]
        for (kind, most) in limits {
            var limit = rlimit(rlim_cur: rlim_t(most), rlim_max: rlim_t(most))
            guard setrlimit(__rlimit_resource_t(kind), &limit) == 0 else {
                throw .notStarted(String(cString: strerror(errno)))
            }
        }
    }
}
