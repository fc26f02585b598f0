import CCurl
import Glibc

/// Why an object store did not do what it was asked to. Each description says what a person can do.
public enum BucketError: Error, Sendable, CustomStringConvertible, Equatable {
    /// The store answered: the status of HTTP and its own word for it, such as `NoSuchBucket`.
    case refused(status: Int, code: String)
    case unreachable(reason: String)
    case file(path: String, reason: String)
    case address(String)
    /// An object has so many pieces at most.
    case tooLarge(bytes: Int)
    /// The file changed while it was sent.
    case changed(path: String)

    public var description: String {
        switch self {
        case .refused(let status, let code):
            "the object store refused (\(status)\(code.isEmpty ? "" : " \(code)"))"
        case .unreachable(let reason): "the object store does not answer: \(reason)"
        case .file(let path, let reason): "\(path): \(reason)"
        case .address(let text):
            "\(text) is no address of an object store: expected https://host, or http:// to a "
                + "machine of this network, without a path"
        case .tooLarge(let bytes):
            "\(bytes) bytes are more than an object store takes: back up to a folder"
        case .changed(let path): "\(path) changed while it was sent"
        }
    }
}

/// A SHA-256 that is computed piece by piece, by whoever has the library for it.
public protocol ContentHash: AnyObject {
    func add(_ bytes: [UInt8])
    /// In hexadecimal.
    func sum() -> String
}

/// A bucket of an object store that speaks S3. Requests are signed by libcurl (AWS Signature Version 4);
/// files go and come in bounded memory. Any number of threads may use it; each blocks.
///
/// Unlike `WebClient` it goes wherever the person who runs the program says, private networks included,
/// and follows no redirection.
public struct Bucket: Sendable {
    public struct Credentials: Sendable {
        public let id: String
        let secret: String
        public init(id: String, secret: String) {
            self.id = id
            self.secret = secret
        }
    }

    public struct Object: Sendable, Equatable {
        public let key: String
        public let bytes: Int
    }

    /// What is larger goes in pieces of so many bytes: a piece that fails is sent again alone, and S3
    /// takes 5 GB in one request.
    public static let pieceBytes = 256 * 1_048_576
    /// S3 joins so many pieces at most.
    static let mostPieces = 10_000

    /// The SHA-256 of a request without a body. Every request states one; libcurl would sign it and not
    /// send it.
    static let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    let url: String
    let pieceBytes: Int
    /// Seconds that a store which is busy or away is left alone before each further attempt.
    let waits: [UInt32]
    let newHash: @Sendable () -> any ContentHash
    let region: String
    let credentials: Credentials

    /// - Parameters:
    ///   - endpoint: `https://s3.eu-west-3.amazonaws.com`, without a path.
    ///   - usesPathStyle: whether the bucket stands in the path instead of the host's name.
    public init(
        endpoint: String, name: String, region: String, usesPathStyle: Bool,
        credentials: Credentials, pieceBytes: Int = Bucket.pieceBytes,
        waits: [UInt32] = [1, 5, 30],
        hash newHash: @escaping @Sendable () -> any ContentHash
    ) throws(BucketError) {
        self.newHash = newHash
        self.waits = waits
        self.pieceBytes = pieceBytes
        var endpoint = endpoint
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        let scheme = ["https://", "http://"].first { endpoint.hasPrefix($0) }
        guard let scheme, Bucket.isPlain(name), Bucket.isPlain(region) else {
            throw .address(endpoint)
        }
        let host = endpoint.dropFirst(scheme.count)
        guard !host.isEmpty, !host.contains(where: { "/?#@ ".contains($0) }) else {
            throw .address(endpoint)
        }
        url = usesPathStyle ? "\(scheme)\(host)/\(name)/" : "\(scheme)\(name).\(host)/"
        self.region = region
        self.credentials = credentials
    }

    /// Whether a text needs no encoding in an address, so that every reader signs the same.
    public static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || "-._/".utf8.contains(byte)
        }
    }

    /// Sends a file, a large one in pieces that the store joins. `sha256` of its content, in hexadecimal, is
    /// signed, so that the store refuses what was changed on the way; of pieces each is.
    public func put(_ path: String, as key: String, sha256: String) throws(BucketError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        let bytes = Int(lseek(file, 0, SEEK_END))
        guard bytes <= pieceBytes else {
            return try putPieces(of: file, path, bytes: bytes, as: key, sha256: sha256)
        }
        lseek(file, 0, SEEK_SET)
        let transfer = Transfer(reading: file)
        try perform(.put(bytes: bytes), url + key, sha256, transfer)
    }

    /// Fetches an object into a new file, which is removed again when it does not come whole.
    public func get(_ key: String, to path: String) throws(BucketError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        do {
            try perform(.get, url + key, Bucket.nothing, Transfer(writing: file))
        } catch {
            unlink(path)
            throw error
        }
    }

    public func delete(_ key: String) throws(BucketError) {
        try perform(.delete, url + key, Bucket.nothing, Transfer())
    }

    /// Every object whose key begins so.
    public func list(prefix: String) throws(BucketError) -> [Object] {
        var objects: [Object] = []
        var token: String?
        repeat {
            // The names in their order, because that is how they are signed.
            var query = "list-type=2&prefix=" + Bucket.encoded(prefix)
            if let token { query = "continuation-token=\(Bucket.encoded(token))&" + query }
            let transfer = Transfer()
            try perform(.get, url + "?" + query, Bucket.nothing, transfer)
            let page = ObjectPage(transfer.text)
            objects += page.objects
            token = page.next
        } while token != nil
        return objects
    }

    /// Percent-encoded as signatures want it.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = String(decoding: [byte], as: UTF8.self)
            if byte == UInt8(ascii: "~") { return character }
            if byte != UInt8(ascii: "/"), isPlain(character) { return character }
            let digits = Array("0123456789ABCDEF")
            return "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }

    private func failure(_ path: String) -> BucketError {
        .file(path: path, reason: String(cString: strerror(errno)))
    }
}

/// One page of a listing. Only keys that this program made are looked for, which hold nothing that XML
/// writes otherwise.
struct ObjectPage {
    let objects: [Bucket.Object]
    /// What asks for the page after it.
    let next: String?

    init(_ text: String) {
        objects = ObjectPage.contents("Contents", text).compactMap { part in
            guard let key = ObjectPage.contents("Key", part).first,
                let bytes = ObjectPage.contents("Size", part).first.flatMap({ Int($0) })
            else { return nil }
            return Bucket.Object(key: key, bytes: bytes)
        }
        let isCut = ObjectPage.contents("IsTruncated", text).first == "true"
        next = isCut ? ObjectPage.contents("NextContinuationToken", text).first : nil
    }

    /// What stands between `<name>` and `</name>`.
    static func contents(_ name: String, _ text: String) -> [String] {
        var found: [String] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "<\(name)>"),
            let end = rest[start.upperBound...].firstRange(of: "</\(name)>")
        {
            found.append(String(rest[start.upperBound..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return found
    }
}
