import Glibc

/// Root's rights, which are given up before an installation of somebody else's is touched: no file of
/// root's is left in it that its service could not read, and a fault of ours is not a fault of root's.
enum Privileges {
    /// Becomes the owner of the folder when that is not root. Does nothing for anybody but root, nor
    /// where there is no such folder. Throws `Failure` when it cannot be done.
    static func give(upToOwnerOf folder: String) throws {
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 else { return }
        guard let entry = getpwuid(status.st_uid) else {
            throw Failure("\(folder) belongs to user \(status.st_uid), who has no name here")
        }
        let name = String(cString: entry.pointee.pw_name)
        let (user, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        // Groups first: afterwards one may no longer.
        guard initgroups(name, group) == 0, setgid(group) == 0, setuid(user) == 0 else {
            throw Failure(
                "cannot become \(name), who owns \(folder): \(String(cString: strerror(errno)))")
        }
    }
}
