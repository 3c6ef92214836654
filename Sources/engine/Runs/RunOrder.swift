package import LaunchPlan
package import Linux
package import Model

/// A process that is to be made.
package struct RunOrder {
    /// What it does until it executes its program.
    package var plan: Plan
    /// The descriptors that the plan names.
    package var descriptors: [SharedDescriptor]
    /// Its standard streams.
    package var streams: StandardStreams
    /// Whom it is for.
    package var owner: RunOwner
    /// What the keeper keeps of it, for an engine which comes up: the ID of a container or exec.
    package var key: String
    /// Whose log takes its output; `nil` for none.
    package var log: ContainerID?
    /// Readable when the kernel may have killed for lack of memory.
    package var memory: SharedDescriptor?
    /// Whether a client listens from the first byte.
    package var isListening = false

    package init(
        plan: Plan, descriptors: [SharedDescriptor], streams: StandardStreams, owner: RunOwner, key: String
    ) {
        self.streams = streams
        self.plan = plan
        self.descriptors = descriptors
        self.owner = owner
        self.key = key
    }
}
