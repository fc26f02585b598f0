import Basics
import DatabaseTesting
import Foundation
import TestSupport
import Testing

@testable import Core
@testable import ObjectStorage

/// Files that are too large for one request reach the object store whole, or leave nothing there.
struct BucketTests {
    private let store: ObjectStore
    private let bucket: Bucket
    private let folder: String
    private static let piece = 5 * 1_048_576

    init() throws {
        store = try ObjectStore()
        bucket = try Bucket(
            endpoint: store.endpoint, name: ObjectStore.bucket, region: ObjectStore.region,
            usesPathStyle: true,
            credentials: Bucket.Credentials(id: ObjectStore.id, secret: ObjectStore.secret),
            pieceBytes: Self.piece, waits: [0, 0], hash: { BucketAddress.Hash() })
        folder = try TestCluster.makeFolder()
    }

    private func file(_ bytes: Int) throws -> (path: String, content: [UInt8], sha256: String) {
        var content = [UInt8](repeating: 0, count: bytes)
        for index in stride(from: 0, to: bytes, by: 997) {
            content[index] = UInt8(index / 997 & 0xFF)
        }
        let path = folder + "/\(bytes)"
        try Data(content).write(to: URL(fileURLWithPath: path))
        return (path, content, hexadecimal(Digest.sha256(content)))
    }

    /// The store takes 8 MB in one request, and is busy once when the second piece comes.
    @Test func aLargeFileGoesInPiecesAndComesBackWhole() throws {
        for bytes in [Self.piece, Self.piece + 1, 3 * Self.piece, 3 * Self.piece + 12345] {
            let file = try file(bytes)
            try bucket.put(file.path, as: "alta/\(bytes)", sha256: file.sha256)
            let back = folder + "/back-\(bytes)"
            try bucket.get("alta/\(bytes)", to: back)
            #expect(try Array(Data(contentsOf: URL(fileURLWithPath: back))) == file.content)
        }
    }

    @Test func aFileThatIsNotWhatWasSummedUpLeavesNothing() throws {
        let file = try file(2 * Self.piece)
        let wrong = hexadecimal(Digest.sha256([1]))
        #expect(throws: BucketError.changed(path: file.path)) {
            try bucket.put(file.path, as: "alta/a", sha256: wrong)
        }
        #expect(try bucket.list(prefix: "alta/") == [])
    }

    @Test func aStoreThatDoesNotJoinThePiecesIsHeardAlthoughItSays200() throws {
        let file = try file(2 * Self.piece)
        #expect(throws: BucketError.refused(status: 200, code: "InvalidPart")) {
            try bucket.put(file.path, as: "alta/refuse-to-join", sha256: file.sha256)
        }
        #expect(try bucket.list(prefix: "alta/") == [])
    }
}
