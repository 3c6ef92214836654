internal import UnitFiles

/// The job without a process that starts and stops the containers of a project together.
enum GroupJob {
    static func job(_ group: String, _ options: GeneratorOptions, header: [ByteString]) -> UpstartJob {
        var job = UpstartJob(header.map { .comment($0) })
        job.stanzas.append(.description(ByteString("containers of \(group)")))
        if options.boot == .no {
            job.stanzas.append(.manual)
        } else {
            job.stanzas.append(.startOn(ContainerJob.all(ContainerJob.bootEvents(options))))
        }
        job.stanzas.append(.stopOn(ContainerJob.any(ContainerJob.shutdownEvents(options))))
        return job
    }
}
