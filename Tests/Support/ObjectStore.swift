import Foundation

/// A real object store that checks signatures; see `object_store.py`.
public final class ObjectStore {
    public static let id = "test-id"
    public static let secret = "test-secret"
    public static let region = "fr-par"
    public static let bucket = "sauvegardes"

    private let server: ScriptedServer

    public init() throws { server = try ScriptedServer("object_store.py", []) }

    public var endpoint: String { "http://127.0.0.1:\(server.port)" }
}
