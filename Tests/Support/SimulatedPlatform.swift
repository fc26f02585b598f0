import Basics
import WebClient

/// An approved platform that does what it is told; see `approved_platform.py`.
public final class SimulatedPlatform {
    public static let clientID = "comptoir-test"
    public static let clientSecret = "s3cret & more"

    /// A flow that it holds.
    public struct Flow: Sendable {
        public let name: String
        public let syntax: String
        public let rule: String
        public let isIncoming: Bool
        public let content: [UInt8]
    }

    private let server: ScriptedServer

    public init() throws { server = try ScriptedServer("approved_platform.py") }

    public var flowURL: String { address("/flow-service") }
    public var tokenURL: String { address("/token") }

    private func address(_ path: String) -> String { "http://127.0.0.1:\(server.port)\(path)" }

    @discardableResult
    public func tell(_ order: JSON) throws -> JSON {
        guard let address = WebAddress(address("/simulate")) else {
            throw SinkFailed(reason: "no address")
        }
        let answer = try WebClient(allowsLoopback: true).post(
            address, headers: [("Content-Type", "application/json")], body: order.bytes,
            mostBytes: 50_000_000)
        guard answer.status == 200, let json = JSON(parsing: answer.body) else {
            throw SinkFailed(reason: String(decoding: answer.body, as: UTF8.self))
        }
        return json
    }

    public func flows() throws -> [Flow] {
        try (tell(["list": true]).array ?? []).map { flow in
            Flow(
                name: flow["name"]?.string ?? "", syntax: flow["flowSyntax"]?.string ?? "",
                rule: flow["processingRule"]?.string ?? "",
                isIncoming: flow["flowDirection"]?.string == "In",
                content: Base64.bytes(flow["content"]?.string ?? "") ?? [])
        }
    }

    public func deliver(
        _ content: [UInt8], type: String = "SupplierInvoice", syntax: String = "CII"
    )
        throws
    {
        try tell([
            "deliver": .string(Base64.text(content)), "type": .string(type),
            "syntax": .string(syntax),
        ])
    }
}
