import HTTP
import Synchronization

/// Counts what is asked for and how long answers take. Written by every worker for every request: a
/// few additions to atomic numbers, without a lock and without memory.
final class RequestMeter: Sendable {
    /// Upper ends of the classes of durations, in microseconds; the last class has none.
    static let bounds = [
        1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        2_500_000, 5_000_000, 10_000_000,
    ]

    /// What answers are told apart by: none of them holds a path as it was sent.
    enum Face: String, CaseIterable {
        case pages, api, files, watching
    }

    /// One line of the table of routes.
    final class Series: Sendable {
        let method: String
        /// The pattern of the route, with its leading slash.
        let route: String
        let face: Face
        /// By the first digit of the status.
        let byClass = Counters(count: 6)
        let microseconds = Atomic(0)

        init(method: String, route: String, face: Face) {
            self.method = method
            self.route = route
            self.face = face
        }
    }

    /// By the number of the route.
    let pages: [Series]
    let api: [Series]
    /// What leads to no route: files, and paths that do not exist.
    let files = Series(method: "GET", route: "/assets", face: .files)
    let unknownPages = Series(method: "any", route: "none", face: .pages)
    let unknownAPI = Series(method: "any", route: "none", face: .api)
    let durations: [Counters]
    let durationSums = Counters(count: Face.allCases.count)
    let inFlight = Atomic(0)

    init(_ routes: [Routes.Route], _ apiRoutes: [APIRoute]) {
        pages = routes.map {
            Series(
                method: $0.method.rawValue, route: "/" + $0.pattern,
                face: $0.isBare ? .watching : .pages)
        }
        api = apiRoutes.map {
            Series(
                method: $0.operation.method.rawValue,
                route: Application.apiPath + "/" + $0.pattern, face: .api)
        }
        durations = Face.allCases.map { _ in Counters(count: Self.bounds.count + 1) }
    }

    var all: [Series] { pages + api + [files, unknownPages, unknownAPI] }

    func begin() { inFlight.add(1, ordering: .relaxed) }

    /// Notes an answer. `microseconds` from the last byte of the request, waiting for a worker included.
    func end(_ series: Series, status: Int, microseconds: Int) {
        inFlight.subtract(1, ordering: .relaxed)
        series.byClass.add(1, at: min(5, max(0, status / 100)))
        series.microseconds.add(microseconds, ordering: .relaxed)
        let face = series.face.place
        durationSums.add(microseconds, at: face)
        durations[face].add(1, at: Self.place(microseconds))
    }

    private static func place(_ microseconds: Int) -> Int {
        var place = 0
        while place < bounds.count, microseconds > bounds[place] { place += 1 }
        return place
    }
}

extension RequestMeter.Face {
    fileprivate var place: Int {
        switch self {
        case .pages: 0
        case .api: 1
        case .files: 2
        case .watching: 3
        }
    }
}

/// Numbers beside each other that any thread may add to.
///
/// Unchecked because the compiler cannot see that the memory is that of atomic numbers, made once and
/// given back with the last reference.
final class Counters: @unchecked Sendable {
    let count: Int
    private let numbers: UnsafeMutablePointer<Atomic<Int>>

    init(count: Int) {
        self.count = count
        numbers = .allocate(capacity: count)
        for place in 0..<count { (numbers + place).initialize(to: Atomic(0)) }
    }

    deinit {
        numbers.deinitialize(count: count)
        numbers.deallocate()
    }

    func add(_ amount: Int, at place: Int) {
        precondition(place >= 0 && place < count)
        numbers[place].add(amount, ordering: .relaxed)
    }

    var values: [Int] { (0..<count).map { numbers[$0].load(ordering: .relaxed) } }
}
