import Basics
import Glibc
import ObjectStorage

/// A bucket of an object store and the place in it, without what opens it.
public struct BucketAddress: Sendable, Equatable {
    /// `https://s3.fr-par.scw.cloud`
    public var endpoint: String
    public var region: String
    public var name: String
    /// Empty, or ending in a slash.
    public var prefix: String
    /// Whether the bucket stands in the path instead of the host's name.
    public var usesPathStyle: Bool
    /// The file with the two halves of the key; empty when they come from the environment.
    public var credentialsFile: String

    private static let mostBytes = 4096

    /// - Parameter text: `s3://bucket/prefix`; letters, digits, `.`, `-`, `_` and `/`.
    public init?(
        _ text: String, endpoint: String, region: String, usesPathStyle: Bool,
        credentialsFile: String
    ) {
        let start = "s3://"
        guard text.hasPrefix(start) else { return nil }
        let parts = text.dropFirst(start.count).split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var prefix = parts.count == 2 ? String(parts[1]) : ""
        while prefix.hasSuffix("/") { prefix.removeLast() }
        guard let name = parts.first.map(String.init), !name.isEmpty,
            Bucket.isPlain(name), Bucket.isPlain(prefix), !prefix.hasPrefix("/"),
            !prefix.contains("//")
        else { return nil }
        self.endpoint = endpoint
        self.region = region
        self.name = name
        self.prefix = prefix.isEmpty ? "" : prefix + "/"
        self.usesPathStyle = usesPathStyle
        self.credentialsFile = credentialsFile
    }

    public var text: String { "s3://\(name)/\(prefix)" }

    var json: JSON {
        [
            "address": .string(text), "endpoint": .string(endpoint), "region": .string(region),
            "path_style": .bool(usesPathStyle), "credentials": .string(credentialsFile),
        ]
    }

    init?(_ json: JSON) {
        guard let text = json["address"]?.string, let endpoint = json["endpoint"]?.string,
            let region = json["region"]?.string, let usesPathStyle = json["path_style"]?.bool,
            let credentials = json["credentials"]?.string
        else { return nil }
        self.init(
            text, endpoint: endpoint, region: region, usesPathStyle: usesPathStyle,
            credentialsFile: credentials)
    }

    /// The bucket with what opens it.
    public func bucket() throws -> Bucket {
        try Bucket(
            endpoint: endpoint, name: name, region: region, usesPathStyle: usesPathStyle,
            credentials: credentials(), hash: { Hash() })
    }

    /// What sums up pieces of files for the store.
    final class Hash: ContentHash {
        private let digest = RunningDigest()
        func add(_ bytes: [UInt8]) { digest.add(bytes) }
        func sum() -> String { hexadecimal(digest.finish()) }
    }

    private func credentials() throws -> Bucket.Credentials {
        guard !credentialsFile.isEmpty else {
            func variable(_ name: String) -> String {
                getenv(name).map { String(cString: $0) } ?? ""
            }
            let (id, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"))
            guard !id.isEmpty, !secret.isEmpty else { throw BackupError.noCredentials }
            return Bucket.Credentials(id: id, secret: secret)
        }
        var status = stat()
        guard stat(credentialsFile, &status) == 0,
            let bytes = readWholeFile(credentialsFile, limit: BucketAddress.mostBytes)
        else { throw BackupError.file(path: credentialsFile, reason: "cannot be read") }
        guard status.st_mode & 0o077 == 0 else {
            throw BackupError.file(
                path: credentialsFile,
                reason: "can be read by other users of this machine: chmod 600 it")
        }
        // As the tools of Amazon write it; the first profile counts.
        var found: [Substring: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].filter { $0 != " " }
            if found[Substring(name)] == nil {
                found[Substring(name)] = parts[1].filter { $0 != " " }
            }
        }
        guard let id = found["aws_access_key_id"], let secret = found["aws_secret_access_key"]
        else {
            throw BackupError.file(
                path: credentialsFile,
                reason: "names no aws_access_key_id and aws_secret_access_key")
        }
        return Bucket.Credentials(id: id, secret: secret)
    }
}
