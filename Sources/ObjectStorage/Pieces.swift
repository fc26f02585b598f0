import Glibc

// Files that are too large for one request: sent in pieces, which the store joins (S3 multipart upload).

extension Bucket {
    private static let readBytes = 1 << 20

    /// What was begun and could not be finished is taken back: stores charge for pieces that nobody joins.
    func putPieces(
        of file: Int32, _ path: String, bytes: Int, as key: String, sha256: String
    ) throws(BucketError) {
        guard (bytes + pieceBytes - 1) / pieceBytes <= Bucket.mostPieces else {
            throw .tooLarge(bytes: bytes)
        }
        let begun = Transfer()
        try perform(.post(bytes: 0), "\(url)\(key)?uploads=", Bucket.nothing, begun)
        guard let id = ObjectPage.contents("UploadId", begun.text).first, !id.isEmpty else {
            throw .unreachable(reason: "it names no upload")
        }
        let upload = "uploadId=" + Bucket.encoded(id).replacing("/", with: "%2F")
        do {
            try sendPieces(of: file, path, bytes: bytes, "\(url)\(key)", upload, sha256)
        } catch {
            try? perform(.delete, "\(url)\(key)?\(upload)", Bucket.nothing, Transfer())
            throw error
        }
    }

    private func sendPieces(
        of file: Int32, _ path: String, bytes: Int, _ address: String, _ upload: String,
        _ sha256: String
    ) throws(BucketError) {
        let whole = newHash()
        var parts = ""
        for (index, start) in stride(from: 0, to: bytes, by: pieceBytes).enumerated() {
            let count = min(pieceBytes, bytes - start)
            let sum = try sum(of: file, path, from: start, count, adding: whole)
            let tag = try sendPiece(
                of: file, from: start, count, "\(address)?partNumber=\(index + 1)&\(upload)", sum)
            parts += "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(tag)</ETag></Part>"
        }
        guard whole.sum() == sha256 else { throw .changed(path: path) }
        let list = Array("<CompleteMultipartUpload>\(parts)</CompleteMultipartUpload>".utf8)
        try again { () throws(BucketError) in
            let joined = Transfer(sending: list)
            try perform(.post(bytes: list.count), "\(address)?\(upload)", sum(of: list), joined)
            // The store says 200 before it begins to join, and what went wrong in the body.
            if let code = ObjectPage.contents("Code", joined.text).first {
                throw BucketError.refused(status: 200, code: String(code.prefix(100)))
            }
        }
    }

    /// Answers the store's own name for the piece.
    private func sendPiece(
        of file: Int32, from start: Int, _ count: Int, _ address: String, _ sha256: String
    ) throws(BucketError) -> String {
        try again { () throws(BucketError) in
            lseek(file, off_t(start), SEEK_SET)
            let transfer = Transfer(reading: file, most: count)
            try perform(.put(bytes: count), address, sha256, transfer)
            return transfer.entityTag
        }
    }

    /// What a store that is busy, or away for a moment, does not do at once is asked of it again.
    private func again<T>(_ body: () throws(BucketError) -> T) throws(BucketError) -> T {
        for wait in waits {
            do {
                return try body()
            } catch {
                switch error {
                case .unreachable: break
                case .refused(let status, _) where status >= 500: break
                default: throw error
                }
                sleep(wait)
            }
        }
        return try body()
    }

    private func sum(of bytes: [UInt8]) -> String {
        let hash = newHash()
        hash.add(bytes)
        return hash.sum()
    }

    private func sum(
        of file: Int32, _ path: String, from start: Int, _ count: Int, adding whole: any ContentHash
    ) throws(BucketError) -> String {
        let digest = newHash()
        var buffer = [UInt8](repeating: 0, count: Bucket.readBytes)
        var (position, left) = (start, count)
        while left > 0 {
            let got = pread(file, &buffer, min(buffer.count, left), off_t(position))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw .changed(path: path) }
            let bytes = Array(buffer[..<got])
            digest.add(bytes)
            whole.add(bytes)
            position += got
            left -= got
        }
        return digest.sum()
    }
}
