/// A refusal with the status that tells the client why.
public struct HTTPError: Error, Sendable, Equatable {
    /// The status of the answer: 4xx when the client is at fault, 5xx when we are.
    public let status: Int
    /// One plain English sentence, safe to show: it never repeats what the client sent.
    public let message: String

    /// - Parameters:
    ///   - status: 400 to 599.
    ///   - message: one sentence without input from the client.
    public init(status: Int, message: String) {
        self.status = status
        self.message = message
    }

    static func badRequest(_ message: String) -> HTTPError {
        HTTPError(status: 400, message: message)
    }

    static func tooLarge(_ message: String) -> HTTPError {
        HTTPError(status: 413, message: message)
    }
}

/// Why a server or a folder of files could not be set up: a port in use, a folder missing, a limit
/// that makes no sense. The operator reads the message.
public struct HTTPSetupError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence that names the address, the port or the folder.
    public let message: String

    /// - Parameter message: one sentence for the operator.
    public init(_ message: String) {
        self.message = message
    }

    /// The message itself.
    public var description: String { message }
}
