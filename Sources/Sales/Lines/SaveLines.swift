import Basics
import Core
import Database

extension Transaction {
    /// Makes the lines of a document those given and answers their totals, which the document states.
    ///
    /// Lines that the document has already keep their identity; any other gets a new one, so that an id
    /// slipped into a form reaches no other document. What is invoiced of an order stays in it.
    public func saveLines(
        of owner: LineOwner, _ id: UniqueID, _ lines: [DocumentLine], in currency: Currency
    ) throws -> DocumentTotals {
        let stored = try self.lines(of: owner, id)
        try checkItems(of: lines, beside: stored)
        if owner == .order { try checkInvoiced(stored, lines) }
        let own = Set(stored.map(\.id))
        let kept = lines.map { line in
            guard !own.contains(line.id) else { return line }
            var line = line
            line.id = newID()
            return line
        }
        try replaceLines(of: owner, id, with: kept, in: currency)
        return DocumentTotals(kept, in: currency)
    }

    /// The lines of a document about to be made, each with an identity of its own.
    func newLines(_ lines: [DocumentLine]) throws -> [DocumentLine] {
        try checkItems(of: lines, beside: [])
        return lines.map { line in
            var line = line
            line.id = newID()
            return line
        }
    }

    private func checkItems(of lines: [DocumentLine], beside stored: [DocumentLine]) throws {
        let ids = Set(lines.compactMap(\.itemID)).subtracting(stored.compactMap(\.itemID))
        guard !ids.isEmpty else { return }
        let found: [UniqueID] = try values(
            """
            SELECT id FROM items
            WHERE organisation_id = \(organisation) AND id = ANY (\(Array(ids)))
            """)
        let unknown = ids.subtracting(found)
        guard let index = lines.firstIndex(where: { $0.itemID.map(unknown.contains) ?? false })
        else { return }
        throw Problem.invalid(
            LineDrafts.field(index, "item"),
            Text(
                "Cet article n’est pas au catalogue.", "This item is not in the catalogue."))
    }

    private func checkInvoiced(_ stored: [DocumentLine], _ lines: [DocumentLine]) throws {
        for before in stored where before.invoicedQuantity > .zero {
            guard let index = lines.firstIndex(where: { $0.id == before.id }) else {
                throw Problem.conflict(
                    Text(
                        "La ligne « \(before.label) » est déjà facturée : elle ne peut être retirée.",
                        "The line “\(before.label)” is already invoiced and cannot be removed."))
            }
            guard lines[index].quantity < before.invoicedQuantity else { continue }
            func least(_ say: Language) -> String { say.quantity(before.invoicedQuantity) }
            throw Problem.invalid(
                LineDrafts.field(index, "quantity"),
                Text(
                    "Déjà facturé : \(least(.french)). La quantité ne peut être plus petite.",
                    "Already invoiced: \(least(.english)). The quantity cannot be smaller."))
        }
    }
}
