extension Request {
    /// Whether a page is there for this person: one that the program has, and that their role may
    /// open. Menus and lists of links ask it, so that none leads to a refusal.
    public func offers(_ path: String) -> Bool {
        let place = path.prefix { $0 != "?" && $0 != "#" }
        let segments = place.split(separator: "/").map(String.init)
        guard case .found(let route, _) = application.router.match(.get, segments) else {
            return false
        }
        return route.permission.map(may) ?? true
    }
}
