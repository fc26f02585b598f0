import Basics
import HTTP
import Markup

/// Everything by its words: records of all kinds, pages, and what can be created.
public enum Search: Capability {
    /// Each kind leads to its list, which has them all.
    static let resultsPerKind = 10
    static let suggestionsPerKind = 5
    /// What the index keeps of a word, and of how many, bounds what is worth reading.
    static let longestQuery = 300

    public static func routes(_ routes: inout Routes) {
        routes.get("search", .manageSelf, show)
        routes.get("search/suggest", .manageSelf, suggest)
    }

    static func show(_ request: Request) throws -> Reply {
        let words = words(request)
        let groups = try find(words, most: resultsPerKind, request)
        let page = SearchPage(words, groups, SearchAction.matching(words, request), request)
        return .page(page.page)
    }

    static func suggest(_ request: Request) throws -> Reply {
        let words = words(request)
        let groups = try find(words, most: suggestionsPerKind, request)
        let actions = SearchAction.matching(words, request).prefix(suggestionsPerKind)
        return .fragment(SearchSuggestions(groups, Array(actions), request).list)
    }

    private static func words(_ request: Request) -> String {
        String(PlainText.line(request.http.query["q"] ?? "").prefix(longestQuery))
    }

    private static func find(_ words: String, most: Int, _ request: Request) throws
        -> [SearchGroup]
    {
        let sources = request.application.capabilities.flatMap { $0.searchSources }
            .filter { request.may($0.permission) }
            .sorted { $0.kind.place < $1.kind.place }
        return try request.read { try $0.search(words, in: sources, most: most, request.say) }
    }
}

extension SubjectKind {
    /// Where its results stand: clients before their documents, mails at the end.
    fileprivate var place: Int { SubjectKind.allCases.firstIndex(of: self) ?? 0 }
}

/// A page to go to, or something to create.
struct SearchAction {
    let title: String
    let address: String
    let icon: StaticString

    /// Those whose words begin as the words typed do; all of them when nothing was typed.
    static func matching(_ words: String, _ request: Request) -> [SearchAction] {
        let typed = PlainText.folded(words).split(separator: " ")
        return all(request).filter { action in
            let words = PlainText.folded(action.title).split(separator: " ")
            return typed.allSatisfy { part in words.contains { $0.hasPrefix(part) } }
        }
    }

    private static func all(_ request: Request) -> [SearchAction] {
        let say = request.say
        let new = NewRecord.offered(to: request).map {
            SearchAction(title: say($0.title), address: $0.address, icon: $0.icon)
        }
        let sections = Section.allCases.filter { request.offers($0.address) }.map {
            SearchAction(
                title: say("Aller à : ", "Go to: ") + say($0.label), address: $0.address,
                icon: $0.icon)
        }
        let settings = SettingsFrame.Tab.allCases.filter { request.offers($0.address) }.map {
            SearchAction(
                title: say("Réglages : ", "Settings: ") + say($0.label), address: $0.address,
                icon: "settings")
        }
        let account = SearchAction(
            title: say("Mon compte, thème et mot de passe", "My account, theme and password"),
            address: "/account", icon: "user-round")
        return new + sections + settings + [account]
    }
}
