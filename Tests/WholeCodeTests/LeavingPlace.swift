import Basics
import Database
import DatabaseTesting
import Foundation
import TestSupport

@testable import Core
@testable import Sales
@testable import comptoir

/// A folder for exports.
struct LeavingPlace {
    let folder: String

    init() throws { folder = try TestCluster.makeFolder() }

    func export(
        _ organisation: Organisation, from pool: Pool, _ name: String, vault: Vault? = nil
    ) throws -> ExportManifest {
        let schema = try ProgramFolder(TestDatabase.repository).migrations().count
        return try OrganisationExport(
            organisation, pool: pool, schema: schema,
            texts: capabilities.flatMap { $0.sealedTexts }, vault: vault ?? testVault(pool)
        )
        .write(to: folder + "/" + name, at: .now)
    }

    /// Every file of an export, by path.
    func names(in export: String) throws -> [String] {
        let all = try FileManager.default.subpathsOfDirectory(atPath: folder + "/" + export)
        return all.filter { $0.hasSuffix(".json") || $0.hasSuffix(".jsonl") || $0.utf8.count > 60 }
            .sorted()
    }

    func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }
}

/// Another installation, without anybody in it.
struct Elsewhere {
    let strings: Cluster.ConnectionStrings
    let pool: Pool
    let installation: Installation

    init(_ place: LeavingPlace) throws {
        strings = try TestDatabase.make()
        pool = Pool(connectionString: strings.runtime, size: 2)
        installation = try Installation(
            Installation.Settings(
                dataFolder: place.folder + "/elsewhere", databaseURL: strings.runtime,
                migrationDatabaseURL: strings.owner, home: TestDatabase.repository))
    }

    func take(_ source: String, as slug: String? = nil) throws -> ExportManifest {
        try OrganisationImport(installation, checks: capabilities.flatMap { $0.checks })
            .run(from: source, as: slug, unusable: "nobody", at: .now)
    }
}
