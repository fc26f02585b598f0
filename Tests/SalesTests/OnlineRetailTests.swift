import Basics
import Core
import Foundation
import TestSupport
import Testing

@testable import Sales

/// The real file, where it is at hand. Its figures are known: see its README.
@Suite struct OnlineRetailTests {
    static let shared =
        ProcessInfo.processInfo.environment["COMPTOIR_SHARED"]
        ?? TestDatabase.repository + "/../shared"
    static let file = shared + "/data/online-retail/online_retail.csv.xz"

    static var isThere: Bool {
        let isThere = FileManager.default.isReadableFile(atPath: file)
        if !isThere { print("Skipped: \(file) is absent.") }
        return isThere
    }

    @Test(.enabled(if: isThere))
    func halfAMillionLinesAddUpToThePennyAndAreGivenBackAsTheyWere() throws {
        let sample = try ImportSample()
        let result = try sample.run(file: Self.file)
        #expect(result.imported.lines + result.refused.lines == 541_909)
        #expect((result.imported.amount + result.refused.amount).minorUnits == 974_774_793)
        #expect(result.imported.documents + result.refused.documents == 25_900)
        #expect(result.known == .init())
        #expect(try sample.count("import_refusals") == result.refused.lines)

        let export = FileManager.default.temporaryDirectory
            .appending(path: "export-\(UniqueID.make(at: .now)).json")
        defer { try? FileManager.default.removeItem(at: export) }
        FileManager.default.createFile(atPath: export.path, contents: nil)
        let output = try FileHandle(forWritingTo: export)
        try SalesExport.run(
            organisation: sample.test.organisation.slug, kind: .documents, format: .json,
            pool: TestDatabase.pool
        ) { try output.write(contentsOf: $0) }
        try output.close()

        let comparison = Process()
        comparison.executableURL = URL(filePath: "/usr/bin/env")
        comparison.arguments = [
            "python3", TestDatabase.repository + "/Tests/Import/recompute.py", Self.file,
            export.path,
        ]
        try comparison.run()
        comparison.waitUntilExit()
        #expect(comparison.terminationStatus == 0, "every document as the file has it")
    }
}
