import Core
import Markup

/// The version of a record that a form was opened with.
enum EditedVersion {
    /// After a conflict the person has the other's change before them: saving again may then pass.
    static func input(_ current: Int, _ fields: FormFields) -> HTML {
        let isConflict = fields.problem("form") != nil
        let version = isConflict || fields["version"].isEmpty ? String(current) : fields["version"]
        return "<input type=\"hidden\" name=\"version\" value=\"\(version)\">"
    }
}
