import Basics
import Database

/// All measurements of one moment.
struct Metrics {
    private let application: Application
    private let now: Instant

    init(_ application: Application, at now: Instant) {
        self.application = application
        self.now = now
    }

    var text: String {
        var out = MetricsText()
        out.family("comptoir_build_info", .gauge, "The version that runs.") {
            $0.add(1, ["version": Comptoir.version])
        }
        requests(&out)
        server(&out)
        database(&out)
        process(&out)
        return out.text
    }

    private func requests(_ out: inout MetricsText) {
        let meter = application.meter
        out.family(
            "comptoir_http_requests_total", .counter,
            "Answers by route template, method and class of status."
        ) { samples in
            for series in meter.all {
                for (digit, count) in series.byClass.values.enumerated() where count > 0 {
                    samples.add(
                        count,
                        [
                            "face": series.face.rawValue, "method": series.method,
                            "route": series.route, "status": "\(digit)xx",
                        ])
                }
            }
        }
        out.family(
            "comptoir_http_route_seconds_total", .counter,
            "Time that the answers of a route took together."
        ) { samples in
            for series in meter.all {
                let microseconds = series.microseconds.load(ordering: .relaxed)
                guard microseconds > 0 else { continue }
                samples.add(
                    seconds(microseconds),
                    [
                        "face": series.face.rawValue, "method": series.method,
                        "route": series.route,
                    ])
            }
        }
        out.family(
            "comptoir_http_request_duration_seconds", .histogram,
            "From the last byte of a request to its answer, waiting for a worker included."
        ) { samples in
            let sums = meter.durationSums.values
            for (place, face) in RequestMeter.Face.allCases.enumerated() {
                samples.histogram(
                    bounds: RequestMeter.bounds.map(seconds),
                    counts: meter.durations[place].values, sum: seconds(sums[place]),
                    label: ("face", face.rawValue))
            }
        }
        out.single(
            "comptoir_http_requests_in_flight", .gauge,
            "Requests that handlers are answering, this one included.",
            meter.inFlight.load(ordering: .relaxed))
    }

    private func server(_ out: inout MetricsText) {
        guard let gauges = application.watch.settings.server?() else { return }
        out.single(
            "comptoir_http_open_connections", .gauge, "Connections that are open.",
            gauges.openConnections)
        out.single(
            "comptoir_http_requests_waiting", .gauge, "Requests that wait for a worker.",
            gauges.waitingRequests)
        out.single(
            "comptoir_http_requests_refused_total", .counter,
            "Requests refused before a handler saw them: unreadable, too large or one too many.",
            gauges.refusedRequests)
        out.single(
            "comptoir_http_upload_bytes", .gauge, "Bodies of requests that lie on the disk now.",
            gauges.uploadedBytes)
    }

    private func database(_ out: inout MetricsText) {
        let usage = application.pool.usage
        out.family(
            "comptoir_database_connections", .gauge, "Connections of the pool, by what they do."
        ) {
            $0.add(usage.open - usage.idle, ["state": "used"])
            $0.add(usage.idle, ["state": "idle"])
        }
        out.single(
            "comptoir_database_connections_limit", .gauge,
            "Connections that the pool opens at most.",
            application.pool.limit)
        let gauges = application.watch.databaseGauges(application.pool, at: now)
        out.single(
            "comptoir_database_up", .gauge, "Whether the database answered.", gauges == nil ? 0 : 1)
        guard let gauges else { return }
        out.single(
            "comptoir_database_size_bytes", .gauge, "Size of the database on the disk.", gauges.size
        )
        out.family("comptoir_jobs_waiting", .gauge, "Jobs to be done, now or later, by kind.") {
            for jobs in gauges.jobs { $0.add(jobs.waiting, ["kind": jobs.kind]) }
        }
        out.family("comptoir_jobs_failed", .gauge, "Jobs that failed for good, by kind.") {
            for jobs in gauges.jobs { $0.add(jobs.failed, ["kind": jobs.kind]) }
        }
        out.single(
            "comptoir_jobs_oldest_due_seconds", .gauge,
            "How long the job has waited that has been due for longest; 0 when none is due.",
            gauges.jobs.map(\.oldestSeconds).max() ?? 0)
        out.single(
            "comptoir_mails_waiting", .gauge, "Mails that have not left.", gauges.mailsWaiting)
        out.family(
            "comptoir_journal_follower_entries_behind", .gauge,
            "Entries of the journal that a follower has not seen, up to a thousand."
        ) {
            for follower in gauges.followers {
                $0.add(follower.entries, ["follower": follower.name])
            }
        }
        out.family(
            "comptoir_journal_follower_lag_seconds", .gauge,
            "Age of the first entry that a follower has not seen; 0 when it has seen all."
        ) {
            for follower in gauges.followers {
                $0.add(follower.seconds, ["follower": follower.name])
            }
        }
    }

    private func process(_ out: inout MetricsText) {
        let gauges = ProcessGauges.now()
        out.single(
            "process_cpu_seconds_total", .counter, "Time of processors that the program took.",
            gauges.cpuSeconds)
        out.single(
            "process_resident_memory_bytes", .gauge, "Memory that the program holds.",
            gauges.residentMemory)
        out.single(
            "process_open_fds", .gauge, "Files and connections that are open.",
            gauges.openDescriptors)
        out.single(
            "process_max_fds", .gauge, "Files and connections that may be open.",
            gauges.mostDescriptors)
        if let started = gauges.startedAt {
            out.single(
                "process_start_time_seconds", .gauge, "When the program began, since 1970.", started
            )
        }
    }

    private func seconds(_ microseconds: Int) -> Double { Double(microseconds) / 1_000_000 }
}
