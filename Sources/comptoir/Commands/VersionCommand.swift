import Basics
import Core

/// `comptoir version`
enum VersionCommand {
    static let command = Command(
        words: ["version"], summary: "Print the version", options: [InstallationOptions.json]
    ) { arguments in
        Output.line(
            arguments[InstallationOptions.json]
                ? JSON.object([("version", .string(Comptoir.version))]).text
                : "comptoir \(Comptoir.version)")
        return 0
    }
}
