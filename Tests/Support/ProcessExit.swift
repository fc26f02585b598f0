import Foundation

#if canImport(Glibc)
    import Glibc
#endif

extension Process {
    /// Waits for the end and answers the exit code, or the signal that ended it. Called once.
    ///
    /// Foundation waits for a socket to close, which other children started at the same moment may hold
    /// open: `waitUntilExit` then waits for all of them. The kernel is asked instead, and the child
    /// does not stay behind as a zombie: Swift Testing, while it waits for the process of an exit
    /// test, would look at nothing else.
    public func exitCode() -> Int32 {
        var info = siginfo_t()
        while waitid(P_PID, id_t(processIdentifier), &info, WEXITED) != 0 {
            if errno == EINTR { continue }
            // Foundation was quicker and knows the code.
            waitUntilExit()
            return terminationStatus
        }
        return info._sifields._sigchld.si_status
    }
}
