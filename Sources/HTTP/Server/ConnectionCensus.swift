/// Counts the open connections of a server over all its loops, in all and by network.
final class ConnectionCensus: Sendable {
    private struct Counts {
        var total = 0
        var byNetwork: [ClientNetwork: Int] = [:]
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
        let network = ClientNetwork(address)
        return counts.change(waking: false) { counts in
            let ofNetwork = counts.byNetwork[network, default: 0]
            guard counts.total < maxConnections,
                ofNetwork < maxPerAddress || exempt.contains(address)
            else { return false }
            counts.total += 1
            counts.byNetwork[network] = ofNetwork + 1
            return true
        }
    }

    /// Counts a connection out.
    func leave(_ address: String) {
        let network = ClientNetwork(address)
        counts.change { counts in
            counts.total -= 1
            let left = counts.byNetwork[network, default: 1] - 1
            counts.byNetwork[network] = left > 0 ? left : nil
        }
    }

    /// How many are open.
    var total: Int { counts.change(waking: false) { $0.total } }

    /// Waits until none is open; false when the deadline passed first.
    func waitUntilEmpty(deadline: Deadline) -> Bool {
        counts.wait(until: deadline) { $0.total == 0 }
    }
}
