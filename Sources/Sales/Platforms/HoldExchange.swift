import Basics
import Core
import Database

// One exchanges with a platform at a time.

extension Transaction {
    /// Nil when there is no platform, or somebody exchanges with it at this moment.
    func beginExchange() throws -> PlatformConnection? {
        try first(
            """
            UPDATE platform_connections
            SET busy_until = \(now.adding(seconds: ExchangeFlows.leaseSeconds))
            WHERE organisation_id = \(organisation) AND is_active
                AND (busy_until IS NULL OR busy_until < \(now))
            RETURNING \(PlatformConnection.columns)
            """)
    }

    /// Until when somebody exchanges; nil where there is no platform to exchange with.
    func busyUntil() throws -> Instant? {
        try value(
            """
            SELECT busy_until FROM platform_connections
            WHERE organisation_id = \(organisation) AND is_active
            """)
    }

    /// For as long again, from now.
    func holdExchange() throws {
        try run(
            """
            UPDATE platform_connections
            SET busy_until = \(now.adding(seconds: ExchangeFlows.leaseSeconds))
            WHERE organisation_id = \(organisation)
            """)
    }

    func endExchange(_ problem: Text?) throws {
        try run(
            problem.map { problem in
                """
                UPDATE platform_connections SET busy_until = NULL,
                    problem = \(JSON(problem)),
                    failing_since = coalesce(failing_since, \(now))
                WHERE organisation_id = \(organisation)
                """
            } ?? """
                UPDATE platform_connections SET busy_until = NULL, problem = NULL,
                    failing_since = NULL, exchanged_at = \(now)
                WHERE organisation_id = \(organisation)
                """)
    }
}
