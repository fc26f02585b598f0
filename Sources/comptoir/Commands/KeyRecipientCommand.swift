import Basics
import Core
import FoundationEssentials
import Glibc

/// `comptoir key recipient`: for whom backups are encrypted. The private part is written once, to a file
/// that its owner takes away, and never kept here: this machine makes backups that it cannot read.
enum KeyRecipient {
    private static let create = Option<String>(
        "--create", "FILE", "Draw a new pair of keys, and write the private one to this new file.")
    private static let set = Option<String>(
        "--set", "FILE", "Use the public key of this PEM file, RSA of at least 3072 bits.")
    private static let passphrase = Flag(
        "--passphrase",
        "Protect the private key by a passphrase, from COMPTOIR_KEY_PASSPHRASE or asked for.")
    private static let remove = Flag(
        "--remove", "Name nobody: from now on whoever sees a backup can read it.")

    static let command = Command(
        words: ["key", "recipient"],
        summary: "Show, draw or set the key that backups are encrypted for",
        details: """
            Keep the private key on two other machines or media: without it no backup can be restored,
            with it everything can be read, the secret key of the installation too. Earlier backups
            stay with the key of their day.
            """,
        options: [
            InstallationOptions.data, create, set, passphrase, remove, InstallationOptions.json,
        ],
        run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let data = DataFolder(try arguments.settings().dataFolder)
        let changes = [arguments[create] != nil, arguments[set] != nil, arguments[remove]]
        guard changes.count(where: \.self) <= 1 else {
            throw UsageError("--create, --set and --remove exclude each other")
        }
        let before = try? data.recipient()
        if let file = arguments[create] {
            try make(file, data, hasPassphrase: arguments[passphrase])
        } else if let file = arguments[set] {
            let pem = try PEMFile.read(file)
            try data.make()
            try data.set(recipient: explaining(file) { try RecipientKey(pem: pem) })
        } else if arguments[remove] {
            unlink(data.recipientFile)
        }
        let key = try data.recipient()
        if let before, before != key {
            Output.complain("Earlier backups need the key \(hexadecimal(before.fingerprint)).")
        }
        show(key, isJSON: arguments[InstallationOptions.json])
        return 0
    }

    private static func make(_ file: String, _ data: DataFolder, hasPassphrase: Bool) throws {
        let words = hasPassphrase ? try Secret.newPassphrase() : nil
        try data.make()
        guard !DataFolder(file).path.hasPrefix(data.path + "/") else {
            throw Failure(
                "\(file) lies in the data folder: whoever loses this machine would lose the key "
                    + "of its backups with it")
        }
        let secret = try RecipientSecret()
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw Failure("\(file): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        try DataFolder.write(Array(secret.pem(passphrase: words).utf8), to: file)
        try data.set(recipient: secret.publicKey)
        Output.complain("The private key is in \(file) and nowhere else: take it away, twice.")
    }

    private static func show(_ key: RecipientKey?, isJSON: Bool) {
        if isJSON {
            let value: JSON = [
                "fingerprint": JSON(key.map { hexadecimal($0.fingerprint) }),
                "public_key": JSON(key?.pem),
            ]
            return Output.line(value.text)
        }
        guard let key else {
            return Output.line("Backups are not encrypted: no recipient is set.")
        }
        Output.line("Backups are encrypted for \(hexadecimal(key.fingerprint)).")
        Output.write(key.pem, to: STDOUT_FILENO)
    }
}

/// Files of keys that people name.
enum PEMFile {
    static func read(_ path: String) throws -> String {
        guard let bytes = readWholeFile(path, limit: RecipientKey.mostBytes) else {
            throw Failure("\(path) cannot be read, or is no file of a key")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The private key of `--key`; its passphrase is asked for when it has one.
    static func secret(_ path: String?) throws -> RecipientSecret? {
        guard let path else { return nil }
        let pem = try read(path)
        let words = RecipientSecret.isProtected(pem: pem) ? try Secret.passphrase() : nil
        return try explaining(path) { try RecipientSecret(pem: pem, passphrase: words) }
    }
}

/// Says of which file an error is.
private func explaining<T>(_ file: String, _ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let error as RecipientKeyError {
        throw Failure("\(file): \(error)")
    }
}
