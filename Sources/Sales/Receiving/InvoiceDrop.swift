import Basics
import Core
import Database
import EInvoice
import Glibc

/// Invoices from the command line: a file, or every file of a drop folder.
public enum InvoiceDrop {
    /// What became of one file.
    public struct Result: Sendable {
        public enum Outcome: String, Sendable { case received, known, refused }

        public let file: String
        public let outcome: Outcome
        /// The invoices that it holds, or why there is none.
        public let detail: Text
    }

    /// Where files go once they are dealt with, below the folder; in the language of nobody.
    static let receivedFolder = "received"
    static let refusedFolder = "refused"

    /// - Parameters:
    ///   - path: a file, or a folder whose files are taken one after the other, by name.
    ///   - moves: whether files of a folder go to `received` or `refused` within it, the latter with a
    ///     text that says why.
    /// - Throws: `Problem.invalid` with field `organisation`.
    public static func run(
        _ path: String, organisation: String, moves: Bool, pool: Pool, vault: Vault,
        now: Instant = .now,
        program: String = HelperProcess.ownProgram
    ) throws -> [Result] {
        let scope = try SalesImport.commandScope(
            organisation: organisation, pool: pool, vault: vault)
        let isFolder = isFolder(path)
        let files = isFolder ? names(in: path).map { "\(path)/\($0)" } : [path]
        return try files.map { file in
            let result = try take(
                file, isFolder ? .folder : .upload, program,
                note: { message, content in
                    try pool.transaction(scope, at: now) {
                        try $0.noteStatuses(message, content)
                    }
                },
                { incoming, channel in
                    try pool.transaction(scope, at: now) {
                        try $0.receiveInvoice(incoming, by: channel)
                    }
                })
            if moves, isFolder { try move(file, below: path, result) }
            return result
        }
    }

    private static func take(
        _ path: String, _ channel: ReceivedInvoice.Channel, _ program: String,
        note: (LifeCycleMessage, [UInt8]) throws -> Text,
        _ keep: (IncomingInvoice, ReceivedInvoice.Channel) throws -> (ReceivedInvoice, Bool)
    ) throws -> Result {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        do {
            let content = try InvoiceFile.contents(of: path)
            if LifeCycleMessage.isLikely(content) {
                let said = try IsolatedReading.message(of: content, by: program)
                return Result(file: name, outcome: .received, detail: try note(said, content))
            }
            let found = try IncomingFile(content, named: name, by: program, from: channel)
            guard !found.invoices.isEmpty else { throw found.refusal }
            let kept = try found.invoices.map { try keep($0, found.channel) }
            let labels = kept.map(\.0.journalLabel).joined(separator: "; ")
            let isNew = kept.contains { $0.1 }
            return Result(
                file: name, outcome: isNew ? .received : .known, detail: Text(labels, labels))
        } catch let refusal as UnreadableInvoice {
            return Result(file: name, outcome: .refused, detail: refusal.text)
        }
    }

    /// Moved within one folder, so a file is in one place or the other, whatever is killed when: a file
    /// that is still there is taken again, and found to be here already.
    private static func move(_ file: String, below folder: String, _ result: Result) throws {
        let place = result.outcome == .refused ? refusedFolder : receivedFolder
        let target = "\(folder)/\(place)"
        mkdir(target, 0o700)
        if result.outcome == .refused {
            let words = result.detail.french + "\n" + result.detail.english + "\n"
            try DataFolder.write(Array(words.utf8), to: "\(target)/\(result.file).txt")
        }
        guard rename(file, "\(target)/\(result.file)") == 0 else {
            throw Problem.conflict(
                Text(
                    "\(file) ne se déplace pas vers \(target).",
                    "\(file) cannot be moved to \(target)."))
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Of plain files, hidden ones and those still being written (`.part`, `.tmp`) left out.
    private static func names(in folder: String) -> [String] {
        guard let open = opendir(folder) else { return [] }
        defer { closedir(open) }
        var names: [String] = []
        while let entry = readdir(open) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                !name.hasPrefix("."), ![".part", ".tmp"].contains(where: name.hasSuffix)
            else { continue }
            names.append(name)
        }
        return names.sorted()
    }
}

extension Transaction {
    /// A message about invoices that nobody issued here is refused: it is for somebody else.
    fileprivate func noteStatuses(_ message: LifeCycleMessage, _ content: [UInt8]) throws -> Text {
        let known = try noteMessage(message, sha256: hexadecimal(Digest.sha256(content)))
        guard !known.isEmpty else {
            throw UnreadableInvoice(
                "Ce message de statut ne parle d’aucune facture émise ici.",
                "This status message names no invoice that was issued here.")
        }
        let numbers = known.map(\.number).joined(separator: ", ")
        return Text("Statuts de \(numbers)", "Statuses of \(numbers)")
    }
}

extension InvoiceFile {
    /// The bytes of a file of the disk.
    public static func contents(of path: String) throws(UnreadableInvoice) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let file = fopen(path, "rb")
        else {
            throw UnreadableInvoice(
                "Le fichier \(path) ne se lit pas.", "The file \(path) cannot be read.")
        }
        defer { fclose(file) }
        guard status.st_size <= maximumBytes else {
            throw UnreadableInvoice(tooLarge.french, tooLarge.english)
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
