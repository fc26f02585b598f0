import Basics
import HTTP

/// The page that people start from: what needs attention today, and how things stand.
public enum HomePages: Capability {
    /// Entries of recent activity.
    static let recentEntries = 9

    public static func routes(_ routes: inout Routes) {
        routes.get("", .manageSelf, show)
    }

    static func show(_ request: Request) throws -> Reply {
        if let place = Section.onlyPlaces.first(where: request.shows) {
            throw Redirection(path: place.address)
        }
        let page = try request.read { transaction in
            var home = Home()
            for capability in request.application.capabilities {
                try capability.addToHome(&home, request, transaction)
            }
            return HomePage(
                home, try FirstSteps(transaction, request),
                request.may(.readJournal) ? try transaction.journal(most: recentEntries) : [],
                request)
        }
        return .page(page.page)
    }
}
