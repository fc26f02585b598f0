import Glibc

/// Gives other processes a moment between two looks at them.
func pause() { usleep(10_000) }

/// Memory of this process that is in RAM.
func residentKilobytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 200)
    guard fgets(&line, 200, file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * 4
}

/// Runs `count` threads and waits for all of them.
func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    final class Task: Sendable {
        let number: Int
        let body: @Sendable (Int) -> Void
        init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.number = number
            self.body = body
        }
    }
    let threads = (0..<count).map { number in
        var thread = pthread_t()
        let task = Unmanaged.passRetained(Task(number, body)).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                let task = Unmanaged<Task>.fromOpaque(argument!).takeRetainedValue()
                task.body(task.number)
                return nil
            }, task)
        return thread
    }
    threads.forEach { pthread_join($0, nil) }
}
