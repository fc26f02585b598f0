extension Comptoir {
    /// The release, as `CHANGELOG.md` names it.
    public static let version = "0.2.0"
}
