/// What stands in one cell of a sheet.
public enum Cell: Sendable, Hashable {
    case empty
    /// Never read as a formula.
    case text(String)
    /// So many units of the last decimal: 12.50 is `.number(1250, decimals: 2)`.
    case number(Int, decimals: Int)
    /// A day of the Gregorian calendar from 1900 on.
    case day(year: Int, month: Int, day: Int)
}
