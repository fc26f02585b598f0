/// Chance that repeats itself: dice of the same seed fall the same way on every machine and every day.
/// The algorithm is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
struct Dice {
    private var state: UInt64

    /// Every subject gets dice of its own, so that a change to one leaves the others as they were.
    init(_ subject: String, _ number: Int = 0) {
        // FNV-1a, because Swift's own hashing differs from run to run.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in subject.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        state = hash &+ UInt64(bitPattern: Int64(number)) &* 0x9e37_79b9_7f4a_7c15
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// True so many times in a hundred.
    mutating func hits(_ percent: Int) -> Bool { number(1...100) <= percent }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[number(0...choices.count - 1)]
    }

    /// The place of one of the weights, each as likely as it is heavy.
    mutating func place(among weights: [Int]) -> Int {
        var rest = number(1...weights.reduce(0, +))
        for (place, weight) in weights.enumerated() {
            rest -= weight
            if rest <= 0 { return place }
        }
        return weights.count - 1
    }

    mutating func pick<Choice>(_ choices: KeyValuePairs<Choice, Int>) -> Choice {
        choices[place(among: choices.map(\.value))].key
    }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var out = elements
        for place in out.indices.reversed().dropLast() { out.swapAt(place, number(0...place)) }
        return out
    }
}
