import Core
import Glibc
import Sales

/// What the program does when it started itself to read a hostile file: it takes limits upon itself,
/// reads standard input, and answers on standard output. No command for people.
enum HelperCommand {
    /// The exit code; nil when the first word is none of a helper.
    static func run(_ word: String) -> Int32? {
        let answer: ([UInt8]) -> [UInt8]
        switch word {
        case IsolatedReading.word: answer = IsolatedReading.answer(to:)
        case IsolatedReading.mailWord: answer = IsolatedReading.answer(toMail:)
        case IsolatedReading.statusWord: answer = IsolatedReading.answer(toStatus:)
        default: return nil
        }
        do { try ResourceLimits.apply() } catch { return 1 }
        return write(answer(standardInput())) ? 0 : 1
    }

    private static func standardInput() -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        // One byte too many is enough to be refused.
        while bytes.count <= InvoiceFile.maximumBytes {
            let count = read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(1, $0.baseAddress! + sent, bytes.count - sent)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
