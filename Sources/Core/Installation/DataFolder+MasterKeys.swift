import Basics
import FoundationEssentials
import Glibc

extension DataFolder {
    /// The key above those of the database, when it is neither drawn from the secret key nor kept elsewhere.
    public var masterKeyFile: String { path + "/master.key" }
    /// The one that is taking its place.
    public var nextMasterKeyFile: String { path + "/master.key.next" }
    /// The one before, which opens what a program sealed while it was being replaced.
    public var formerMasterKeyFile: String { path + "/master.key.former" }
    /// The same two of a key that is kept elsewhere, sealed: the next one with the current one, so that a
    /// program that runs knows both, the one before with the one that took its place.
    var sealedNextMasterKeyFile: String { path + "/master.key.next.sealed" }
    var sealedFormerMasterKeyFile: String { path + "/master.key.former.sealed" }

    /// The master key that seals first: the one that takes the place of the current one, where somebody is
    /// at it; then those that open. Without any other it is the secret key, as in installations from before.
    public func masterKeys(secretKey: [UInt8], handed: HandedKeys) throws -> [MasterKey] {
        let kept = try [nextMasterKeyFile, masterKeyFile, formerMasterKeyFile].filter(exists)
            .map(key(in:))
        let known = [handed.master].compactMap(\.self) + kept + [secretKey]
        let next = sealedKey(in: sealedNextMasterKeyFile, openedBy: known)
        let former = sealedKey(in: sealedFormerMasterKeyFile, openedBy: known)
        return ([next].compactMap(\.self) + known + [former].compactMap(\.self)).map {
            MasterKey($0)
        }
    }

    /// The next master key; drawn by the first call, so that a rotation that was broken off goes on with it.
    public func nextMasterKey() throws -> MasterKey {
        if !exists(nextMasterKeyFile) { try drawKey(nextMasterKeyFile) }
        return MasterKey(try key(in: nextMasterKeyFile))
    }

    /// From here on the next one is the current one.
    public func promoteNextMasterKey() throws {
        guard rename(masterKeyFile, formerMasterKeyFile) == 0 || errno == ENOENT,
            rename(nextMasterKeyFile, masterKeyFile) == 0
        else {
            throw InstallationError.folder(
                path: masterKeyFile, reason: String(cString: strerror(errno)))
        }
    }

    // MARK: kept elsewhere

    /// The next master key in a file outside of this folder; drawn by the first call. Programs that run know it
    /// from then on, if they know the current one.
    func nextMasterKey(in file: String, secretKey: [UInt8], handed: HandedKeys) throws -> MasterKey
    {
        guard !holds(file) else { throw InstallationError.keyBesideData(path: file) }
        let current = try handed.outermost ?? keptMasterKey() ?? secretKey
        let begun = sealedKey(in: sealedNextMasterKeyFile, openedBy: [current])
        if !exists(file) { try drawKey(file, begun ?? Random.bytes(DataFolder.secretKeyBytes)) }
        let next = try key(in: file)
        guard begun == nil || begun == next else {
            throw InstallationError.otherKeyBegun(path: file)
        }
        guard next != current else { return MasterKey(next) }
        try seal(current, with: next, in: sealedFormerMasterKeyFile)
        try seal(next, with: current, in: sealedNextMasterKeyFile)
        return MasterKey(next)
    }

    /// Once the next one is handed over, nothing that the one before opens may lead to it.
    func forgetSealedNextKey(when handed: HandedKeys) {
        guard let master = handed.master,
            let bytes = FileManager.default.contents(atPath: sealedNextMasterKeyFile),
            bytes.starts(with: MasterKey(master).fingerprint.utf8)
        else { return }
        unlink(sealedNextMasterKeyFile)
    }

    /// The master keys by their names in a backup, wherever they lie.
    func masterKeyContents(secretKey: [UInt8], handed: HandedKeys) throws
        -> [(name: String, bytes: [UInt8])]
    {
        func kept(_ file: String) throws -> [UInt8]? { exists(file) ? try key(in: file) : nil }
        let known = [handed.outermost, try keptMasterKey(), secretKey].compactMap(\.self)
        let former = try handed.master == nil ? kept(formerMasterKeyFile) : keptMasterKey()
        let keys: [(String, [UInt8]?)] = [
            (BackupManifest.masterKey, try handed.master ?? keptMasterKey()),
            (
                BackupManifest.nextMasterKey,
                try sealedKey(in: sealedNextMasterKeyFile, openedBy: known)
                    ?? kept(nextMasterKeyFile)
            ),
            (
                BackupManifest.formerMasterKey,
                sealedKey(in: sealedFormerMasterKeyFile, openedBy: known) ?? former
            ),
        ]
        return keys.compactMap { name, bytes in bytes.map { (name, $0) } }
    }

    private func keptMasterKey() throws -> [UInt8]? {
        exists(masterKeyFile) ? try key(in: masterKeyFile) : nil
    }

    /// Whether the file lies in this folder, by whatever way it is named.
    private func holds(_ file: String) -> Bool {
        let folder = file.lastIndex(of: "/").map { String(file[..<$0]) + "/" } ?? "."
        guard let real = realpath(folder, nil), let own = realpath(path, nil) else { return false }
        defer {
            free(real)
            free(own)
        }
        return (String(cString: real) + "/").hasPrefix(String(cString: own) + "/")
    }

    private static let place = Array("master key".utf8)

    /// Which key it is, and then the key, sealed.
    private func seal(_ key: [UInt8], with other: [UInt8], in file: String) throws {
        let sealed = MasterKey(other).seal(key, of: Self.place)
        try replace(file, with: Array(MasterKey(key).fingerprint.utf8) + sealed)
    }

    private func sealedKey(in file: String, openedBy keys: [[UInt8]]) -> [UInt8]? {
        guard let bytes = FileManager.default.contents(atPath: file) else { return nil }
        let sealed = Array(bytes.dropFirst(MasterKey.fingerprintBytes))
        for key in keys {
            if let opened = try? MasterKey(key).open(sealed, of: Self.place),
                opened.count == DataFolder.secretKeyBytes
            {
                return opened
            }
        }
        return nil
    }
}
