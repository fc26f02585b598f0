import Basics
import Database

/// What `comptoir doctor` proves about the installation itself.
public enum Integrity: Capability {
    public static func routes(_ routes: inout Routes) {}

    public static let checks: [Check] = [
        Check.installation("schema.migrations", migrations).advising(
            Text(
                "Lancez « comptoir migrate » avec la version du programme qui va avec la base.",
                "Run “comptoir migrate” with the version of the program that goes with the database."
            )),
        Check.installation("schema.isolation", isolation).advising(
            Text(
                "Quelqu’un a changé le schéma à la main : restaurez une sauvegarde, ou rétablissez ALTER TABLE … FORCE ROW LEVEL SECURITY et sa politique.",
                "Somebody changed the schema by hand: restore a backup, or put ALTER TABLE … FORCE ROW LEVEL SECURITY and its policy back."
            )),
        Check.installation("schema.constraints", constraints).advising(
            Text(
                "Des lignes contredisent peut-être cette contrainte : ALTER TABLE … VALIDATE CONSTRAINT dit lesquelles.",
                "Rows may contradict this constraint: ALTER TABLE … VALIDATE CONSTRAINT tells which."
            )),
        .organisation("references.organisation", References.ofOrganisation),
        .installation("references.platform", References.ofPlatform),
        Check.installation("schema.indexes", indexes).mended(
            by: .installation(
                "indexes",
                Text(
                    "reconstruit les index inutilisables sans bloquer personne",
                    "rebuilds unusable indexes without holding anybody up")
            ) { owner in
                let optimisation = Optimisation(owner: owner)
                for step in try optimisation.brokenIndexes() { try optimisation.carryOut(step) }
            }),
        Check.installation("roles.runtime", runtimeRole).advising(
            Text(
                "Retirez ces pouvoirs au rôle du programme (ALTER ROLE, ALTER TABLE … OWNER TO).",
                "Take these powers from the role of the program (ALTER ROLE, ALTER TABLE … OWNER TO)."
            )),
    ]

    /// Most findings of one check that are worth reading.
    static let mostFindings = 20

    static func migrations(_ installation: InstallationUnderCheck) throws -> [Finding] {
        do {
            return try Migrations(installation.migrations).pending(on: installation.owner).map {
                Finding("migration \($0.title) has not run")
            }
        } catch let error as MigrationError {
            return [Finding(error.description)]
        }
    }

    /// Tables that precede an organisation or are read through functions only.
    private static let platformTables = [
        "jobs", "memberships", "sessions", "access_tokens", "search_entries", "recovery_codes",
        "password_resets", "custom_roles",
    ]

    static func isolation(_ installation: InstallationUnderCheck) throws -> [Finding] {
        let open: [String] = try installation.owner.values(
            """
            SELECT c.relname::text FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id'
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                AND NOT a.attisdropped AND c.relname <> ALL (\(platformTables))
                AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
                    SELECT FROM pg_policy p
                    WHERE p.polrelid = c.oid AND p.polname = 'organisation'))
            ORDER BY 1
            """)
        let readable: Bool? = try installation.runtime.value(
            "SELECT has_table_privilege(current_user, 'search_entries', 'SELECT')")
        let ownerRole = try role(of: installation.owner)
        let isOwner = try role(of: installation.runtime) == ownerRole
        return open.map { Finding("table \($0) lacks forced row-level security") }
            + (readable == true && !isOwner
                ? [Finding("the run-time role can read search_entries past the policies")] : [])
    }

    /// References and other constraints that hold for new rows only, or were switched off.
    static func constraints(_ installation: InstallationUnderCheck) throws -> [Finding] {
        let loose: [String] = try installation.owner.values(
            """
            SELECT c.conrelid::regclass || '.' || c.conname FROM pg_constraint c
            WHERE c.connamespace = 'public'::regnamespace AND NOT c.convalidated
            UNION ALL
            SELECT t.tgrelid::regclass || '.' || t.tgname FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::regnamespace
            WHERE t.tgenabled IN ('D', 'R')
            ORDER BY 1 LIMIT \(mostFindings)
            """)
        return loose.map { Finding("\($0) does not hold for every row") }
    }

    static func indexes(_ installation: InstallationUnderCheck) throws -> [Finding] {
        try Optimisation(owner: installation.owner).brokenIndexes().map {
            Finding("index \($0.name) is not valid and serves no statement")
        }
    }

    static func runtimeRole(_ installation: InstallationUnderCheck) throws -> [Finding] {
        let role = try role(of: installation.runtime)
        let powers: [String] = try installation.owner.values(
            """
            SELECT power FROM pg_roles r, LATERAL (VALUES
                (r.rolsuper, 'is a superuser'), (r.rolbypassrls, 'bypasses row-level security'),
                (r.rolcreaterole, 'may create roles'), (r.rolcreatedb, 'may create databases'),
                (r.rolreplication, 'may replicate')) AS powers (holds, power)
            WHERE r.rolname = \(role) AND holds
            """)
        // With one address for everything, owner and run-time role are the same by choice.
        let owned: [String] =
            try self.role(of: installation.owner) == role
            ? []
            : installation.owner.values(
                """
                SELECT relname::text FROM pg_class
                WHERE relowner = \(role)::regrole AND relkind IN ('r', 'p', 'v', 'm', 'S')
                    AND relpersistence <> 't'
                ORDER BY 1
                """)
        return powers.map { Finding("the run-time role \(role) \($0)") }
            + owned.map { Finding("the run-time role \(role) owns \($0)") }
    }

    private static func role(of connection: Connection) throws -> String {
        try connection.value("SELECT current_user::text") ?? ""
    }
}
