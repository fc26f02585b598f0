import Basics

extension Surroundings {
    /// In which language commands speak that are about the whole installation: French where the system does.
    static var language: Language {
        let variables = ["LC_ALL", "LC_MESSAGES", "LANG"]
        let chosen = variables.lazy.compactMap(variable).first ?? ""
        return chosen.hasPrefix("fr") ? .french : .english
    }

    /// For the end of a help text.
    static let languageExplanation = "In French where LC_ALL, LC_MESSAGES or LANG begins with fr."
}
