import Basics
import Database
import DatabaseTesting
import Synchronization
import TestSupport
import Testing

@testable import Core

struct KeyTests {
    private let test: TestApplication
    private let secret = Array("le mot de passe du courrier".utf8)

    init() throws { test = try TestApplication() }

    private var application: Application { test.application }
    private var place: [UInt8] { SMTPConfiguration.place(test.organisationID) }

    private func setPassword(_ sealed: [UInt8]) throws {
        try test.write { transaction in
            try transaction.run(
                """
                UPDATE organisations SET smtp_password = \(sealed)
                WHERE id = \(transaction.organisation)
                """)
        }
    }

    private func password() throws -> [UInt8] {
        try #require(try test.read { try $0.smtpConfiguration().sealedPassword })
    }

    private func rotate() throws -> KeyRotation {
        try application.rotateKeys(of: test.organisation)
    }

    @Test func aSecretOpensOnlyWhereItWasKeptAndUntouched() throws {
        let ring = try application.keys(of: test.organisationID)
        let sealed = try ring.seal(secret, for: place)
        #expect(try ring.open(sealed, for: place) == secret)
        let other = try TestApplication()
        #expect(throws: SecretBoxError.self) {
            try ring.open(sealed, for: SMTPConfiguration.place(other.organisationID))
        }
        let foreign = try other.application.keys(of: other.organisationID)
        #expect(throws: SecretBoxError.self) { try foreign.open(sealed, for: place) }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SecretBoxError.self) { try ring.open(changed, for: place) }
        }
    }

    @Test func theKeyOfAnOrganisationIsSealedAndAnotherMasterKeyOpensNothing() throws {
        let sealed = try application.keys(of: test.organisationID).seal(secret, for: place)
        let stranger = Vault(
            TestDatabase.pool, readMasters: { [MasterKey([UInt8](repeating: 8, count: 32))] },
            secretKey: [UInt8](repeating: 8, count: 32), clock: test.clock.clock)
        let ring = try stranger.ring(of: .organisation(test.organisationID))
        #expect(throws: SecretBoxError.self) { try ring.open(sealed, for: place) }
        #expect(throws: VaultError.self) { try ring.seal(secret, for: place) }
    }

    @Test func aRotationSealsEverySecretAnewAndTheOldKeyGoes() throws {
        let before = try application.keys(of: test.organisationID)
        let sealed = try before.seal(secret, for: place)
        try setPassword(sealed)
        let rotation = try rotate()
        #expect(rotation.secrets == 1 && rotation.removed == 0 && rotation.unreadable.isEmpty)
        // Another program that knew the old key as current saves a secret with it.
        let late = try before.seal(secret, for: place)
        try setPassword(late)
        test.clock.advance(seconds: Application.keyGraceSeconds + 1)
        try application.removeRetiredKeys()
        let after = try application.keys(of: test.organisationID)
        #expect(try after.open(password(), for: place) == secret, "it is not lost")
        #expect(try after.open(password(), for: place) == secret)
        #expect(after.isCurrent(try password()))
        #expect(throws: SecretBoxError.self) { try after.open(sealed, for: place) }
        #expect(try application.keySummaries(of: test.organisation).count == 1)
    }

    @Test func aRotationThatWasBrokenOffIsFinishedWithoutAnotherKey() throws {
        try setPassword(try application.keys(of: test.organisationID).seal(secret, for: place))
        let owner = KeyOwner.organisation(test.organisationID)
        try application.vault.on(owner) { connection in
            try connection.retireKey(of: owner, at: test.clock.now)
            try connection.makeKey(
                of: owner, sealedWith: application.vault.master, at: test.clock.now)
        }
        application.vault.forget()
        let ring = try application.keys(of: test.organisationID)
        #expect(try ring.open(password(), for: place) == secret, "both keys open meanwhile")
        let key = try application.keySummaries(of: test.organisation).first { !$0.isRetired }
        #expect(try rotate().secrets == 1)
        let left = try application.keySummaries(of: test.organisation)
        #expect(left.first { !$0.isRetired }?.id == key?.id)
    }

    @Test func aSecretFromBeforeThereWereKeysOpensAndIsSealedAnew() throws {
        try setPassword(application.vault.former.seal(secret, for: place))
        let ring = try application.keys(of: test.organisationID)
        #expect(try ring.open(password(), for: place) == secret)
        #expect(try rotate().secrets == 1)
        let after = try application.keys(of: test.organisationID)
        #expect(after.isCurrent(try password()))
        #expect(try after.open(password(), for: place) == secret)
    }

    @Test func aSecretThatNothingOpensStaysAsItIsAndIsNamed() throws {
        let foreign = [UInt8](repeating: 9, count: 60)
        try setPassword(foreign)
        let rotation = try rotate()
        #expect(rotation.unreadable == ["organisations.smtp_password"])
        #expect(try password() == foreign)
    }

    @Test func aProgramThatRunsGoesOnWhileTheMasterKeyIsReplaced() throws {
        let database = Pool(connectionString: try TestDatabase.make().runtime, size: 4)
        let first = MasterKey([UInt8](repeating: 1, count: 32))
        let second = MasterKey([UInt8](repeating: 2, count: 32))
        let known = SharedMasters([first])
        func application() throws -> Application {
            Application(
                pool: database, capabilities: TestApplication.core,
                assets: try TestApplication.assets.get(), secretKey: TestApplication.secretKey,
                masterKeys: { known.masters }, clock: test.clock.clock)
        }
        let (running, command) = (try application(), try application())
        let sealed = try running.ownKeys.seal(secret, for: place)
        known.masters = [first, second]
        #expect(try command.replaceMaster(by: second) == 1)
        #expect(try command.replaceMaster(by: second) == 0, "it is done once")
        known.masters = [second]
        running.vault.forget()
        #expect(try running.ownKeys.open(sealed, for: place) == secret)
        let old = Vault(
            database, readMasters: { [first] }, secretKey: TestApplication.secretKey,
            clock: test.clock.clock)
        #expect(throws: SecretBoxError.self) {
            try old.ring(of: .installation).open(sealed, for: place)
        }
    }

    @Test func twoProgramsThatAskFirstAtOnceAgreeOnOneKey() throws {
        let rings = try (0..<4).map { _ in
            Vault(
                TestDatabase.pool, readMasters: { [MasterKey(TestApplication.secretKey)] },
                secretKey: TestApplication.secretKey, clock: test.clock.clock)
        }.map { try $0.ring(of: .organisation(test.organisationID)) }
        let sealed = try rings.map { try $0.seal(secret, for: place) }
        #expect(Set(sealed.map { KeyRing.key(of: $0) }).count == 1)
        for ring in rings {
            for value in sealed { #expect(try ring.open(value, for: place) == secret) }
        }
    }
}

/// What stands in the data folder, as it changes.
private final class SharedMasters: Sendable {
    private let lock = Mutex<[MasterKey]>([])
    init(_ masters: [MasterKey]) { lock.withLock { $0 = masters } }
    var masters: [MasterKey] {
        get { lock.withLock { $0 } }
        set { lock.withLock { $0 = newValue } }
    }
}
