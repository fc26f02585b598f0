import Basics
import Database

/// Bank details that an answer shows in full, noted when it leaves. For one thread.
final class BankDataShown {
    struct Shown {
        let kind: SubjectKind
        /// Nil of several.
        let id: UniqueID?
        let label: String
    }
    var shown: Shown?
}

extension Request {
    /// Says that the answer shows bank details of a record in full, or of several without `id`: the journal
    /// notes who read them.
    public func showsBankData(of kind: SubjectKind, _ id: UniqueID?, label: String) {
        let most = 200
        bankData.shown = BankDataShown.Shown(
            kind: kind, id: id, label: label.count > most ? label.prefix(most) + "…" : label)
    }
}

extension Transaction {
    /// For so long one entry says that somebody reads the same details from the same place: a page that is
    /// opened ten times in a morning, or a program that asks every minute, must not bury the others.
    private static let bankDataSeconds = 3600

    func note(_ read: BankDataShown.Shown) throws {
        let subject: SQL = read.id.map { "subject_id = \($0)" } ?? "subject_id IS NULL"
        let isNoted: Bool? = try value(
            """
            SELECT EXISTS (SELECT FROM journal_entries
                WHERE organisation_id = \(organisation) AND subject_kind = \(read.kind)
                    AND \(subject) AND action = \(Action.bankDataRead.name)
                    AND subject_label = \(read.label) AND address = \(scope.address)
                    AND actor_id IS NOT DISTINCT FROM \(scope.user?.id)
                    AND actor_name = \(scope.actorName)
                    AND recorded_at > \(now.adding(seconds: -Self.bankDataSeconds)))
            """)
        guard isNoted == false else { return }
        try record(.bankDataRead, read.kind, read.id, label: read.label)
    }
}

extension Action {
    static let bankDataRead = Action(
        "bank_data.read",
        Text("a consulté les coordonnées bancaires de", "read the bank details of"), icon: "eye",
        severity: .medium)
}
