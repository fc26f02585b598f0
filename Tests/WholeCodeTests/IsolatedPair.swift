import TestSupport
import Testing

/// Two organisations, each with a name that the other must never see; either is the curious one in turn.
struct IsolatedPair {
    struct Direction {
        /// One whose addresses and ids are known, and one whose people use them.
        let known: FilledOrganisation
        let curious: FilledOrganisation
        /// The name of the known one's client.
        let secret: String
    }

    let directions: [Direction]

    init() throws {
        let (first, second) = ("Verrerie Secrète", "Fonderie Cachée")
        let (glass, iron) = (
            try FilledOrganisation(clientName: first), try FilledOrganisation(clientName: second)
        )
        directions = [
            Direction(known: glass, curious: iron, secret: first),
            Direction(known: iron, curious: glass, secret: second),
        ]
    }
}

/// What a test of isolation tried, counted while it did.
struct IsolationFigures {
    /// What was asked, such as `pages`.
    let part: String
    private(set) var requests = 0
    private(set) var routes = Set<String>()
    private(set) var leaks = 0

    init(_ part: String) { self.part = part }

    mutating func asked(_ route: String) {
        requests += 1
        routes.insert(route)
    }

    /// Fails the test at that place where something leaked.
    mutating func expect(
        _ isKept: Bool, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        if !isKept { leaks += 1 }
        #expect(isKept, "\(name)", sourceLocation: sourceLocation)
    }

    /// `bin/test` collects such lines.
    func show() {
        print(
            "figure: isolation: \(part): \(requests) requests over \(routes.count) routes "
                + "in both directions, \(leaks) leaks")
    }
}
