import Core
import Database

extension Transaction {
    /// Takes a client out of lists and suggestions. Its documents stay, and it can be restored.
    public func archiveClient(_ id: Client.ID) throws {
        let client = try client(id)
        guard !client.isArchived else { return }
        try run(
            """
            UPDATE clients SET archived_at = \(now), archived_by = \(scope.user?.id),
                version = version + 1
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try record(.clientArchived, .client, id.value, label: client.name)
    }

    public func restoreClient(_ id: Client.ID) throws {
        let client = try client(id)
        guard client.isArchived else { return }
        try client.refuseErased()
        try run(
            """
            UPDATE clients SET archived_at = NULL, archived_by = NULL, version = version + 1
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try record(.clientRestored, .client, id.value, label: client.name)
    }
}
