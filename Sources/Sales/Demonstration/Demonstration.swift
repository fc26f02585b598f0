import Basics
import Core
import Database

/// A company with two years of business behind it, to try the program with.
public enum Demonstration {
    /// Creates it in a database without any organisation, and answers how to sign in. `today` is where
    /// its two years end; `progress` hears how much of how much is done.
    public static func create(
        in pool: Pool, passwords: PasswordHasher, today: Day,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [DemonstrationLogin] {
        throw Problem.conflict(
            Text(
                "La démonstration n’est pas encore écrite.",
                "The demonstration is not written yet."))
    }
}
