import Core
import Testing

@Suite struct UsageTests {
    @Test func helpNamesEveryCommand() throws {
        let run = try CommandLineRun(["--help"])
        #expect(run.code == 0)
        for command in [
            "serve", "demo", "migrate", "user add", "import sales", "export", "invoice check",
            "invoice rules", "doctor",
            "statistics rebuild", "backup", "restore", "version", "verify", "audit recent",
            "user second-factor", "cleanup", "optimise", "slow-queries", "usage", "key recipient",
            "key list", "key rotate", "backup schedule", "backup list", "backup prune",
            "backup verify", "backup archive", "export database", "export organisation",
            "import organisation",
        ] {
            #expect(run.output.contains("\n  \(command) "), "\(command)")
        }
    }

    @Test(arguments: [
        ["serve"], ["demo"], ["migrate"], ["user", "add"], ["user", "list"], ["user", "password"],
        ["import", "sales"], ["export"], ["invoice", "check"], ["invoice", "rules"], ["doctor"],
        ["statistics", "rebuild"],
        ["backup"], ["restore"], ["version"], ["verify"], ["audit", "recent"],
        ["user", "second-factor"], ["cleanup"], ["optimise"], ["slow-queries"], ["usage"],
        ["key", "recipient"], ["key", "list"], ["key", "rotate"], ["backup", "schedule"],
        ["backup", "list"], ["backup", "prune"], ["backup", "verify"], ["backup", "archive"],
        ["export", "database"], ["export", "organisation"], ["import", "organisation"],
    ])
    func everyCommandExplainsItself(words: [String]) throws {
        let run = try CommandLineRun(words + ["--help"])
        #expect(run.code == 0)
        #expect(run.output.hasPrefix("Usage: comptoir \(words.joined(separator: " "))"))
        #expect(run.complaints.isEmpty)
    }

    @Test func theVersionIsThatOfTheProgram() throws {
        #expect(try CommandLineRun(["version"]).output == "comptoir \(Comptoir.version)\n")
        #expect(
            try CommandLineRun(["version", "--json"]).output
                == "{\"version\":\"\(Comptoir.version)\"}\n")
    }

    @Test(arguments: [
        ([], "say what to do"), (["nonsense"], "nonsense"), (["user"], "user add"),
        (["serve", "--port", "70000"], "--port"), (["serve", "--port"], "--port"),
        (["serve", "--address", "example.org"], "--address"), (["serve", "--fast"], "--fast"),
        (["migrate", "--check=yes"], "--check"), (["backup"], "TARGET"),
        (["backup", "a", "b"], "“b”"), (["user", "add", "nobody", "--name", "x"], "EMAIL"),
        (["user", "add", "a@b.example"], "--name"),
        (["backup", "schedule", "--daily", "25:00"], "--daily"),
        (["backup", "schedule", "--daily", "03:00"], "--to"),
        (["backup", "schedule", "--keep", "0d"], "--keep"),
        (["restore", "x", "--until", "yesterday"], "--until"),
        (["restore", "x", "--until", "end", "--key", "y"], "--key"),
        (["restore", "x", "--time-zone", "Europe/Paris"], "--until"),
        (["backup", "schedule", "--off", "--keep", "7d"], "--keep and --off"),
        (["backup", "schedule", "--region", "fr-par"], "s3://"),
        (["backup", "schedule", "--to", "x", "--daily", "03:00", "--path-style"], "s3://"),
        (["backup", "archive", "--off", "--to", "/x"], "exclude"),
        (["export", "clients", "--organisation", "x", "--json", "--format", "csv"], "exclude"),
        (["key", "recipient", "--remove", "--set", "x"], "exclude"),
        (["export", "database", "x", "--format", "xml"], "--format"),
        (["serve", "--database-url", "postgresql://me:secret@h/db"], "--database-url"),
    ])
    func wrongUsageNamesWhatIsWrongAndEndsWith2(words: [String], named: String) throws {
        let run = try CommandLineRun(words)
        #expect(run.code == 2)
        #expect(run.complaints.contains(named))
        #expect(run.complaints.contains("--help"))
        #expect(run.output.isEmpty, "standard output is for data")
    }

    @Test func aVariableOfTheEnvironmentIsCheckedLikeItsOption() throws {
        let run = try CommandLineRun(["serve"], environment: ["COMPTOIR_PORT": "many"])
        #expect(run.code == 2)
        #expect(run.complaints.contains("COMPTOIR_PORT"))
    }
}
