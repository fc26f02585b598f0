import Core
import Database

extension Transaction {
    /// The distinct texts of a column that begins, behind the organisation, an index of its table. It
    /// goes from each value to the next one, so that thousands of rows cost no more than their few
    /// values.
    func valuesInUse(of column: SQL, in table: SQL, most: Int) throws -> [String] {
        try values(
            """
            WITH RECURSIVE used (value) AS (
                (SELECT \(column) FROM \(table)
                WHERE organisation_id = \(organisation) AND \(column) > ''
                ORDER BY \(column) LIMIT 1)
                UNION ALL
                SELECT (SELECT \(column) FROM \(table)
                    WHERE organisation_id = \(organisation) AND \(column) > used.value
                    ORDER BY \(column) LIMIT 1)
                FROM used WHERE used.value IS NOT NULL
            )
            SELECT value FROM used WHERE value IS NOT NULL LIMIT \(most)
            """)
    }
}
