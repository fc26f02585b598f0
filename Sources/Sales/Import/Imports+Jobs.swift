import Basics
import Core
import Database

extension Imports {
    public static var jobs: [JobKind] { [checking, running, undoing] }

    static let checking = kind(
        "import.check", Text("Vérifier un import", "Check an import"), in: .checking
    ) { transaction, found, progress in
        _ = try transaction.checkImport(found, progress: progress)
    }

    static let running = kind(
        "import.run", Text("Importer un fichier", "Import a file"), in: .importing
    ) { transaction, found, progress in
        _ = try transaction.runImport(found, progress: progress)
    }

    static let undoing = kind(
        "import.undo", Text("Annuler un import", "Undo an import"), in: .undoing
    ) { transaction, found, _ in
        try transaction.undoImport(found)
    }

    private typealias Step = @Sendable (Transaction, Import, (Int) throws -> Void) throws -> Void

    private static func kind(
        _ name: String, _ label: Text, in state: Import.State, _ step: @escaping Step
    ) -> JobKind {
        JobKind(
            name, label, maximumAttempts: 5, address: { "/imports/\($0)" },
            givenUp: { job, application, reason in
                try fail(job, application, Text(reason, reason), from: state)
            },
            handler: { try carryOut($0, $1, in: state, step) })
    }

    /// The step and the end of its job commit together. A job that is run again after that finds the
    /// import in another state, and does nothing.
    private static func carryOut(
        _ job: Job, _ application: Application, in state: Import.State, _ step: Step
    ) throws {
        guard let subject = job.subject else { return }
        let id = Import.ID(subject)
        do {
            let found = try application.write(for: job.organisation) { try $0.importRecord(id) }
            guard found.state == state else { return }
            var noted = 0
            func progress(_ lines: Int) throws {
                guard lines / ImportLimits.progressLines != noted else { return }
                noted = lines / ImportLimits.progressLines
                // Beside the transaction, so that others see it.
                try application.write(for: job.organisation) { try $0.noteProgress(id, lines) }
            }
            try application.write(for: job.organisation, as: found.createdBy) { transaction in
                try transaction.lockImports()
                let found = try transaction.importRecord(id)
                guard found.state == state else { return }
                try step(transaction, found, progress)
                try transaction.finish(job)
            }
        } catch Problem.notFound {
            // Put aside meanwhile.
            return
        } catch Problem.invalid(let problems) {
            // What the file has wrong is wrong the next time too.
            try fail(job, application, problems.first?.message ?? Text("", ""), from: state)
        }
    }

    private static func fail(
        _ job: Job, _ application: Application, _ text: Text, from state: Import.State
    ) throws {
        guard let subject = job.subject else { return }
        try application.write(for: job.organisation) { transaction in
            _ = try transaction.run(
                """
                UPDATE imports SET fault = \(JSON(text)),
                    state = CASE WHEN \(state) = 'undoing' THEN 'finished' ELSE 'failed' END
                WHERE organisation_id = \(transaction.organisation) AND id = \(subject)
                    AND state = \(state)
                """)
        }
    }
}

extension Transaction {
    fileprivate func noteProgress(_ id: Import.ID, _ lines: Int) throws {
        try run(
            """
            UPDATE imports SET done_lines = \(lines)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }
}
