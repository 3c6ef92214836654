package import LaunchPlan
package import Linux
package import Model

/// An order for a new process.
package struct RunOrder {
    /// Its operations until it executes its program.
    package var plan: Plan
    /// The descriptors that the plan names.
    package var descriptors: [SharedDescriptor]
    /// Its standard streams.
    package var streams: StandardStreams
    /// Owner of the run.
    package var owner: RunOwner
    /// ID of the container or exec, which the keeper keeps for a new engine.
    package var key: String
    /// The container whose log takes its output; `nil` for none.
    package var log: ContainerID?
    /// Descriptor that is readable when the kernel may have killed for lack of memory.
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
