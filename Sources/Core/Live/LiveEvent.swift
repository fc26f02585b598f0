import Basics

/// The counters as an open page hears of them: an event of the format of the HTML standard.
struct LiveEvent {
    let counters: [LiveCounter]
    let counts: [String: LiveCounter.Count]
    /// What happened, as the database told it.
    let happened: Set<String>

    /// For somebody of that role: what they may not see is not in it.
    func bytes(for role: Role, _ say: Language) -> [UInt8] {
        let allowed = counters.filter { role.allows($0.permission) }
        let numbers: [(String, JSON)] = allowed.compactMap { counter in
            counts[counter.name].map { count in
                (
                    counter.name,
                    ["text": .string(say.integer(count.number)), "urgent": .bool(count.isUrgent)]
                )
            }
        }
        let words = allowed.flatMap { counter in
            counter.says.filter { happened.contains($0.key) }.sorted { $0.key < $1.key }
                .map { say($0.value) }
        }
        let data: JSON = [
            "counters": .object(numbers), "said": .string(words.joined(separator: " ")),
        ]
        // JSON holds no line break, so this is one line.
        return Array("event: counters\ndata: ".utf8) + data.bytes + Array("\n\n".utf8)
    }

    /// How long a browser waits before it listens again, and what a proxy and a browser hear in
    /// between. Not the same for all: after a restart they would come back together.
    static func opening() -> [UInt8] {
        Array("retry: \(Int.random(in: 3_000...8_000))\n\n".utf8)
    }

    static let heartbeat = Array(":\n\n".utf8)
    static let heartbeatSeconds = 25.0
}
