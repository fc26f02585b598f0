import FoundationEssentials
import Glibc

/// What the kernel says of this process, read when somebody asks.
struct ProcessGauges {
    var cpuSeconds: Double
    /// In bytes.
    var residentMemory: Int
    var openDescriptors: Int
    var mostDescriptors: Int
    /// Since 1970; nil when the kernel does not tell.
    var startedAt: Double?

    static func now() -> ProcessGauges {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessGauges(
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            residentMemory: residentPages * sysconf(Int32(_SC_PAGESIZE)),
            openDescriptors: descriptors,
            mostDescriptors: Int(clamping: limit.rlim_cur), startedAt: started)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }

    private static var residentPages: Int {
        let parts = read("/proc/self/statm").split(separator: " ")
        return parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    }

    private static var descriptors: Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Itself, its parent, and the descriptor by which it is read.
        return max(0, count - 3)
    }

    /// Never changes while the program runs.
    private static let started: Double? = {
        // The name of the program, in parentheses, may hold anything.
        let fields = read("/proc/self/stat").split(separator: ")").last?.split(separator: " ")
        let boot = read("/proc/stat").split(separator: "\n")
            .first { $0.hasPrefix("btime ") }?.split(separator: " ").last
        guard let fields, fields.count > 19, let ticks = Double(fields[19]),
            let bootSeconds = boot.flatMap({ Double($0) })
        else { return nil }
        return bootSeconds + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }()

    private static func read(_ path: String) -> String {
        FileManager.default.contents(atPath: path)
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
