/// Counts the open connections of a server over all its loops, in all and by address.
final class ConnectionCensus: Sendable {
    private struct Counts {
        var total = 0
        var byAddress: [String: Int] = [:]
    }

    private let counts = Monitor(Counts())
    private let maxConnections: Int
    private let maxPerAddress: Int
    private let exempt: Set<String>

    init(_ configuration: HTTPServerConfiguration) {
        maxConnections = configuration.maxConnections
        maxPerAddress = configuration.maxConnectionsPerAddress
        // Behind a proxy every connection comes from the same address.
        exempt = configuration.trustedProxies
    }

    /// Counts a connection in; false when there are too many already.
    func admit(_ address: String) -> Bool {
        counts.change(waking: false) { counts in
            let ofAddress = counts.byAddress[address, default: 0]
            guard counts.total < maxConnections,
                ofAddress < maxPerAddress || exempt.contains(address)
            else { return false }
            counts.total += 1
            counts.byAddress[address] = ofAddress + 1
            return true
        }
    }

    /// Counts a connection out.
    func leave(_ address: String) {
        counts.change { counts in
            counts.total -= 1
            let left = counts.byAddress[address, default: 1] - 1
            counts.byAddress[address] = left > 0 ? left : nil
        }
    }

    /// How many are open.
    var total: Int { counts.change(waking: false) { $0.total } }

    /// Waits until none is open; false when the deadline passed first.
    func waitUntilEmpty(deadline: Deadline) -> Bool {
        counts.wait(until: deadline) { $0.total == 0 }
    }
}
