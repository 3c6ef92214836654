public import JSONFormat
public import Model

/// The resource use of a container for `stats`. It holds two samples, as the client computes the share of the
/// processor.
public struct StatsAnswer: Sendable {
    private let container: ContainerSnapshot
    private let sample: StatsSample?
    private let previous: StatsSample?

    /// An answer from the last sample and the one before it; a container that does not run has neither.
    public init(_ container: ContainerSnapshot, sample: StatsSample?, previous: StatsSample?) {
        self.container = container
        self.sample = sample
        self.previous = previous
    }

    /// One element of the answer to `GET /containers/{id}/stats`.
    public var json: JSON {
        var answer: JSONObject = [
            "read": .string(Self.time(sample)), "preread": .string(Self.time(previous)),
            "pids_stats": pids, "blkio_stats": blocks, "num_procs": 0, "storage_stats": [:],
            "cpu_stats": Self.processor(sample), "precpu_stats": Self.processor(previous), "memory_stats": memory,
            "name": .string("/" + container.name.text), "id": .string(container.id.text),
        ]
        if let networks = sample?.networks, !networks.isEmpty {
            let members = networks.sorted { $0.key < $1.key }.map { ($0.key, Self.counters($0.value)) }
            answer.append("networks", .object(JSONObject(members)))
        }
        return .object(answer)
    }

    private static func time(_ sample: StatsSample?) -> String { sample?.time.rfc3339Nano ?? "0001-01-01T00:00:00Z" }

    private var pids: JSON {
        guard let sample else { return [:] }
        var answer: JSONObject = ["current": .integer(sample.pids)]
        if let limit = sample.pidsLimit { answer.append("limit", .integer(limit)) }
        return .object(answer)
    }

    /// With cgroups v1 what there is none of is an empty list, with v2 it is `null`, as with dockerd.
    private var blocks: JSON {
        func shown(_ counts: [StatsSample.BlockCount]?) -> JSON {
            guard let counts, !counts.isEmpty else { return sample?.blockRequests == nil ? nil : [] }
            return .array(
                counts.map { count in
                    [
                        "major": .integer(count.major), "minor": .integer(count.minor), "op": .string(count.operation),
                        "value": .integer(count.value),
                    ]
                })
        }
        var answer: JSONObject = [
            "io_service_bytes_recursive": shown(sample?.blockBytes),
            "io_serviced_recursive": shown(sample?.blockRequests),
        ]
        for name in ["io_queue", "io_service_time", "io_wait_time", "io_merged", "io_time", "sectors"] {
            answer.append(name + "_recursive", shown(nil))
        }
        return .object(answer)
    }

    private static func processor(_ sample: StatsSample?) -> JSON {
        var usage: JSONObject = [
            "total_usage": .integer(sample?.cpuTotal ?? 0), "usage_in_kernelmode": .integer(sample?.cpuSystem ?? 0),
            "usage_in_usermode": .integer(sample?.cpuUser ?? 0),
        ]
        if let sample, !sample.cpuPerProcessor.isEmpty {
            usage.append("percpu_usage", .array(sample.cpuPerProcessor.map { .integer($0) }))
        }
        var answer: JSONObject = ["cpu_usage": .object(usage)]
        if let sample {
            answer.append("system_cpu_usage", .integer(sample.machineCPU))
            answer.append("online_cpus", .integer(sample.onlineCPUs))
        }
        answer.append(
            "throttling_data",
            [
                "periods": .integer(sample?.periods ?? 0), "throttled_periods": .integer(sample?.throttledPeriods ?? 0),
                "throttled_time": .integer(sample?.throttledTime ?? 0),
            ])
        return .object(answer)
    }

    private var memory: JSON {
        guard let sample else { return [:] }
        var details = sample.memoryDetails
        if details["inactive_file"] == nil { details["inactive_file"] = sample.memoryInactiveFile }
        var answer: JSONObject = ["usage": .integer(sample.memoryUsage)]
        if sample.memoryMaximumUsage > 0 { answer.append("max_usage", .integer(sample.memoryMaximumUsage)) }
        answer.append(
            "stats", .object(JSONObject(details.sorted { $0.key < $1.key }.map { ($0.key, JSON.integer($0.value)) })))
        answer.append("limit", .integer(sample.memoryLimit))
        return .object(answer)
    }

    private static func counters(_ counters: StatsSample.NetworkCounters) -> JSON {
        [
            "rx_bytes": .integer(counters.receivedBytes), "rx_packets": .integer(counters.receivedPackets),
            "rx_errors": .integer(counters.receivedErrors), "rx_dropped": .integer(counters.receivedDropped),
            "tx_bytes": .integer(counters.sentBytes), "tx_packets": .integer(counters.sentPackets),
            "tx_errors": .integer(counters.sentErrors), "tx_dropped": .integer(counters.sentDropped),
        ]
    }
}
