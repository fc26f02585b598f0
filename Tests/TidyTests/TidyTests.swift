import Foundation
import Testing

/// The rules of the house that a machine can read from the source files.
struct TidyTests {
    /// Files that are a table or a drawing by nature and read best in one piece.
    static let longByNature: Set<String> = []

    @Test func filesStayShortEnoughToReadInOneSitting() throws {
        for file in try SourceFile.all(under: "Sources") {
            let limit = file.isMachinery ? 400 : 250
            let isLong = file.lines.count > limit && !Self.longByNature.contains(file.path)
            #expect(!isLong, "\(file.path) has \(file.lines.count) lines, more than \(limit)")
        }
    }

    @Test func halfOfTheBusinessFilesHaveAtMostSeventyLinesMoreOrLess() throws {
        let counts = try SourceFile.all(under: "Sources").filter { !$0.isMachinery }
            .map(\.lines.count).sorted()
        try #require(!counts.isEmpty)
        #expect(counts[counts.count / 2] <= 120)
    }

    @Test func machineryKnowsNoBusinessAndNoOtherMachinery() throws {
        for file in try SourceFile.all(under: "Sources")
        where SourceFile.machinery.contains(file.module) {
            let others = SourceFile.machinery.subtracting([file.module])
                .union(["Core", "Sales", "comptoir"])
            for line in file.lines where line.hasPrefix("import ") {
                let name = line.split(separator: " ").last.map(String.init) ?? ""
                #expect(!others.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    @Test func typesAreNamedForWhatTheyAre() throws {
        let vague = ["Service", "Manager", "Helper", "Util", "Utils", "Impl", "DTO", "Controller"]
        for file in try SourceFile.all(under: "Sources") {
            for line in file.lines {
                guard let name = declaredType(in: String(line)) else { continue }
                #expect(
                    !vague.contains { name.hasSuffix($0) && name != $0 }, "\(file.path): \(name)")
            }
        }
    }

    @Test func migrationsFormOneSeriesWithoutGaps() throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: SourceFile.root + "/Migrations"
        ).filter { $0.hasSuffix(".sql") }.sorted()
        #expect(!names.isEmpty)
        for (index, name) in names.enumerated() {
            #expect(Int(name.prefix(4)) == index + 1, "\(name) is out of order")
        }
    }

    @Test func everyBusinessTableIsIsolated() throws {
        let platform: Set = [
            "organisations", "users", "memberships", "custom_roles", "sessions", "sign_in_failures",
            "journal_followers", "jobs", "search_entries", "access_tokens", "recovery_codes",
            "password_resets", "signing_keys", "installation_keys", "passkeys",
            "passkey_challenges",
        ]
        let folder = SourceFile.root + "/Migrations"
        let text = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .map { try String(contentsOfFile: folder + "/" + $0, encoding: .utf8) }.joined()
        for match in text.matches(of: /CREATE TABLE ([a-z_]+)/) {
            let table = String(match.1)
            let isIsolated = text.contains("CALL isolate('\(table)')")
            #expect(isIsolated != platform.contains(table), "\(table) needs one rule, not two")
        }
    }

    @Test func noPathOfAMachineStandsInTheRepository() throws {
        let folders = ["Sources", "Tests", "docs", "bin", "Resources"]
        let home = "/" + "home/"
        for folder in folders {
            for file in try SourceFile.all(
                under: folder, suffixes: [".swift", ".md", ".py", ".sh"])
            {
                #expect(!file.text.contains(home), "\(file.path) names a path of one machine")
            }
        }
    }

    private func declaredType(in line: String) -> String? {
        guard
            let match = line.firstMatch(
                of:
                    /^\s*(?:public |private |final |indirect )*(?:struct|class|enum|protocol|actor) (\w+)/
            )
        else { return nil }
        return String(match.1)
    }
}

/// A text file of the repository.
struct SourceFile {
    static let machinery: Set = [
        "Basics", "Markup", "HTTP", "Database", "Drawing", "EInvoice", "Mailer", "Spreadsheet",
        "WebClient", "FileKinds", "ObjectStorage", "WebAuthn",
    ]
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    let path: String
    let text: String
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    var isMachinery: Bool { Self.machinery.contains(module) || module == "DatabaseTesting" }

    static func all(under folder: String, suffixes: [String] = [".swift"]) throws -> [SourceFile] {
        let start = root + "/" + folder
        let names =
            FileManager.default.enumerator(atPath: start)?.compactMap { $0 as? String } ?? []
        return try names.filter { name in suffixes.contains { name.hasSuffix($0) } }.sorted().map {
            SourceFile(
                path: folder + "/" + $0,
                text: try String(contentsOfFile: start + "/" + $0, encoding: .utf8))
        }
    }
}
