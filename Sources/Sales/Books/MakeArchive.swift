import Archiving
import Basics
import Core
import FoundationEssentials
import Glibc

extension Books {
    /// Writes the file beside its place and moves it there when it is whole, so that a program that is
    /// killed leaves nothing that looks ready.
    static let archiving = JobKind(
        "invoice_archive.make",
        Text("Rassembler des factures dans un ZIP", "Gather invoices in a ZIP"),
        maximumAttempts: 3, lane: .drawing, address: { _ in "/books/archives" },
        givenUp: { job, application, reason in
            guard let id = job.subject else { return }
            try application.write(for: job.organisation) {
                try $0.end(ID(id), .failed, problem: reason)
            }
        },
        handler: { job, application in
            guard let id = job.subject else { throw JobFailure.permanent("no archive") }
            try ArchiveMaker(ID(id), job, application).run()
        })

    /// Days that files are kept for.
    static let archiveDays = 7
}

/// Makes the file of one archive.
private struct ArchiveMaker {
    /// Documents of one transaction: the journal's followers wait for it.
    private static let batch = 20

    let id: InvoiceArchive.ID
    let job: Job
    let application: Application

    init(_ id: InvoiceArchive.ID, _ job: Job, _ application: Application) {
        self.id = id
        self.job = job
        self.application = application
    }

    func run() throws {
        let archive = try write { try $0.invoiceArchive(id) }
        guard archive.state == .waiting else { return }
        try makeRoom()
        let part = archive.path(application) + ".\(job.attempts).part"
        defer { try? FileManager.default.removeItem(atPath: part) }
        try fill(ZIPFile(path: part), archive)
        let attributes = try FileManager.default.attributesOfItem(atPath: part)
        let size = (attributes[.size] as? UInt64).map { Int($0) } ?? 0
        try write { transaction in
            try transaction.end(id, .ready, size: size)
            try transaction.finish(job)
            guard rename(part, archive.path(application)) == 0 else {
                throw JobFailure.temporary("the file could not be moved to its place")
            }
        }
    }

    private func fill(_ file: ZIPFile, _ archive: InvoiceArchive) throws {
        var index = "\u{FEFF}" + CSV.line(ArchiveIndex.headings)
        var last: (Day, Invoice.ID)?
        var done = 0
        while true {
            let documents = try write { transaction in
                try transaction.keep(job)
                try transaction.note(id, done: done)
                return try transaction.archivedInvoices(
                    archive.days, after: last, most: Self.batch
                ).map { id in
                    let invoice = try transaction.invoice(id)
                    return (invoice, try transaction.keptDocument(of: invoice))
                }
            }
            guard let end = documents.last?.0 else { break }
            for (invoice, document) in documents {
                let name = ArchiveIndex.name(invoice)
                try file.add(name, document.content, seconds: seconds(invoice.issuedOn))
                index += CSV.line(ArchiveIndex.line(invoice, name, document.sha256))
            }
            done += documents.count
            last = end.issuedOn.map { ($0, end.id) }
        }
        try file.add(
            "index.csv", Array(index.utf8), isPacked: true,
            seconds: seconds(archive.days.upperBound))
        try file.close()
    }

    /// The same documents make the same bytes, whenever the file is made.
    private func seconds(_ day: Day?) -> Int { (day?.daysSince1970 ?? 0) * 86_400 }

    /// Files that were there to be fetched long enough leave.
    private func makeRoom() throws {
        let files = FileManager.default
        try files.createDirectory(
            atPath: application.archives, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let oldest = application.clock.now().adding(seconds: -Books.archiveDays * 86_400)
        for name in try files.contentsOfDirectory(atPath: application.archives) {
            let path = application.archives + "/" + name
            let changed = try? files.attributesOfItem(atPath: path)[.modificationDate] as? Date
            guard let changed, Int(changed.timeIntervalSince1970) < oldest.microseconds / 1_000_000
            else { continue }
            try? files.removeItem(atPath: path)
        }
    }

    private func write<T>(_ body: (Transaction) throws -> T) throws -> T {
        try application.write(for: job.organisation, body)
    }
}

/// The table of an archive's documents.
private enum ArchiveIndex {
    static let headings = [
        "numero", "type", "date", "echeance", "client", "devise", "net_ht", "tva", "total_ttc",
        "fichier", "sha256",
    ]

    static func line(_ invoice: Invoice, _ name: String, _ hash: String) -> [String] {
        func amount(_ amount: Amount) -> String {
            ScaledDecimal.plain(
                amount.minorUnits, decimals: invoice.currency.exponent, point: ",")
        }
        return [
            invoice.number ?? "", Language.french(invoice.kind.label), invoice.issuedOn?.iso ?? "",
            invoice.dueOn?.iso ?? "", invoice.clientName, invoice.currency.code,
            amount(invoice.totalNet), amount(invoice.totalVAT), amount(invoice.totalGross), name,
            hash,
        ]
    }

    /// `factures/F-2026-0001.pdf`; numbers may hold what file names may not.
    static func name(_ invoice: Invoice) -> String {
        let folder =
            switch invoice.kind {
            case .creditNote: "avoirs"
            case .deposit: "acomptes"
            default: "factures"
            }
        let number = String(
            (invoice.number ?? "").map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
        return "\(folder)/\(number).pdf"
    }
}
