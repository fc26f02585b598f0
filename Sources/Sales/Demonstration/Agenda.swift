import Basics

/// What is still to happen, handed out in the order of time; at one moment, in the order of noting.
struct Agenda<Deed> {
    private struct Entry {
        var at: Instant
        var sequence: Int
        var deed: Deed

        func comes(before other: Entry) -> Bool {
            (at.microseconds, sequence) < (other.at.microseconds, other.sequence)
        }
    }

    /// A binary heap: each entry comes before the two at twice its place.
    private var heap: [Entry] = []
    private var noted = 0

    var count: Int { heap.count }

    mutating func note(_ deed: Deed, at moment: Instant) {
        noted += 1
        heap.append(Entry(at: moment, sequence: noted, deed: deed))
        var place = heap.count - 1
        while place > 0, heap[place].comes(before: heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func next() -> (at: Instant, deed: Deed)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.at, first.deed)
    }

    private mutating func sink() {
        var place = 0
        while true {
            let children = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
            guard let child = children.min(by: { heap[$0].comes(before: heap[$1]) }),
                heap[child].comes(before: heap[place])
            else { return }
            heap.swapAt(place, child)
            place = child
        }
    }
}
