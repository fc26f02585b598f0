import CPostgres

/// The values of one statement as libpq takes them: one buffer, and where each value begins.
/// One instance is used again for every statement of a connection, so that nothing is allocated.
struct Parameters {
    /// What the protocol can number.
    static let limit = 65_535

    private var buffer: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// Refuses what cannot be sent, before anything is.
    static func check(_ sql: SQL) throws {
        guard sql.values.count <= limit else {
            throw DatabaseError(
                .other, "\(sql.values.count) values in a statement; bind an array or copy instead")
        }
        if let position = sql.values.firstIndex(where: \.containsZeroByte) {
            var error = DatabaseError(
                .other, sqlState: "22021", "value \(position + 1) is a text with a zero byte")
            error.statement = sql.text
            throw error
        }
    }

    /// Packs the values and lends them for the duration of `body`: count, pointers, lengths in
    /// bytes, formats (0 text, 1 binary).
    mutating func with<Answer>(
        _ values: [SQLValue],
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
            UnsafePointer<Int32>?
        ) -> Answer
    ) -> Answer {
        pack(values)
        return buffer.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(
                of: UnsafePointer<CChar>?.self, capacity: max(1, offsets.count)
            ) { pointers in
                let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                for (position, offset) in offsets.enumerated() {
                    let pointer = offset < 0 ? nil : start! + offset
                    pointers.initializeElement(at: position, to: pointer)
                }
                return body(Int32(offsets.count), pointers.baseAddress, lengths, formats)
            }
        }
    }

    private mutating func pack(_ values: [SQLValue]) {
        buffer.removeAll(keepingCapacity: buffer.capacity <= Parameters.keptCapacity)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for value in values {
            var length = 0
            var format: Int32 = 0
            switch value.content {
            case .null:
                offsets.append(-1)
            case .text(let text):
                offsets.append(buffer.count)
                buffer.append(contentsOf: text.utf8)
                length = text.utf8.count
            case .bytes(let bytes):
                offsets.append(buffer.count)
                buffer.append(contentsOf: bytes)
                length = bytes.count
                format = 1
            }
            // Text is read up to a zero byte; bytes get one too, so that no pointer is outside.
            buffer.append(0)
            lengths.append(Int32(clamping: length))
            formats.append(format)
        }
    }

    /// A buffer that one large value blew up is given back.
    private static let keptCapacity = 1 << 20
}
