import Basics
import Database

/// A column of secrets that are sealed with the keys of their organisation, or of the installation. Every
/// one is named by its capability, so that a rotation forgets none.
public struct SealedColumn: Sendable {
    public enum Belonging: Sendable { case organisation, installation }

    /// A secret as it stands there; `key` names its row.
    struct Value: Record, Sendable {
        var key: String
        var sealed: [UInt8]

        init(row: Row) throws {
            key = try row["key"]
            sealed = try row["sealed"]
        }
    }

    /// `webhooks.secret`, for people.
    let name: String
    let belonging: Belonging
    /// All secrets of an owner: `key` as text, and `sealed`.
    let select: @Sendable (Organisation.ID?) -> SQL
    /// What the secret of a row is bound to.
    let place: @Sendable (Organisation.ID?, String) -> [UInt8]
    /// Puts the second in place of the first, if it is still there.
    let update: @Sendable (Organisation.ID?, String, [UInt8], [UInt8]) -> SQL

    /// A column of a table of organisations.
    public init(
        _ name: String, select: @escaping @Sendable (Organisation.ID) -> SQL,
        place: @escaping @Sendable (Organisation.ID, String) -> [UInt8],
        update: @escaping @Sendable (Organisation.ID, String, [UInt8], [UInt8]) -> SQL
    ) {
        self.name = name
        belonging = .organisation
        @Sendable func known(_ organisation: Organisation.ID?) -> Organisation.ID {
            guard let organisation else { preconditionFailure("\(name) is of an organisation") }
            return organisation
        }
        self.select = { select(known($0)) }
        self.place = { place(known($0), $1) }
        self.update = { update(known($0), $1, $2, $3) }
    }

    /// A column of a table of the installation.
    init(
        ofInstallation name: String, select: SQL, place: @escaping @Sendable (String) -> [UInt8],
        update: @escaping @Sendable (String, [UInt8], [UInt8]) -> SQL
    ) {
        self.name = name
        belonging = .installation
        self.select = { _ in select }
        self.place = { place($1) }
        self.update = { update($1, $2, $3) }
    }
}
