@testable import Database
import DatabaseTesting
import Glibc
import Synchronization
import Testing

@Suite struct ClusterTests {
    private func works(_ strings: Cluster.ConnectionStrings) throws -> Bool {
        try Connection(strings.runtime).value("SELECT 1") == 1
    }

    private func cluster(_ folder: String) -> Cluster {
        Cluster(folder: folder, settings: TestCluster.settings)
    }

    private func killAndWait(_ id: pid_t) {
        kill(id, SIGKILL)
        eventually("process \(id) does not die") { !ClusterProcess.isAlive(id) }
    }

    @Test func aKilledPostgreSQLStartsAgainAtOnce() throws {
        let own = try TestCluster()
        try Connection(own.strings.owner).runScript("CREATE TABLE kept (id int)")
        for _ in 1...3 {
            // A backend that is busy outlives its postmaster and holds the lock for a while.
            let busy = try Connection(own.strings.owner)
            let id = try #require(own.cluster.processID)
            killAndWait(id)
            let strings = try own.cluster.start()
            #expect(own.cluster.processID != id)
            #expect(try Connection(strings.owner).value("SELECT count(*) FROM kept") == 0)
            #expect(throws: DatabaseError.self) { try busy.run("SELECT 1") }
        }
        try own.cluster.stop()
        #expect(own.cluster.processID == nil)
    }

    @Test func aNumberThatNowBelongsToAStrangerDoesNotPreventTheStart() throws {
        let own = try TestCluster()
        let id = try #require(own.cluster.processID)
        killAndWait(id)
        let path = own.folder + "/data/postmaster.pid"
        let file = try #require(fopen(path, "r+"))
        // As after a restart of the machine: the number is taken, by this process for instance.
        fputs("\(getpid())\n", file)
        fclose(file)
        #expect(try works(own.cluster.start()))
        try own.cluster.stop()
    }

    @Test func aPostgreSQLThatStillRunsIsAdopted() throws {
        let own = try TestCluster()
        let id = try #require(own.cluster.processID)
        let said = Mutex<[String]>([])
        let next = Cluster(folder: own.folder, settings: TestCluster.settings) { line in
            said.withLock { $0.append(line) }
        }
        let strings = try next.start()
        #expect(next.processID == id && strings == own.strings)
        #expect(try works(strings))
        #expect(said.withLock { $0 } == ["PostgreSQL was running already (process \(id))"])
        // Two programs use it now: the first that leaves does not take it from the other.
        try own.cluster.stop()
        #expect(try works(strings))
        try next.stop()
        #expect(try databaseError { try works(strings) }.kind == .unavailable)
        #expect(kill(id, 0) != 0)
    }

    @Test func programsThatStartTogetherShareOne() throws {
        let folder = try TestCluster.makeFolder()
        let clusters = (1...3).map { _ in cluster(folder) }
        let failures = Mutex<[String]>([])
        inThreads(3) { number in
            do {
                let strings = try clusters[number].start()
                _ = try Connection(strings.runtime)
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(Set(clusters.map(\.processID)).count == 1)
        for cluster in clusters { try cluster.stop() }
        #expect(!Files.exists(folder + "/data/postmaster.pid"))
    }

    @Test func aLongFolderGetsAShortSocket() throws {
        let folder = try TestCluster.makeFolder()
        let long = folder + "/" + String(repeating: "long", count: 20)
        mkdir(long, 0o711)
        let cluster = cluster(long)
        let strings = try cluster.start()
        #expect(try works(strings))
        let socket = try #require(strings.runtime.split(separator: "'").dropFirst().first)
        #expect(!socket.hasPrefix(folder))
        var status = stat()
        #expect(stat(String(socket), &status) == 0 && status.st_mode & 0o777 == 0o700)
        try cluster.stop()
        #expect(!Files.exists(String(socket)))
    }

    @Test func strangersCannotEnter() throws {
        let folder = TestCluster.shared.folder
        for path in ["/data", "/run"] {
            var status = stat()
            #expect(stat(folder + path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        }
        let access = try #require(Files.text(folder + "/data/pg_hba.conf"))
        #expect(!access.contains("trust") && access.contains("local all all peer map=comptoir"))
        let owner = try Connection(TestCluster.shared.strings.owner)
        let addresses: String? = try owner.value("SELECT current_setting('listen_addresses')")
        #expect(addresses == "")
    }

    @Test func dataOfAnotherReleaseAreLeftAlone() throws {
        let folder = try TestCluster.makeFolder()
        mkdir(folder + "/data", 0o700)
        let file = try #require(fopen(folder + "/data/PG_VERSION", "w"))
        fputs("14\n", file)
        fclose(file)
        #expect(throws: ClusterError.versionDiffers(data: "14", programs: "15")) {
            try cluster(folder).start()
        }
    }

    @Test(.enabled(if: geteuid() == 0))
    func rootIsToldWhenPostgreSQLCannotReachTheFolder() throws {
        let folder = try TestCluster.makeFolder()
        chmod(folder, 0o700)
        #expect(throws: ClusterError.outOfReach(folder: folder, user: "postgres")) {
            try cluster(folder + "/cluster").start()
        }
    }

    @Test func aSettingThatPostgreSQLRefusesIsReportedInItsWords() throws {
        let folder = try TestCluster.makeFolder()
        let error = try #require(
            #expect(throws: ClusterError.self) {
                try Cluster(folder: folder, settings: ["shared_buffers": "many"]).start()
            })
        #expect(error.description.contains("shared_buffers"))
    }
}
