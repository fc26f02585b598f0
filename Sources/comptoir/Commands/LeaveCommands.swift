import Basics
import Core
import Database
import Sales

/// `comptoir export organisation`: everything of one organisation, to go elsewhere with.
enum OrganisationExportCommand {
    private static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name")
    private static let withPasswords = Flag(
        "--with-passwords",
        "Take the hashes of passwords along, so that people sign in there as here.")

    static let command = Command(
        words: ["export", "organisation"],
        summary: "Write everything of an organisation into a new folder or .tar file",
        details: """
            Lines of JSON for each table, documents as files, a manifest with checksums: another
            installation takes it in by comptoir import organisation, and anybody can read it
            (docs/leaving.md). May run while people work. Secrets stay behind; what has to be entered
            again is printed.
            """,
        operands: [Operand(name: "TARGET", help: "A folder that does not exist, or a .tar file")],
        options: InstallationOptions.all + [
            organisation, withPasswords, InstallationOptions.json,
        ], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let bar = Progress()
        let slug = try arguments.required(organisation)
        let manifest = try arguments.withInstallation { installation, pool in
            guard let organisation = try pool.withConnection({ try $0.organisation(slug: slug) })
            else { throw Failure("there is no organisation \(slug)") }
            let export = OrganisationExport(
                organisation, pool: pool, schema: try installation.program.migrations().count,
                texts: capabilities.flatMap { $0.sealedTexts },
                vault: try installation.vault(pool), withPasswords: arguments[withPasswords])
            let manifest = try export.write(
                to: arguments.operand(0) ?? "", at: .now,
                progress: { bar.show($0, of: $1, "tables") })
            let scope = Scope(organisation: organisation, user: nil, role: .owner)
            try pool.transaction(scope, at: .now) { try $0.noteExport(manifest) }
            return manifest
        }
        LeaveReport.print(manifest, arguments)
        return 0
    }
}

/// `comptoir import organisation`: what export organisation wrote comes in.
enum OrganisationImportCommand {
    private static let slug = Option<String>(
        "--as", "SLUG", "Its short name here, where it shall be another")
    private static let takesPasswords = Flag(
        "--with-passwords",
        "Let passwords that came along open accounts here: only of an export that you made yourself"
    )

    static let command = Command(
        words: ["import", "organisation"],
        summary: "Take in an organisation that export organisation wrote",
        details: """
            Checks every checksum, loads all or nothing, reads it back, and examines it as doctor does.
            Refuses an organisation that is here already. People keep the account that they have here;
            the others get one whose password they choose by “forgotten password”, or which comptoir
            user password sets. Whoever works in other organisations here waits meanwhile. Whoever was
            erased since the export is erased again.
            """,
        operands: [Operand(name: "SOURCE", help: "What export organisation has written")],
        options: InstallationOptions.all + [
            slug, takesPasswords, RestoreCommand.erasures, InstallationOptions.json,
        ],
        run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let bar = Progress()
        let source = arguments.operand(0) ?? ""
        var erased = try RestoreCommand.tombstones(source, arguments)
        let manifest = try arguments.withInstallation { installation, pool in
            erased.add(try Tombstones(file: installation.data.erasures))
            var count = 0
            let manifest = try OrganisationImport(
                installation, checks: capabilities.flatMap { $0.checks }
            ).run(
                from: source, as: arguments[slug], takesPasswords: arguments[takesPasswords],
                unusable: PasswordHasher().hash(Random.token()), at: .now,
                finish: { count = try EraseAgain.run(erased, in: $0) },
                progress: { bar.show($0, of: $1, "tables") })
            // Whom the export knows to be erased is on the list here, too.
            erased.add(try pool.withConnection { try Tombstones($0) })
            try erased.keep(in: installation.data.erasures)
            if count > 0 { Output.complain(RestoreReport.erasedAgain(count)) }
            // It came in clear, as it left.
            try Keys.application(installation, pool).sealTexts()
            return manifest
        }
        LeaveReport.print(manifest, arguments)
        return 0
    }
}

/// What both say at their end.
private enum LeaveReport {
    static func print(_ manifest: ExportManifest, _ arguments: Arguments) {
        if arguments[InstallationOptions.json] { return Output.line(manifest.json.text) }
        let rows = manifest.tables.reduce(0) { $0 + $1.rows }
        Output.line(
            "\(manifest.slug)\t\(manifest.tables.count) tables\t\(rows) rows\t"
                + "\(manifest.fileCount) files")
        for name in manifest.toEnterAgain { Output.line("to be entered again\t\(name)") }
    }
}
