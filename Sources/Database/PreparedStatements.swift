/// The statements a connection has prepared, by text; the least recently used leave first.
struct PreparedStatements {
    struct Entry {
        let name: String
        let types: [SQLType]
        fileprivate var lastUse: Int
    }

    let limit: Int
    private var entries: [String: Entry] = [:]
    /// Names that the server still holds and the next round trip deallocates.
    private(set) var retired: [String] = []
    private var clock = 0
    private var nextNumber = 1

    /// `limit` statements stay prepared; more may for the length of one pipeline.
    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    /// The name of a statement already prepared for values of these types.
    mutating func name(for sql: SQL) -> String? {
        guard let index = entries.index(forKey: sql.text) else { return nil }
        let fits = entries.values[index].types.elementsEqual(sql.values.lazy.map(\.type))
        guard fits else { return nil }
        clock += 1
        entries.values[index].lastUse = clock
        return entries.values[index].name
    }

    /// A new name for a statement that is about to be prepared. Another one with the same text
    /// (and other types), or the one unused for longest, is retired.
    mutating func add(_ sql: SQL) -> Entry {
        remove(text: sql.text)
        while entries.count >= limit,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            remove(text: oldest.key)
        }
        clock += 1
        let entry = Entry(
            name: "s\(nextNumber)", types: sql.values.map(\.type), lastUse: clock)
        nextNumber += 1
        entries[sql.text] = entry
        return entry
    }

    /// The statement was not prepared after all; the server holds nothing of that name.
    mutating func forget(text: String, name: String) {
        if entries[text]?.name == name {
            entries[text] = nil
        } else {
            retired.removeAll { $0 == name }
        }
    }

    /// Deallocates the statement with the next round trip.
    mutating func remove(text: String) {
        guard let entry = entries.removeValue(forKey: text) else { return }
        retired.append(entry.name)
    }

    /// The server has let go of a retired name.
    mutating func released(_ name: String) { retired.removeAll { $0 == name } }

    /// The server refused a statement because its tables changed, or because it no longer has
    /// it (it was reset): start anew with all. Names are never used twice, so that one the
    /// server did keep cannot be mistaken for another.
    mutating func refuse(isUnknownToServer: Bool) {
        retired = isUnknownToServer ? [] : retired + entries.values.map(\.name)
        entries = [:]
    }
}
